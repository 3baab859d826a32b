package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var endpointServiceInternalLoadBalancer = &rule.Rule{
	ID:    "endpoint-service-internal-load-balancer",
	Title: "The load balancers of an endpoint service are internal",
	Why: `An endpoint service lets chosen networks in by a private way. A load balancer that faces
the internet opens a second way to the same targets, past allowedPrincipals and past
acceptance: the service that was to be private answers to port scans. AWS allows it
without a word, and it is the default where internal is left out.`,
	Fix: `Set internal to true at the load balancer; AWS replaces it. Where the same targets
are to be public too, give them a second load balancer.`,
	Severity: rule.High,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html",
	},
	Tags:  []string{"endpoint-service", "network-load-balancer", "security"},
	Check: checkEndpointServiceInternalLoadBalancer,
}

func checkEndpointServiceInternalLoadBalancer(s *model.Stack, r *rule.Report) {
	for _, service := range s.EndpointServices {
		public := func(ref model.Ref[model.LoadBalancer]) model.Truth {
			return ref.Ask(func(lb *model.LoadBalancer) model.Truth { return lb.Internal.Equals(false) })
		}
		r.Judge(service.Origin, rule.FaultIf(service.LoadBalancers.Any(public),
			service.At("networkLoadBalancerArns"),
			"%s: %s; want internal true", service.Name, rule.Balancers(service.LoadBalancers, public, "faces the internet")))
	}
}
