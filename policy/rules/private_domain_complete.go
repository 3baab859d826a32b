package rules

import (
	"slices"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var sharedDomains = rule.Names("sharedDomains",
	"Private domains, by their names in the program, whose access associations are in other stacks or accounts.")

var privateDomainComplete = &rule.Rule{
	ID:    "private-domain-complete",
	Title: "A private custom domain has a policy, mappings by its ID, and an endpoint that may use it",
	Why: `A private custom domain works only with all of its parts. Without a policy AWS installs one
that denies everyone. Without an access association no endpoint may use the name. In both
cases callers get HTTP 403. A mapping by the name alone does not find a private domain,
because several may have the same name: "NotFoundException: Invalid domain name identifier
specified".`,
	Fix: `Give the DomainName a policy that allows execute-api:Invoke from your endpoint. Give each
BasePathMapping the domainNameId of the domain. For each endpoint of the callers, add a
DomainNameAccessAssociation with the domain's ARN.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{mappedByName, domainWithoutPolicy, domainWithoutAccess},
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-tutorial.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-associations.html",
	},
	Tags:       []string{"api-gateway", "custom-domain", "private-api"},
	FormerIDs:  []string{"apigw-domain-private-complete"},
	Parameters: []rule.Parameter{sharedDomains},
	Check:      checkPrivateDomainComplete,
}

var (
	mappedByName = &rule.Defect{
		ID:      "mapped-by-name",
		Summary: "A mapping names a private domain without its ID.",
		Outcome: rule.Refused,
		Effect:  `AWS refuses it: "NotFoundException: Invalid domain name identifier specified".`,
	}
	domainWithoutPolicy = &rule.Defect{
		ID:      "no-policy",
		Summary: "A private domain has no policy.",
		Outcome: rule.Broken,
		Effect:  "AWS gives the domain a policy that denies everyone, so every call ends with HTTP 403.",
	}
	domainWithoutAccess = &rule.Defect{
		ID:      "no-access",
		Summary: "No endpoint of the stack has an access association with a private domain.",
		Outcome: rule.Risky,
		Effect: "Callers get HTTP 403, unless another stack or account has the association. That is usual for a " +
			"domain whose callers are in other networks.",
	}
)

func checkPrivateDomainComplete(s *model.Stack, r *rule.Report) {
	for _, d := range s.Domains {
		private := d.IsPrivate()
		if private == model.False {
			continue
		}
		faults := []rule.Fault{domainWithoutPolicy.If(private.And(d.HasPolicy.Not()), d.Origin,
			"%s has no policy, so AWS denies every call; want a policy with an Allow", d.Name)}
		for _, m := range s.DomainMappings {
			byName := private.And(m.Domain.Names(d)).And(m.HasDomainID.Not())
			faults = append(faults, mappedByName.If(byName, m.Origin,
				"%s maps the private domain %s by its name only; want its domainNameId, too", m.Name, d.Name))
		}
		if !slices.Contains(sharedDomains.Value(r), d.NameInProgram) {
			faults = append(faults, domainWithoutAccess.If(private.And(isAccessed(s, d).Not()), d.Origin,
				"%s has no access association, so no endpoint may use it; want a DomainNameAccessAssociation", d.Name))
		}
		r.Judge(d.Origin, faults...)
	}
}

// isAccessed asks whether the stack lets an endpoint use a domain.
func isAccessed(s *model.Stack, d *model.Domain) model.Truth {
	accessed := model.False
	for _, a := range s.DomainAccesses {
		accessed = accessed.Or(a.Domain.Names(d))
	}
	return accessed
}
