package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var apiDefaultEndpointOff = &rule.Rule{
	ID:    "api-default-endpoint-off",
	Title: "An API without its default endpoint has a custom domain",
	Why: `With disableExecuteApiEndpoint an API refuses every call to its execute-api name, through a
VPC endpoint too. Then only custom domains lead to it. If no mapping of a domain names the API,
nobody can call it: the deployment succeeds, and clients get {"message":"Forbidden"} with HTTP
403, or {"message":"Not Found"} with HTTP 404 from an HTTP API.`,
	Fix: `Map a custom domain to the API (aws.apigateway.BasePathMapping, aws.apigatewayv2.ApiMapping),
or leave disableExecuteApiEndpoint out. If another stack has the mapping, accept the finding
with an exception.`,
	Severity: rule.Medium,
	Defects:  []*rule.Defect{unmappedAPI},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-disable-default-endpoint.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-disable-default-endpoint.html",
	},
	Tags:  []string{"api-gateway", "http-api", "custom-domain"},
	Check: checkAPIDefaultEndpointOff,
}

var unmappedAPI = &rule.Defect{
	ID:      "no-domain",
	Summary: "The default endpoint of an API is off, and the stack maps no custom domain to the API.",
	Outcome: rule.Risky,
	Effect:  "Nobody can call the API, unless another stack maps a domain to it.",
}

func checkAPIDefaultEndpointOff(s *model.Stack, r *rule.Report) {
	judge := func(e model.Element, off model.Truth, isMapped func(*model.DomainMapping) model.Truth) {
		if off == model.False {
			return
		}
		mapped := model.False
		for _, m := range s.DomainMappings {
			mapped = mapped.Or(isMapped(m))
		}
		r.Judge(e.Origin, unmappedAPI.If(off.And(mapped.Not()), e.At("disableExecuteApiEndpoint"),
			"%s has no default endpoint, and no custom domain of the stack leads to it; want a mapping", e.Name))
	}
	for _, api := range s.RestAPIs {
		judge(api.Element, api.DefaultNameOff.Equals(true),
			func(m *model.DomainMapping) model.Truth { return m.API.Names(api) })
	}
	for _, api := range s.HTTPAPIs {
		judge(api.Element, api.DefaultNameOff.Equals(true),
			func(m *model.DomainMapping) model.Truth { return m.HTTPAPI.Names(api) })
	}
}
