package catalog

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"private-api-blueprints/internal/openapi"
	"private-api-blueprints/sandbox/cloud"
)

// apiBody is what the account reads of the OpenAPI document of an API. JSON is YAML too.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
type apiBody struct {
	OpenAPI    string                          `yaml:"openapi"`
	Swagger    string                          `yaml:"swagger"`
	Paths      map[string]map[string]yaml.Node `yaml:"paths"`
	Policy     yaml.Node                       `yaml:"x-amazon-apigateway-policy"`
	KeySource  string                          `yaml:"x-amazon-apigateway-api-key-source"`
	MediaTypes []string                        `yaml:"x-amazon-apigateway-binary-media-types"`
	Responses  map[string]bodyResponse         `yaml:"x-amazon-apigateway-gateway-responses"`
	Components struct {
		Schemes map[string]bodyScheme `yaml:"securitySchemes"`
	} `yaml:"components"`
	Schemes map[string]bodyScheme `yaml:"securityDefinitions"` // In Swagger 2.0.
}

// bodyScheme is a security scheme of an OpenAPI document.
type bodyScheme struct {
	Type, Name string
	AuthType   string `yaml:"x-amazon-apigateway-authtype"`
	Authorizer *struct {
		Type           string   `yaml:"type"`
		URI            string   `yaml:"authorizerUri"`
		Credentials    string   `yaml:"authorizerCredentials"`
		IdentitySource string   `yaml:"identitySource"`
		Validation     string   `yaml:"identityValidationExpression"`
		TTL            *int     `yaml:"authorizerResultTtlInSeconds"`
		Providers      []string `yaml:"providerARNs"`
	} `yaml:"x-amazon-apigateway-authorizer"`
}

// bodyResponse is an answer in an OpenAPI document: one that API Gateway gives itself,
// or one that an integration gives.
type bodyResponse struct {
	Status          string            `yaml:"statusCode"`
	Parameters      map[string]string `yaml:"responseParameters"`
	Templates       map[string]string `yaml:"responseTemplates"`
	ContentHandling string            `yaml:"contentHandling"`
}

// bodyIntegration is the integration of an operation.
type bodyIntegration struct {
	Type, URI       string
	Method          string            `yaml:"httpMethod"`
	ConnectionID    string            `yaml:"connectionId"`
	ConnectionType  string            `yaml:"connectionType"`
	Credentials     string            `yaml:"credentials"`
	Timeout         int               `yaml:"timeoutInMillis"`
	Passthrough     string            `yaml:"passthroughBehavior"`
	ContentHandling string            `yaml:"contentHandling"`
	Parameters      map[string]string `yaml:"requestParameters"`
	Templates       map[string]string `yaml:"requestTemplates"`
	TLS             struct {
		Insecure bool `yaml:"insecureSkipVerification"`
	} `yaml:"tlsConfig"`
	Responses map[string]bodyResponse `yaml:"responses"`
}

// bodyOperation is an operation of an OpenAPI document.
type bodyOperation struct {
	method, path string
	Integration  yaml.Node             `yaml:"x-amazon-apigateway-integration"`
	Security     []map[string][]string `yaml:"security"`
	Auth         struct {
		Type string
	} `yaml:"x-amazon-apigateway-auth"`
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
			operation := bodyOperation{method: method, path: path}
			node := b.Paths[path][key]
			_ = node.Decode(&operation) // An operation of another shape has no integration.
			all = append(all, operation)
		}
	}
	return all
}

// settings returns the settings of the API that the document has.
func (b apiBody) settings() map[string]any {
	settings := map[string]any{"policy": ""}
	if len(b.MediaTypes) > 0 {
		settings["binaryMediaTypes"] = list(b.MediaTypes)
	}
	if b.KeySource != "" {
		settings["apiKeySource"] = b.KeySource
	}
	var policy any
	if b.Policy.Kind == yaml.MappingNode && b.Policy.Decode(&policy) == nil {
		text, _ := json.Marshal(policy) // What API Gateway cannot read admits nobody.
		settings["policy"] = string(text)
	}
	return settings
}

// schemes returns the security schemes of either version of OpenAPI.
func (b apiBody) schemes() map[string]bodyScheme {
	all := maps.Clone(b.Components.Schemes)
	if all == nil {
		all = map[string]bodyScheme{}
	}
	maps.Copy(all, b.Schemes)
	return all
}

// authorizers returns the authorizers of the document, whose IDs here are the names of
// their security schemes.
func (b apiBody) authorizers() []map[string]any {
	var all []map[string]any
	schemes := b.schemes()
	for _, name := range slices.Sorted(maps.Keys(schemes)) {
		scheme := schemes[name]
		a := scheme.Authorizer
		if a == nil {
			continue
		}
		source := a.IdentitySource
		if source == "" {
			source = "method.request.header." + scheme.Name
		}
		ttl := 300
		if a.TTL != nil {
			ttl = *a.TTL
		}
		all = append(all, map[string]any{
			"id": name, "name": name, "type": strings.ToUpper(a.Type), "authorizerUri": a.URI, "identitySource": source,
			"authorizerCredentials": a.Credentials, "identityValidationExpression": a.Validation,
			"authorizerResultTtlInSeconds": ttl, "providerArns": list(a.Providers),
		})
	}
	return all
}

// gatewayResponses returns the answers that API Gateway itself gives.
func (b apiBody) gatewayResponses() []map[string]any {
	var all []map[string]any
	for _, kind := range slices.Sorted(maps.Keys(b.Responses)) {
		answer := b.Responses[kind].props()
		answer["responseType"] = kind
		all = append(all, answer)
	}
	return all
}

// props returns an answer with the provider's names.
func (b bodyResponse) props() map[string]any {
	return map[string]any{
		"statusCode": b.Status, "responseParameters": textMap(b.Parameters), "responseTemplates": textMap(b.Templates),
		"contentHandling": b.ContentHandling,
	}
}

// textMap returns a map as JSON has it.
func textMap(m map[string]string) map[string]any {
	out := map[string]any{}
	for key, value := range m {
		out[key] = value
	}
	return out
}

// methods returns the methods of the document.
func (b apiBody) methods() []map[string]any {
	var all []map[string]any
	for _, o := range b.operations() {
		served := map[string]any{"path": o.path, "method": o.method}
		var integration bodyIntegration
		_ = o.Integration.Decode(&integration) // One of another shape answers nothing.
		served["integration"] = integration.props()
		var responses []map[string]any
		for _, pattern := range slices.Sorted(maps.Keys(integration.Responses)) {
			answer := integration.Responses[pattern].props()
			if pattern != "default" {
				answer["selectionPattern"] = pattern
			}
			responses = append(responses, answer)
		}
		served["responses"] = list(responses)
		maps.Copy(served, b.access(o))
		all = append(all, served)
	}
	return all
}

// props returns the integration with the provider's names.
func (i bodyIntegration) props() map[string]any {
	timeout := i.Timeout
	if timeout == 0 {
		timeout = 29000
	}
	return map[string]any{
		"type": strings.ToUpper(i.Type), "uri": i.URI, "integrationHttpMethod": i.Method,
		"connectionId": i.ConnectionID, "connectionType": i.ConnectionType, "credentials": i.Credentials,
		"timeoutMilliseconds": timeout, "passthroughBehavior": strings.ToUpper(i.Passthrough),
		"contentHandling": i.ContentHandling, "requestParameters": textMap(i.Parameters),
		"requestTemplates": textMap(i.Templates),
		"tlsConfig":        map[string]any{"insecureSkipVerification": i.TLS.Insecure},
	}
}

// access returns who may call an operation.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-auth.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-authtype.html
func (b apiBody) access(o bodyOperation) map[string]any {
	access := map[string]any{"authorization": "NONE", "apiKeyRequired": false}
	if strings.EqualFold(o.Auth.Type, "AWS_IAM") {
		access["authorization"] = "AWS_IAM"
	}
	schemes := b.schemes()
	for _, requirement := range o.Security {
		for _, name := range slices.Sorted(maps.Keys(requirement)) {
			scheme := schemes[name]
			switch {
			case strings.EqualFold(scheme.AuthType, "awsSigv4"):
				access["authorization"] = "AWS_IAM"
			case scheme.Authorizer != nil:
				access["authorizerId"], access["authorization"] = name, "CUSTOM"
				if strings.EqualFold(scheme.Authorizer.Type, "cognito_user_pools") {
					access["authorization"] = "COGNITO_USER_POOLS"
				}
			case scheme.Type == "apiKey":
				access["apiKeyRequired"] = true
			}
		}
	}
	return access
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
		if o.Integration.IsZero() {
			return noIntegration.With(o.method)
		}
	}
	return nil
}
