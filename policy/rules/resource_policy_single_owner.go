package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var resourcePolicySingleOwner = &rule.Rule{
	ID:    "resource-policy-single-owner",
	Title: "One resource owns the resource policy of an API",
	Why: `An API has one resource policy. A RestApiPolicy, the policy of the RestApi itself and
x-amazon-apigateway-policy in an OpenAPI document all write to it, and each deployment
the last one wins: previews show the same change again and again, and callers get
HTTP 403 or access depending on the order of the update.`,
	Fix: `Keep the policy in a RestApiPolicy, which can refer to the API's own ARN, and take it
out of the RestApi and of the document.`,
	Severity: rule.High,
	Level:    rule.Mandatory,
	Links: []string{
		"https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/restapipolicy/",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/openapi-extensions-policy.html",
	},
	Tags:  []string{"api-gateway", "resource-policy"},
	Check: checkResourcePolicySingleOwner,
}

func checkResourcePolicySingleOwner(s *model.Stack, r *rule.Report) {
	for _, api := range s.RestAPIs {
		var faults []rule.Fault
		owners := ownersOf(s, api)
		for i, one := range owners {
			for _, other := range owners[:i] {
				both := ownsPolicy(one, api).And(ownsPolicy(other, api))
				if one.URN == other.URN || both == model.Maybe && len(faults) > 0 { // One of these is enough to say that.
					continue
				}
				faults = append(faults, rule.FaultIf(both, one.Origin, "%s has its resource policy from %s and from %s; want one of them",
					api.Name, describe(other, api), describe(one, api)))
			}
		}
		if len(owners) > 0 {
			r.Judge(api.Origin, faults...)
		}
	}
}

// ownersOf finds what may put a policy on an API.
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

// describe says where an owner has the policy.
func describe(o *model.PolicyOwner, api *model.RestAPI) string {
	if o.URN == api.URN {
		return "its own " + o.Property
	}
	return o.Name
}
