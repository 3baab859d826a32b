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
everything behind it then serve strangers, although it has no public address. Strangers choose the
addresses of their own networks, so no rule of a security group keeps them out.`,
	Fix: `Name the accounts that may connect in allowedPrincipals
("arn:aws:iam::123456789012:root"), or set acceptanceRequired to true. If a service is
meant for everyone, add it to the parameter publicServices.`,
	Severity: rule.Critical,
	Defects:  []*rule.Defect{openService},
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html",
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html",
	},
	Tags:       []string{"endpoint-service", "security"},
	FormerIDs:  []string{"eps-open-service"},
	Parameters: []rule.Parameter{publicServices},
	Check:      checkEndpointServiceAcceptance,
}

var openService = &rule.Defect{
	ID: "open", Summary: "An endpoint service admits every AWS account and accepts each endpoint.",
	Outcome: rule.Exposed,
	Effect:  "Every AWS account can connect to the load balancer.",
}

func checkEndpointServiceAcceptance(s *model.Stack, r *rule.Report) {
	for _, service := range s.EndpointServices {
		everyone := service.Principals.Has("*")
		public := model.TruthOf(slices.Contains(publicServices.Value(r), service.NameInProgram))
		r.Judge(service.Origin, openService.If(
			everyone.And(service.AcceptanceRequired.Equals(true).Not()).And(public.Not()),
			service.At("allowedPrincipals"),
			"%s admits every AWS account and accepts each endpoint at once; want named accounts, or "+
				"acceptanceRequired true",
			service.Name))
	}
}
