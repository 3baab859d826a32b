package catalog

import (
	"cmp"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// snapshotOf returns what a deployment of an API serves, as the API is now. A stage
// serves the deployment that it names, whatever the API has since.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/updating-api.html
//
// It has the API's settings, "policy", "authorizers" with their IDs,
// "gatewayResponses", and "methods" in the order of their paths. A method has its
// "integration" and what it makes of the integration's answers, "responses". Names and
// values are the provider's, wherever they come from.
func snapshotOf(r *cloud.Request, api *cloud.Object) map[string]any {
	body, _ := readBody(api.Inputs.String("body"))
	methods := slices.Concat(body.methods(), methodsOf(r, api))
	slices.SortFunc(methods, func(a, b map[string]any) int {
		return cmp.Or(cmp.Compare(a["path"].(string), b["path"].(string)),
			cmp.Compare(a["method"].(string), b["method"].(string)))
	})
	snapshot := body.settings()
	for _, key := range words(`apiKeySource binaryMediaTypes disableExecuteApiEndpoint endpointConfiguration
		minimumCompressionSize policy`) {
		if api.Inputs.Has(key) {
			snapshot[key] = api.Inputs[key]
		}
	}
	if dedicated := r.Find(restAPIPolicyType, api.ID, r.Region); dedicated != nil {
		snapshot["policy"] = dedicated.Inputs.String("policy")
	}
	snapshot["methods"] = list(methods)
	snapshot["authorizers"] = list(slices.Concat(body.authorizers(),
		partsOf(r, authorizerType, "restApi", api.ID, words(`authorizerCredentials
			authorizerResultTtlInSeconds authorizerUri identitySource identityValidationExpression name providerArns
			type`))))
	snapshot["gatewayResponses"] = list(slices.Concat(body.gatewayResponses(),
		partsOf(r, gatewayResponseType, "restApiId", api.ID,
			words("responseParameters responseTemplates responseType statusCode"))))
	return snapshot
}

// partsOf returns some inputs, and the ID, of the objects of a type that belong to an
// API, which they name by a key.
func partsOf(r *cloud.Request, token, key, api string, inputs []string) []map[string]any {
	var all []map[string]any
	for _, o := range r.All(token) {
		if o.Inputs.String(key) == api {
			part := pick(o.Inputs, inputs)
			part["id"] = o.ID
			all = append(all, part)
		}
	}
	return all
}

// pick returns the given ones of some properties.
func pick(p cloud.Props, keys []string) map[string]any {
	picked := map[string]any{}
	for _, key := range keys {
		if p.Has(key) {
			picked[key] = p[key]
		}
	}
	return picked
}

// methodsOf returns the methods of an API that are objects of the account.
func methodsOf(r *cloud.Request, api *cloud.Object) []map[string]any {
	var all []map[string]any
	for _, method := range r.All(methodType) {
		in := method.Inputs
		if in.String("restApi") != api.ID {
			continue
		}
		served := pick(in, words("authorization authorizationScopes authorizerId resourceId requestParameters"))
		served["path"] = "/" + strings.TrimPrefix(pathOf(r, api.ID, in.String("resourceId")), "/")
		served["method"] = in.String("httpMethod")
		served["apiKeyRequired"] = in.Bool("apiKeyRequired")
		key := strings.TrimPrefix(method.ID, "agm")
		if i := r.Find(integrationType, "agi"+key, r.Region); i != nil {
			served["integration"] = pick(i.Outputs(), words(`connectionId connectionType contentHandling credentials
				integrationHttpMethod passthroughBehavior requestParameters requestTemplates timeoutMilliseconds
				tlsConfig type uri`))
		}
		served["responses"] = list(responsesOf(r, key))
		all = append(all, served)
	}
	return all
}

// responsesOf returns what a method makes of the answers of its integration. The key
// is the method's ID without its prefix.
func responsesOf(r *cloud.Request, key string) []map[string]any {
	var all []map[string]any
	for _, o := range r.All(integrationResponseType) {
		in := o.Inputs
		if o.ID == "agir"+key+"-"+in.String("statusCode") {
			all = append(all, pick(in, words(`contentHandling responseParameters responseTemplates selectionPattern
				statusCode`)))
		}
	}
	return all
}
