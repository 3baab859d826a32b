package rules

import (
	"fmt"

	"private-api-blueprints/policy/model"
)

var epsInternalNLB = &Rule{
	ID:    "eps-internal-nlb",
	Title: "The load balancers of an endpoint service are internal",
	Why: `An endpoint service lets chosen networks in by a private way. A load balancer that faces
the internet opens a second way to the same targets, past allowedPrincipals and past
acceptance: the service that was to be private answers to port scans. AWS allows it
without a word, and it is the default where internal is left out.`,
	Fix: `Set internal to true at the load balancer; AWS replaces it. Where the same targets
are to be public too, give them a second load balancer.`,
	Severity: High,
	Level:    Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html",
	},
	Tags:  []string{"endpoint-service", "network-load-balancer", "security"},
	Check: checkInternalService,
}

func checkInternalService(s *model.Stack, r *Report) {
	for _, service := range s.EndpointServices {
		public := func(ref model.Ref[model.LoadBalancer]) model.Truth {
			return ref.Ask(func(lb *model.LoadBalancer) model.Truth { return lb.Internal.Equals(false) })
		}
		r.judge(service.Origin, []fault{{
			service.LoadBalancers.Any(public),
			service.At("networkLoadBalancerArns"),
			fmt.Sprintf("%s: %s; want internal true", service.Name, balancers(service.LoadBalancers, public, "faces the internet")),
		}})
	}
}
