package rules

import (
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var apiDeploymentTriggers = &rule.Rule{
	ID:    "api-deployment-triggers",
	Title: "A deployment waits for the parts of its API, and a change of them triggers a new one",
	Why: `A deployment is a snapshot of the API. Later changes have no effect until the next
deployment, and that includes the resource policy and the association with endpoints.
Without triggers that change with the policy, callers that a new policy allows still get
HTTP 403, callers that it denies still get in, and every preview says that nothing is left
to do. A deployment that does not wait for the policy and the methods may come before
them: "BadRequestException: Private REST API doesn't have a resource policy attached to
it", or "The REST API doesn't contain any methods".`,
	Fix: `Give the Deployment triggers: hashes of the policy's text, of the OpenAPI document, of the
API's output endpointConfiguration, and of everything that the methods and the integrations
are made from. The IDs of methods and integrations are not enough: they stay the same. Make
the deployment depend on the RestApiPolicy, every Method and every Integration
(dependsOn).`,
	Severity: rule.High,
	Defects: []*rule.Defect{
		beforeEveryMethod, beforeSomePart, noTriggers, onlyIDs, stalePolicy, staleDocument, staleEndpoints,
	},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/updating-api.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html",
		"https://www.pulumi.com/registry/packages/aws/api-docs/apigateway/deployment/",
		"https://github.com/hashicorp/terraform-provider-aws/issues/20811",
	},
	Tags:      []string{"api-gateway", "deployment"},
	FormerIDs: []string{"apigw-deployment-triggers"},
	Check:     checkAPIDeploymentTriggers,
}

var (
	beforeEveryMethod = &rule.Defect{
		ID: "before-every-method", Summary: "A deployment comes before every method of its API.",
		Outcome: rule.Refused,
		Effect: `The methods wait for something for which the deployment does not wait. AWS refuses a deployment ` +
			`without methods: "The REST API doesn't contain any methods".`,
	}
	beforeSomePart = &rule.Defect{
		ID: "does-not-wait", Summary: "A deployment does not wait for a part of its API.", Outcome: rule.Risky,
		Effect: "Chance decides which comes first. AWS may refuse the deployment, or its snapshot may lack the part " +
			"until the next deployment.",
	}
	noTriggers = &rule.Defect{
		ID: "no-triggers", Summary: "A deployment has no triggers.", Outcome: rule.Risky,
		Effect: "The first version of the API works. No later change of it reaches the callers.",
	}
	onlyIDs = &rule.Defect{
		ID: "only-ids", Summary: "The triggers of a deployment are the IDs of methods and integrations.",
		Outcome: rule.Risky,
		Effect:  "A new method is deployed. A change of an existing one is not, since its ID stays the same.",
	}
	stalePolicy = &rule.Defect{
		ID: "stale-policy", Summary: "The triggers of a deployment do not change with the resource policy.",
		Outcome: rule.Risky,
		Effect:  "After a change of the policy, the stage still applies the old one.",
	}
	staleDocument = &rule.Defect{
		ID: "stale-document", Summary: "The triggers of a deployment do not change with the OpenAPI document.",
		Outcome: rule.Risky,
		Effect:  "After a change of the document, the stage still serves the old API.",
	}
	staleEndpoints = &rule.Defect{
		ID: "stale-endpoints", Summary: "The triggers of a deployment do not change with the API's vpcEndpointIds.",
		Outcome: rule.Risky,
		Effect:  "AWS lists changes of the API's settings among those that take effect with the next deployment only.",
	}
)

func checkAPIDeploymentTriggers(s *model.Stack, r *rule.Report) {
	apis := map[string]bool{}
	for _, api := range s.RestAPIs {
		apis[api.URN] = true
	}
	for _, d := range s.Deployments {
		parts := partsOf(s, d, apis)
		if len(parts) == 0 {
			continue
		}
		faults := []rule.Fault{tooEarly(s, d, parts), withoutTriggers(d, parts), fromIDs(d)}
		r.Judge(d.Origin, append(faults, staleParts(s, d)...)...)
	}
}

// part is an element that a deployment takes a snapshot of, if both belong to
// the same API.
type part struct {
	model.Element
	present model.Truth // Whether both belong to the same API.
	kind    partKind
	inAPI   bool // Whether the part is a property of the API. Every deployment of the API comes later.
}

type partKind int

const (
	policyPart partKind = iota
	documentPart
	methodPart
	integrationPart
)

// partsOf returns the resources and the documents that may be in a deployment's
// snapshot. The API itself does not count.
func partsOf(s *model.Stack, d *model.Deployment, apis map[string]bool) []part {
	var parts []part
	add := func(e model.Element, present model.Truth, kind partKind) {
		if present != model.False {
			parts = append(parts, part{e, present, kind, apis[e.URN]})
		}
	}
	for _, p := range s.ResourcePolicies {
		add(p.Element, isPolicyOf(p, d), policyPart)
	}
	for _, document := range s.APIDocuments {
		e := document.Element
		e.Name = "the OpenAPI document of " + e.Name
		add(e, isDocumentOf(document, d), documentPart)
	}
	for _, m := range s.Methods {
		if !m.IsInDocument() {
			add(m.Element, d.API.Same(m.API), methodPart)
		}
	}
	for _, i := range s.Integrations {
		if !i.IsInDocument() {
			add(i.Element, d.API.Same(i.API), integrationPart)
		}
	}
	return parts
}

// isPolicyOf asks whether a deployment's API has this policy. A policy in an
// OpenAPI document is a part of the document.
func isPolicyOf(p *model.ResourcePolicy, d *model.Deployment) model.Truth {
	if p.API.IsAbsent() || p.Property == "body" {
		return model.False
	}
	return p.Set.And(d.API.Same(p.API))
}

// isDocumentOf asks whether a document defines a deployment's API.
func isDocumentOf(document *model.APIDocument, d *model.Deployment) model.Truth {
	return document.Set.And(d.API.Same(document.API))
}

// tooEarly returns the fault of a deployment that does not wait for parts of the
// API.
func tooEarly(s *model.Stack, d *model.Deployment, parts []part) rule.Fault {
	early := map[model.Truth][]string{}
	present, past := model.False, s.Before(d.Origin)
	for _, p := range parts {
		if !p.inAPI && !past.Includes(p.Origin) {
			present = present.Or(p.present)
			early[p.present] = append(early[p.present], p.Name)
		}
	}
	defect := beforeSomePart
	if present == model.True && comesFirst(s, d, parts) {
		defect = beforeEveryMethod
	}
	return defect.If(present, d.Origin, "%s does not wait for %s, which it is a snapshot of; want a dependency",
		d.Name, strings.Join(early[present], ", "))
}

// comesFirst reports whether a new API certainly has no method yet when its
// deployment is made: each method waits for something else than the deployment
// does, such as a resource of the API.
func comesFirst(s *model.Stack, d *model.Deployment, parts []part) bool {
	_, inStack := d.API.Sole()
	if !inStack || !d.API.Value.IsUnknown() {
		return false
	}
	past, methods := s.Before(d.Origin), 0
	for _, p := range parts {
		switch {
		case p.kind == documentPart || p.present == model.Maybe:
			return false
		case p.kind == methodPart && (past.Includes(p.Origin) || !s.Before(p.Origin).Exceeds(past)):
			return false
		case p.kind == methodPart:
			methods++
		}
	}
	return methods > 0
}

// withoutTriggers returns the fault of a deployment that no change triggers.
func withoutTriggers(d *model.Deployment, parts []part) rule.Fault {
	present := model.False
	for _, p := range parts {
		present = present.Or(p.present)
	}
	return noTriggers.If(present.And(d.Triggered.Not()), d.Origin,
		"%s has no triggers, so no change of %s is deployed; want a hash of it", d.Name, parts[0].Name)
}

// fromIDs returns the fault of a deployment whose triggers are nothing but the IDs
// of the API's parts.
func fromIDs(d *model.Deployment) rule.Fault {
	return onlyIDs.If(d.Triggered.And(d.TriggersAreIDs), d.At("triggers"),
		"%s: its triggers are IDs, which stay the same when a method or an integration changes; "+
			"want hashes of what those are made from", d.Name)
}

// staleParts returns the faults of a deployment whose triggers do not change with
// the policy, the document or the endpoints of its API. It says nothing about
// triggers that are certainly IDs: fromIDs does.
func staleParts(s *model.Stack, d *model.Deployment) []rule.Fault {
	if d.TriggersAreIDs == model.True {
		return nil
	}
	var faults []rule.Fault
	for _, p := range s.ResourcePolicies {
		stale := d.Triggered.And(isPolicyOf(p, d))
		if stale == model.False {
			continue
		}
		stale = stale.And(follows(d, p.Origin, p.From).Not())
		faults = append(faults, stalePolicy.If(stale, d.At("triggers"),
			"%s: its triggers do not change with the resource policy %s; want a hash of the policy's text among them",
			d.Name, p.Name))
	}
	for _, document := range s.APIDocuments {
		stale := d.Triggered.And(isDocumentOf(document, d))
		if stale == model.False {
			continue
		}
		stale = stale.And(follows(d, document.Origin, document.From).Not())
		faults = append(faults, staleDocument.If(stale, d.At("triggers"),
			"%s: its triggers do not change with the OpenAPI document of %s; want a hash of the document among them",
			d.Name, document.Name))
	}
	for _, api := range d.API.Candidates {
		has := api.IsPrivate().And(rule.HasAny(api.Endpoints)).And(d.API.Names(api))
		stale := d.Triggered.And(has).And(followsEndpoints(d, api).Not())
		faults = append(faults, staleEndpoints.If(stale, d.At("triggers"),
			"%s: its triggers do not change with the endpoints of %s; want its output endpointConfiguration among them",
			d.Name, api.Name))
	}
	return faults
}

// follows asks whether the triggers change with a part that is made from the given
// resources. They do if they are made from the resource that has the part, or from
// everything that the part is made from. The API's own ARN in a policy does not
// matter: it changes only with the API, and then the deployment changes as well.
func follows(d *model.Deployment, part model.Origin, from model.Sources) model.Truth {
	if d.Triggers.Has(part) || d.Follows(from) == model.True {
		return model.True
	}
	for _, api := range d.API.Candidates {
		from = from.Without(api.Origin)
	}
	return d.Follows(from)
}

// followsEndpoints asks whether the triggers change with the endpoints of an API.
// What they take from the API may be its ID, or its endpoints.
func followsEndpoints(d *model.Deployment, api *model.RestAPI) model.Truth {
	answer := d.Follows(api.EndpointsFrom)
	switch {
	case answer != model.False || !d.Triggers.Has(api.Origin):
		return answer
	case d.TriggersKnown:
		return model.True
	}
	return model.Maybe
}
