package rules

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var apiDeploymentTriggers = &rule.Rule{
	ID:    "api-deployment-triggers",
	Title: "A deployment is made after the API's parts, and anew when its policy changes",
	Why: `A deployment is a snapshot: what changes in the API afterwards, its resource policy too,
has no effect. Without triggers that change with the policy, callers that a new policy
admits still get HTTP 403, and those that it shuts out still get in, while every preview
shows that all is done. A deployment that does not wait for the policy and the methods
can come before them: "BadRequestException: Private REST API doesn't have a resource
policy attached to it", or "The REST API doesn't contain any methods".`,
	Fix: `Give the Deployment triggers: hashes of the policy's text and of whatever the methods
and integrations are made from. Let it depend on the RestApiPolicy, every Method and
every Integration (dependsOn).`,
	Severity: rule.High,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html",
		"https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/deployment/",
		"https://github.com/hashicorp/terraform-provider-aws/issues/20811",
	},
	Tags:  []string{"api-gateway", "deployment"},
	Check: checkAPIDeploymentTriggers,
}

func checkAPIDeploymentTriggers(s *model.Stack, r *rule.Report) {
	for _, d := range s.Deployments {
		parts := partsOf(s, d)
		if len(parts) == 0 {
			continue
		}
		faults := []rule.Fault{tooEarly(s, d, parts), untriggered(d, parts)}
		for _, p := range s.ResourcePolicies {
			stale := d.Triggered.And(isPolicyOf(p, d)).And(followsPolicy(d, p).Not())
			faults = append(faults, rule.FaultIf(stale, d.At("triggers"),
				"%s: its triggers do not change with the resource policy %s; want a hash of the policy's text among them", d.Name, p.Name))
		}
		r.Judge(d.Origin, faults...)
	}
}

// tooEarly is the fault of not waiting for parts of the API. A part that the API
// has itself comes first in any case.
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

func untriggered(d *model.Deployment, parts []part) rule.Fault {
	present := model.False
	for _, p := range parts {
		present = present.Or(p.present)
	}
	return rule.FaultIf(present.And(d.Triggered.Not()), d.Origin,
		"%s has no triggers, so no change of %s is deployed; want a hash of it", d.Name, parts[0].Name)
}

// part is what a deployment takes a snapshot of, if it is of the same API.
type part struct {
	model.Element
	present model.Truth
}

// partsOf finds the resources beside the API that a deployment is a snapshot of.
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
		add(m.Element, d.API.Same(m.API))
	}
	for _, i := range s.Integrations {
		add(i.Element, d.API.Same(i.API))
	}
	return parts
}

// isAPI tells an API, which has its policy itself: every deployment of it comes
// later.
func isAPI(s *model.Stack, p part) bool {
	return slices.ContainsFunc(s.RestAPIs, func(api *model.RestAPI) bool { return api.URN == p.URN })
}

// isPolicyOf leaves out the policy in an OpenAPI document: an API that is made
// by a document alone may be deployed by whoever writes the document.
func isPolicyOf(p *model.ResourcePolicy, d *model.Deployment) model.Truth {
	if p.API.IsAbsent() || p.Property == "body" {
		return model.False
	}
	return p.Set.And(d.API.Same(p.API))
}

// followsPolicy asks whether the triggers change with a policy: they are made
// from the resource that has it, or from all that its text is made from. The
// API's own ARN in the text changes with the API only, and so does the
// deployment.
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
