package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var resourcePolicySingleOwner = &rule.Rule{
	ID:    "resource-policy-single-owner",
	Title: "The resource policy of an API is set in one place",
	Why: `An API has one resource policy. A RestApiPolicy, the policy of the RestApi itself, and
x-amazon-apigateway-policy in an OpenAPI document all write it, and the last one of each
deployment wins. Previews show the same change again and again, and the order of the update
decides whether callers get access or HTTP 403.`,
	Fix: `Keep the policy in a RestApiPolicy, which can refer to the API's own ARN. Remove it from
the RestApi and from the document.`,
	Severity: rule.Medium,
	Links: []string{
		"https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/restapipolicy/",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/openapi-extensions-policy.html",
	},
	Tags:      []string{"api-gateway", "resource-policy"},
	FormerIDs: []string{"apigw-policy-single-owner"},
	Defects:   []*rule.Defect{policyOfTwoOwners},
	Check:     checkResourcePolicySingleOwner,
}

var policyOfTwoOwners = &rule.Defect{
	ID: "two-owners", Summary: "The policy of an API is set in two places.", Outcome: rule.Risky,
	Effect: "The place that was deployed last counts. A later change of the other one undoes it, and no " +
		"preview shows that.",
}

func checkResourcePolicySingleOwner(s *model.Stack, r *rule.Report) {
	for _, api := range s.RestAPIs {
		owners := ownersOf(s, api)
		if len(owners) == 0 {
			continue
		}
		var faults []rule.Fault
		for i, one := range owners {
			if len(faults) > 0 && ownsPolicy(one, api) == model.Maybe { // One of the latter is enough.
				continue
			}
			for _, other := range owners[:i] {
				both := ownsPolicy(one, api).And(ownsPolicy(other, api))
				if one.URN == other.URN || both == model.Maybe && len(faults) > 0 {
					continue
				}
				faults = append(faults, policyOfTwoOwners.If(both, one.Origin,
					"%s has its resource policy from %s and from %s; want one of them",
					api.Name, placeOf(other, api), placeOf(one, api)))
			}
		}
		r.Judge(api.Origin, faults...)
	}
}

// ownersOf returns everything that may set the policy of an API.
func ownersOf(s *model.Stack, api *model.RestAPI) []*model.PolicyOwner {
	var owners []*model.PolicyOwner
	for _, owner := range s.PolicyOwners {
		if ownsPolicy(owner, api) != model.False {
			owners = append(owners, owner)
		}
	}
	return owners
}

func ownsPolicy(o *model.PolicyOwner, api *model.RestAPI) model.Truth {
	return o.SetsPolicy.And(o.API.Names(api))
}

// placeOf returns where an owner has the policy, for messages.
func placeOf(o *model.PolicyOwner, api *model.RestAPI) string {
	if o.URN == api.URN {
		return "its own " + o.Property
	}
	return o.Name
}
