package rules

import (
	"slices"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var publicServices = rule.Names("publicServices",
	"Endpoint services, by their names in the program, that any AWS account may connect to.")

var endpointServiceAcceptance = &rule.Rule{
	ID:    "endpoint-service-acceptance",
	Title: "An endpoint service names its consumers, or accepts each connection by hand",
	Why: `With the principal "*" every AWS account may create an endpoint for the service, and
with acceptanceRequired false AWS connects each of them at once. The load balancer and
everything behind it then serve strangers. They appear under the load balancer's private
addresses, so no filter by address stops them.`,
	Fix: `Name the accounts that may connect in allowedPrincipals
("arn:aws:iam::123456789012:root"), or set acceptanceRequired to true. If a service is
meant for everyone, add it to the parameter publicServices.`,
	Severity: rule.Critical,
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html",
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html",
	},
	Tags:       []string{"endpoint-service", "security"},
	FormerIDs:  []string{"eps-open-service"},
	Parameters: []rule.Parameter{publicServices},
	Check:      checkEndpointServiceAcceptance,
}

func checkEndpointServiceAcceptance(s *model.Stack, r *rule.Report) {
	for _, service := range s.EndpointServices {
		everyone := service.Principals.Has("*")
		public := model.TruthOf(slices.Contains(publicServices.Value(r), service.NameInProgram))
		r.Judge(service.Origin, rule.FaultIf(
			everyone.And(service.AcceptanceRequired.Equals(true).Not()).And(public.Not()),
			service.At("allowedPrincipals"),
			"%s admits every AWS account and accepts each endpoint at once; want named accounts, or "+
				"acceptanceRequired true",
			service.Name))
	}
}
