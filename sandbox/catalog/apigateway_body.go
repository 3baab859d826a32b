package catalog

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"private-api-blueprints/internal/openapi"
	"private-api-blueprints/sandbox/cloud"
)

// apiBody is what the account reads of the OpenAPI document of an API. JSON is YAML too.
type apiBody struct {
	OpenAPI string                          `yaml:"openapi"`
	Swagger string                          `yaml:"swagger"`
	Paths   map[string]map[string]yaml.Node `yaml:"paths"`
	Policy  yaml.Node                       `yaml:"x-amazon-apigateway-policy"`
}

// bodyOperation is an operation of an OpenAPI document.
type bodyOperation struct {
	method, path string
	integration  yaml.Node
}

// readBody returns the OpenAPI document of an API. It reports whether API Gateway
// could read it.
func readBody(text string) (apiBody, bool) {
	var body apiBody
	err := yaml.Unmarshal([]byte(text), &body)
	return body, err == nil && (strings.HasPrefix(body.OpenAPI, "3.0") || body.Swagger == "2.0")
}

// operations returns the operations in the order of their paths and keys.
func (b apiBody) operations() []bodyOperation {
	var all []bodyOperation
	for _, path := range slices.Sorted(maps.Keys(b.Paths)) {
		for _, key := range slices.Sorted(maps.Keys(b.Paths[path])) {
			method := openapi.Method(key)
			if method == "" {
				continue
			}
			var operation struct {
				Integration yaml.Node `yaml:"x-amazon-apigateway-integration"`
			}
			node := b.Paths[path][key]
			_ = node.Decode(&operation) // An operation of another shape has no integration.
			all = append(all, bodyOperation{method, path, operation.Integration})
		}
	}
	return all
}

// checkBody refuses a document that is not OpenAPI.
func checkBody(r *cloud.Request) error {
	if text := r.Inputs.String("body"); text != "" {
		if _, ok := readBody(text); !ok {
			return badRequest("Invalid OpenAPI input.",
				"https://docs.aws.amazon.com/apigateway/latest/developerguide/import-errors-models.html").With()
		}
	}
	return nil
}

// checkBodyDeployment refuses a document that cannot be deployed as it is.
func checkBodyDeployment(body apiBody) error {
	operations := body.operations()
	if len(operations) == 0 {
		return noMethods.With()
	}
	for _, o := range operations {
		if o.integration.IsZero() {
			return noIntegration.With(o.method)
		}
	}
	return nil
}
