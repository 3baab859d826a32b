package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var resourcePolicySourceVPC = &rule.Rule{
	ID:    "resource-policy-source-vpc",
	Title: "A private API's resource policy compares aws:SourceVpc with the ID of a VPC, not the ID of an endpoint",
	Why: `A policy with the ID of an endpoint works until the endpoint is replaced. A change of its
service name or VPC is enough, or a fixed address that moves. Then every caller gets HTTP 403
until the policy has the new ID and the API is deployed again. A second endpoint in the same
VPC needs another change of the policy. The ID of the VPC stays the same.

The rule also decides before the first deployment, when the policy's text is not known yet:
then the text is made from an endpoint, and from nothing that can give the ID of a VPC. The
output vpcId of an endpoint looks the same. Use the id of the VPC instead.`,
	Fix: `Write a Deny of execute-api:Invoke for Principal "*" with StringNotEquals on aws:SourceVpc
and the ID of the VPC that the endpoint is in, next to an Allow without a condition. Say which
APIs callers reach through an endpoint in the policy of that endpoint.`,
	Severity: rule.Medium,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html",
	},
	Tags:    []string{"api-gateway", "private-api", "resource-policy"},
	Defects: []*rule.Defect{resourcePolicyOfEndpoint},
	Check:   checkResourcePolicySourceVPC,
}

var resourcePolicyOfEndpoint = &rule.Defect{
	ID: "endpoint-id", Summary: "The policy tells callers apart by the ID of an endpoint.", Outcome: rule.Risky,
	Effect: "It works until the endpoint is replaced. Then callers get HTTP 403 until the policy is changed and " +
		"deployed.",
}

func checkResourcePolicySourceVPC(s *model.Stack, r *rule.Report) {
	for _, p := range s.ResourcePolicies {
		inForce := p.IsPrivate()
		if _, known := p.API.Value.Get(); known && len(p.API.Candidates) == 0 {
			inForce = p.Set // Only private APIs are called through endpoints, so the condition says what API it is.
		}
		if inForce == model.False || p.IsOfDomain() {
			continue
		}
		r.Judge(p.Origin, endpointInPolicy(p, inForce.And(p.FencesByEndpoint())))
	}
}

// endpointInPolicy returns the fault of a policy that tells callers apart by an
// endpoint's ID.
func endpointInPolicy(p *model.ResourcePolicy, present model.Truth) rule.Fault {
	if p.Document != nil {
		return resourcePolicyOfEndpoint.If(present, p.Origin,
			"%s compares aws:SourceVpce with the ID of an endpoint; want aws:SourceVpc with the ID of its VPC",
			rule.PolicyName(p))
	}
	if len(p.Networks.Endpoints) == 0 {
		return resourcePolicyOfEndpoint.If(present, p.Origin,
			"%s has a text that is not known yet; want aws:SourceVpc, and no ID of an endpoint", rule.PolicyName(p))
	}
	return resourcePolicyOfEndpoint.If(present, p.Origin,
		"%s is made from the endpoint %s, and not from a VPC; want aws:SourceVpc with the ID of the VPC",
		rule.PolicyName(p), rule.List(p.Networks.Endpoints))
}
