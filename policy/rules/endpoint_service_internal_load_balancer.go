package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var endpointServiceInternalLoadBalancer = &rule.Rule{
	ID:    "endpoint-service-internal-load-balancer",
	Title: "The load balancers of an endpoint service are internal",
	Why: `An endpoint service admits chosen networks privately. A load balancer that faces the
internet opens a second way to the same targets, around allowedPrincipals and acceptance. A
service that should be private then answers port scans. AWS accepts that silently, and it is
the default if internal is left out.`,
	Fix: `Set internal to true on the load balancer. AWS replaces it. If the same targets must be
public, too, give them a second load balancer.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{publicServiceBalancer},
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html",
	},
	Tags:      []string{"endpoint-service", "network-load-balancer", "security"},
	FormerIDs: []string{"eps-internal-nlb"},
	Check:     checkEndpointServiceInternalLoadBalancer,
}

var publicServiceBalancer = &rule.Defect{
	ID: "internet-facing", Summary: "A load balancer of an endpoint service faces the internet.", Outcome: rule.Risky,
	Effect: "The targets have a second way in, which allowedPrincipals and acceptance do not guard. The security " +
		"groups of the load balancer may.",
}

func checkEndpointServiceInternalLoadBalancer(s *model.Stack, r *rule.Report) {
	public := func(ref model.Ref[model.LoadBalancer]) model.Truth {
		return ref.Ask(func(lb *model.LoadBalancer) model.Truth { return lb.Internal.Equals(false) })
	}
	for _, service := range s.EndpointServices {
		r.Judge(service.Origin, publicServiceBalancer.If(
			service.LoadBalancers.Any(public), service.At("networkLoadBalancerArns"), "%s: %s; want internal true",
			service.Name, rule.FirstLoadBalancer(service.LoadBalancers, public, "faces the internet")))
	}
}
