package rules

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var apiDeploymentTriggers = &rule.Rule{
	ID:    "api-deployment-triggers",
	Title: "A deployment waits for the parts of its API, and a change of the resource policy triggers a new one",
	Why: `A deployment is a snapshot of the API. Later changes have no effect until the next
deployment, and that includes the resource policy. Without triggers that change with the
policy, callers that a new policy allows still get HTTP 403, callers that it denies still
get in, and every preview says that nothing is left to do. A deployment that does not wait
for the policy and the methods may come before them: "BadRequestException: Private REST
API doesn't have a resource policy attached to it", or "The REST API doesn't contain any
methods".`,
	Fix: `Give the Deployment triggers: hashes of the policy's text and of everything that the
methods and integrations are made from. Make it depend on the RestApiPolicy, every Method
and every Integration (dependsOn).`,
	Severity: rule.High,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html",
		"https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/deployment/",
		"https://github.com/hashicorp/terraform-provider-aws/issues/20811",
	},
	Tags:      []string{"api-gateway", "deployment"},
	FormerIDs: []string{"apigw-deployment-triggers"},
	Check:     checkAPIDeploymentTriggers,
}

func checkAPIDeploymentTriggers(s *model.Stack, r *rule.Report) {
	for _, d := range s.Deployments {
		parts := partsOf(s, d)
		if len(parts) == 0 {
			continue
		}
		faults := []rule.Fault{tooEarly(s, d, parts), withoutTriggers(d, parts)}
		for _, p := range s.ResourcePolicies {
			stale := d.Triggered.And(isPolicyOf(p, d)).And(followsPolicy(d, p).Not())
			faults = append(faults, rule.FaultIf(stale, d.At("triggers"),
				"%s: its triggers do not change with the resource policy %s; want a hash of the policy's text "+
					"among them",
				d.Name, p.Name))
		}
		r.Judge(d.Origin, faults...)
	}
}

// tooEarly returns the fault of a deployment that does not wait for parts of the
// API. Parts that are properties of the API itself always come first.
func tooEarly(s *model.Stack, d *model.Deployment, parts []part) rule.Fault {
	early := map[model.Truth][]string{}
	present, past := model.False, s.Before(d.Origin)
	for _, p := range parts {
		if !isAPI(s, p) && !past.Includes(p.Origin) {
			present = present.Or(p.present)
			early[p.present] = append(early[p.present], p.Name)
		}
	}
	return rule.FaultIf(present, d.Origin, "%s does not wait for %s, which it is a snapshot of; want a dependency",
		d.Name, strings.Join(early[present], ", "))
}

// withoutTriggers returns the fault of a deployment that no change triggers.
func withoutTriggers(d *model.Deployment, parts []part) rule.Fault {
	present := model.False
	for _, p := range parts {
		present = present.Or(p.present)
	}
	return rule.FaultIf(present.And(d.Triggered.Not()), d.Origin,
		"%s has no triggers, so no change of %s is deployed; want a hash of it", d.Name, parts[0].Name)
}

// part is an element that a deployment takes a snapshot of, if both belong to
// the same API.
type part struct {
	model.Element
	present model.Truth // Whether both belong to the same API.
}

// partsOf returns the resources, other than the API, that may be in a
// deployment's snapshot. The parts of an OpenAPI document do not count, for the
// same reason as its policy.
func partsOf(s *model.Stack, d *model.Deployment) []part {
	var parts []part
	add := func(e model.Element, present model.Truth) {
		if present != model.False {
			parts = append(parts, part{e, present})
		}
	}
	for _, p := range s.ResourcePolicies {
		add(p.Element, isPolicyOf(p, d))
	}
	for _, m := range s.Methods {
		if !m.IsInDocument() {
			add(m.Element, d.API.Same(m.API))
		}
	}
	for _, i := range s.Integrations {
		if !i.IsInDocument() {
			add(i.Element, d.API.Same(i.API))
		}
	}
	return parts
}

// isAPI reports whether a part is a property of an API. Every deployment of the
// API comes later.
func isAPI(s *model.Stack, p part) bool {
	return slices.ContainsFunc(s.RestAPIs, func(api *model.RestAPI) bool { return api.URN == p.URN })
}

// isPolicyOf asks whether a deployment's API has this policy. A policy in an
// OpenAPI document does not count. If a document alone defines the API, its
// author may deploy each change outside the stack, and a deployment without
// triggers would be a false alarm.
func isPolicyOf(p *model.ResourcePolicy, d *model.Deployment) model.Truth {
	if p.API.IsAbsent() || p.Property == "body" {
		return model.False
	}
	return p.Set.And(d.API.Same(p.API))
}

// followsPolicy asks whether the triggers change with a policy. They do if they
// are made from the resource that has it, or from everything that its text is
// made from. The API's own ARN in the text does not matter: it changes only with
// the API, and then the deployment changes as well.
func followsPolicy(d *model.Deployment, p *model.ResourcePolicy) model.Truth {
	if d.Triggers.Has(p.Origin) || d.Triggers.Follow(p.From) == model.True {
		return model.True
	}
	from := p.From
	for _, api := range d.API.Candidates {
		from = from.Without(api.Origin)
	}
	return d.Triggers.Follow(from)
}
