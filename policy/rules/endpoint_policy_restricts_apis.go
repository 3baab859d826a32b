package rules

import (
	"slices"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var endpointPolicyRestrictsAPIs = &rule.Rule{
	ID:    "endpoint-policy-restricts-apis",
	Title: "An execute-api endpoint that the internet reaches has a policy that names the APIs behind it",
	Why: `An endpoint without a policy has AWS's default, which allows everything. API Gateway chooses
the API by the Host header or by x-apigw-api-id, and both come from the client. So whoever
reaches the endpoint through a load balancer may call any private API, of any account, whose
resource policy trusts this endpoint or its VPC, and not only the API that is meant. Behind a
load balancer that faces the internet, aws:SourceVpc then keeps nobody out of those APIs.

A policy that names other APIs only locks out the API that is associated with the endpoint:
HTTP 403 "… is not authorized to perform: execute-api:Invoke".`,
	Fix: `Add an aws.ec2.VpcEndpointPolicy that allows execute-api:Invoke for Principal "*" on
"<executionArn>/*" of each API that callers may reach, and on the ARN of a private custom
domain. Conditions on aws:ResourceAccount or aws:ResourceOrgID limit the APIs as well.`,
	Severity: rule.High,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html",
		"https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html",
	},
	Tags: []string{"vpc-endpoint", "private-api", "network-load-balancer"},
	Defects: []*rule.Defect{
		endpointOpenToInternet, endpointExcludesAPI, endpointOpenToRanges,
	},
	Check: checkEndpointPolicyRestrictsAPIs,
}

var (
	endpointOpenToInternet = &rule.Defect{
		ID: "any-api-for-everyone", Outcome: rule.Exposed,
		Summary: "A load balancer that admits everyone leads to an endpoint whose policy allows every API.",
		Effect: "Anyone on the internet may call any private API that trusts the VPC, by a Host header or by " +
			"x-apigw-api-id.",
	}
	endpointExcludesAPI = &rule.Defect{
		ID: "api-not-allowed", Outcome: rule.Broken,
		Summary: "The policy of an endpoint allows other APIs only, but not the API that is associated with it.",
		Effect:  "Every call of the API through the endpoint gets HTTP 403.",
	}
	endpointOpenToRanges = &rule.Defect{
		ID: "any-api-for-clients", Outcome: rule.Risky,
		Summary: "A load balancer that faces the internet leads to an endpoint whose policy allows every API.",
		Effect: "The clients that the load balancer admits may call other private APIs that trust the VPC, in " +
			"addition to the API that is meant for them.",
	}
)

func checkEndpointPolicyRestrictsAPIs(s *model.Stack, r *rule.Report) {
	fronts := map[*model.Endpoint][]model.Front{}
	for _, front := range s.Fronts() {
		fronts[front.Endpoint] = append(fronts[front.Endpoint], front)
	}
	apis := associatedAPIs(s)
	for _, e := range s.Endpoints {
		faults := append(openToClients(s, e, fronts[e]), excludedAPIs(s, e, apis)...)
		if len(faults) > 0 {
			r.Judge(e.Origin, faults...)
		}
	}
}

// openToClients returns a fault for each load balancer through which clients on
// the internet may call any API.
func openToClients(s *model.Stack, e *model.Endpoint, fronts []model.Front) []rule.Fault {
	var faults []rule.Fault
	for _, front := range fronts {
		lb := front.LoadBalancer
		present := front.Certain.And(e.IsExecuteAPI())
		if present == model.False {
			continue
		}
		defect, who := endpointOpenToRanges, "the clients that it admits"
		if present = present.And(s.AdmitsAnyAPI(e)); present != model.False {
			if present = present.And(s.FacesInternet(lb)); present == model.False {
				continue
			}
			if letsInternetThrough(s, front) == model.True {
				defect, who = endpointOpenToInternet, "anyone"
			}
		}
		faults = append(faults, defect.If(present, placeOfEndpointPolicy(s, e),
			"the load balancer %s %s and forwards to %s, so %s may call any private API that trusts the VPC; "+
				"want an endpoint policy that allows only the APIs behind it",
			lb.Name, wayFromInternet(lb), e.Name, who))
	}
	return faults
}

// placeOfEndpointPolicy returns where the policy of an endpoint is, or would be.
func placeOfEndpointPolicy(s *model.Stack, e *model.Endpoint) model.Origin {
	if policies := s.EndpointPolicies(e); len(policies) == 1 {
		return policies[0].Origin
	}
	return e.At("policy")
}

// associations are the APIs that endpoints are associated with.
type associations struct {
	byEndpoint map[*model.Endpoint][]*model.RestAPI
	ofAny      []*model.RestAPI // APIs that may be associated with any endpoint.
}

func associatedAPIs(s *model.Stack) associations {
	found := associations{byEndpoint: map[*model.Endpoint][]*model.RestAPI{}}
	for _, api := range s.RestAPIs {
		if api.IsPrivate() == model.False {
			continue
		}
		refs := api.Endpoints.Items
		if api.Endpoints.Rest != nil {
			refs = append(refs[:len(refs):len(refs)], *api.Endpoints.Rest)
		}
		for _, ref := range refs {
			if ref.Value.IsUnknown() && ref.Open {
				found.ofAny = append(found.ofAny, api)
			}
			for _, e := range ref.Candidates {
				found.byEndpoint[e] = append(found.byEndpoint[e], api)
			}
		}
	}
	return found
}

// excludedAPIs returns a fault for each API that is associated with an endpoint
// and that the endpoint's policy does not allow.
func excludedAPIs(s *model.Stack, e *model.Endpoint, apis associations) []rule.Fault {
	var faults []rule.Fault
	add := func(p *model.EndpointPolicy, api *model.RestAPI) model.Truth {
		associated := api.Endpoints.Any(func(r model.Ref[model.Endpoint]) model.Truth { return r.Names(e) })
		excluded := api.IsPrivate().And(associated).And(p.Excludes(api, e))
		faults = append(faults, endpointExcludesAPI.If(excluded, p.Origin,
			"the endpoint %s is associated with the API %s, and its policy does not allow calls of it; "+
				"want execute-api:Invoke on the API's ARN", e.Name, api.Name))
		return excluded
	}
	for _, p := range s.EndpointPolicies(e) {
		for _, api := range apis.byEndpoint[e] {
			add(p, api)
		}
	}
	// What follows is Maybe at most, and one such fault is enough.
	mayExclude := func(policies []*model.EndpointPolicy, apis []*model.RestAPI) bool {
		return slices.ContainsFunc(policies, func(p *model.EndpointPolicy) bool {
			return slices.ContainsFunc(apis, func(api *model.RestAPI) bool { return add(p, api) != model.False })
		})
	}
	_ = mayExclude(s.EndpointPolicies(e), apis.ofAny) ||
		mayExclude(s.LooseEndpointPolicies(), apis.byEndpoint[e]) ||
		mayExclude(s.LooseEndpointPolicies(), apis.ofAny)
	return faults
}
