package rules

import (
	"fmt"
	"slices"

	"private-api-blueprints/policy/model"
)

var sharedDomains = names("sharedDomains", "Private domains, by their names in the program, whose access associations are in other stacks or accounts.")

var apigwDomainPrivateComplete = &Rule{
	ID:    "apigw-domain-private-complete",
	Title: "A private custom domain has a policy, mappings by its id and an endpoint that may use it",
	Why: `A private custom domain works only with all of its parts. Without a policy AWS installs
one that denies everyone, and without an access association no endpoint may use the
name: callers get HTTP 403. A mapping by the bare name finds no private domain, as many
may have one name, and fails with "NotFoundException: Invalid domain name identifier
specified".`,
	Fix: `Give the DomainName a policy that allows execute-api:Invoke from your endpoint, each
BasePathMapping the domainNameId of the domain, and each endpoint of the callers a
DomainNameAccessAssociation with the domain's ARN.`,
	Severity: High,
	Level:    Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-tutorial.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-associations.html",
	},
	Tags:       []string{"api-gateway", "custom-domain", "private-api"},
	Parameters: []Parameter{sharedDomains},
	Check:      checkPrivateDomain,
}

func checkPrivateDomain(s *model.Stack, r *Report) {
	shared := sharedDomains.of(r)
	for _, d := range s.Domains {
		private := d.IsPrivate()
		if private == model.False {
			continue
		}
		faults := []fault{{private.And(d.HasPolicy.Not()), d.Origin,
			fmt.Sprintf("%s has no policy, so AWS denies every call; want a policy with an Allow", d.Name)}}
		for _, m := range s.DomainMappings {
			nameless := private.And(m.Domain.Names(d)).And(m.HasDomainID.Not())
			faults = append(faults, fault{nameless, m.Origin,
				fmt.Sprintf("%s maps the private domain %s by its name only; want its domainNameId too", m.Name, d.Name)})
		}
		if !slices.Contains(shared, d.Name) {
			faults = append(faults, fault{private.And(isAccessed(s, d).Not()), d.Origin,
				fmt.Sprintf("%s has no access association, so no endpoint may use it; want a DomainNameAccessAssociation", d.Name)})
		}
		r.judge(d.Origin, faults)
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
