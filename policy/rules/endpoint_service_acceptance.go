package rules

import (
	"slices"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var publicServices = rule.Names("publicServices", "Names in the program of the endpoint services that anyone may connect to, as of a product that is open to all accounts.")

var endpointServiceAcceptance = &rule.Rule{
	ID:    "endpoint-service-acceptance",
	Title: "An endpoint service does not take everyone without being asked",
	Why: `With the principal "*" every AWS account may create an endpoint for the service, and
with acceptanceRequired false each of them is connected at once. The load balancer and
what is behind it then serve strangers who appear under the load balancer's private
addresses, inside of every filter by address.`,
	Fix: `Name the accounts that may connect in allowedPrincipals
("arn:aws:iam::123456789012:root"), or set acceptanceRequired to true. A service that is
meant for everyone goes into the parameter publicServices.`,
	Severity: rule.Critical,
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html",
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html",
	},
	Tags:       []string{"endpoint-service", "security"},
	Parameters: []rule.Parameter{publicServices},
	Check:      checkEndpointServiceAcceptance,
}

func checkEndpointServiceAcceptance(s *model.Stack, r *rule.Report) {
	for _, service := range s.EndpointServices {
		everyone := model.False
		for _, p := range service.Principals {
			everyone = everyone.Or(p.Equals("*"))
		}
		everyone = everyone.OrMaybeIf(!service.PrincipalsComplete)
		meant := model.TruthOf(slices.Contains(publicServices.Value(r), service.Name))
		r.Judge(service.Origin, rule.FaultIf(everyone.And(service.AcceptanceRequired.Equals(true).Not()).And(meant.Not()),
			service.At("allowedPrincipals"),
			"%s admits every AWS account and accepts each endpoint at once; want named accounts, or acceptanceRequired true", service.Name))
	}
}
