package catalog

import (
	"cmp"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// snapshotOf returns what a deployment of an API serves: its methods with what answers
// them, and its resource policy, as they are now. A stage serves the deployment that it
// names, whatever the API has since.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
func snapshotOf(r *cloud.Request, api *cloud.Object) map[string]any {
	methods := slices.Concat(bodyMethodsOf(api), methodsOf(r, api))
	slices.SortFunc(methods, func(a, b map[string]any) int {
		return cmp.Or(cmp.Compare(a["path"].(string), b["path"].(string)),
			cmp.Compare(a["method"].(string), b["method"].(string)))
	})
	served := make([]any, len(methods))
	for i, method := range methods {
		served[i] = method
	}
	policy := api.Inputs.String("policy")
	if dedicated := r.Find(restAPIPolicyType, api.ID, r.Region); dedicated != nil {
		policy = dedicated.Inputs.String("policy")
	}
	return map[string]any{"methods": served, "policy": policy}
}

// methodsOf returns the methods of an API that are objects of the account.
func methodsOf(r *cloud.Request, api *cloud.Object) []map[string]any {
	var all []map[string]any
	for _, method := range r.All(methodType) {
		in := method.Inputs
		if in.String("restApi") != api.ID {
			continue
		}
		served := map[string]any{
			"path":          "/" + strings.TrimPrefix(pathOf(r, api.ID, in.String("resourceId")), "/"),
			"method":        in.String("httpMethod"),
			"authorization": in.String("authorization"), "apiKeyRequired": in.Bool("apiKeyRequired"),
		}
		if i := r.Find(integrationType, "agi"+strings.TrimPrefix(method.ID, "agm"), r.Region); i != nil {
			served["integration"] = map[string]any{
				"type": i.Inputs.String("type"), "uri": i.Inputs.String("uri"),
				"connectionId": i.Inputs.String("connectionId"),
			}
		}
		all = append(all, served)
	}
	return all
}

// bodyMethodsOf returns the methods of an API that are in its OpenAPI document. It does
// not read who may call them.
func bodyMethodsOf(api *cloud.Object) []map[string]any {
	body, ok := readBody(api.Inputs.String("body"))
	if !ok {
		return nil
	}
	var all []map[string]any
	for _, o := range body.operations() {
		var integration struct {
			Type, URI    string
			ConnectionID string `yaml:"connectionId"`
		}
		_ = o.integration.Decode(&integration) // One of another shape answers nothing.
		all = append(all, map[string]any{
			"path": o.path, "method": o.method,
			"integration": map[string]any{
				"type": strings.ToUpper(integration.Type), "uri": integration.URI,
				"connectionId": integration.ConnectionID,
			},
		})
	}
	return all
}
