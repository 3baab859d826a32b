package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var endpointServiceIPv6 = &rule.Rule{
	ID:    "endpoint-service-ipv6",
	Title: "An endpoint service for IPv6 has dualstack load balancers",
	Why: `A service can offer IPv6 to its consumers only if its load balancers have IPv6 addresses.
AWS refuses a service with ipv6 in supportedIpAddressTypes while one of its load balancers
is ipv4 only. Its dualstack and ipv6 endpoints in other networks cannot be created either.`,
	Fix: `Set ipAddressType "dualstack" on each of the service's network load balancers, with
IPv6 ranges in their subnets, or leave ipv6 out of supportedIpAddressTypes.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{serviceWithoutIPv6},
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-share-your-services.html",
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html",
	},
	Tags:      []string{"endpoint-service", "network-load-balancer", "ipv6"},
	FormerIDs: []string{"eps-ipv6-nlb"},
	Check:     checkEndpointServiceIPv6,
}

var serviceWithoutIPv6 = &rule.Defect{
	ID: "ipv4-load-balancer", Summary: "An endpoint service offers IPv6, and one of its load balancers has IPv4 only.",
	Outcome: rule.Refused,
	Effect:  "AWS refuses the service.",
}

func checkEndpointServiceIPv6(s *model.Stack, r *rule.Report) {
	lacksIPv6 := func(ref model.Ref[model.LoadBalancer]) model.Truth {
		return ref.Ask(func(lb *model.LoadBalancer) model.Truth { return lb.Addresses.Equals(model.Dualstack).Not() })
	}
	for _, service := range s.EndpointServices {
		offers := service.AddressTypes.Has(model.IPv6)
		if offers == model.False {
			continue
		}
		r.Judge(service.Origin, serviceWithoutIPv6.If(
			offers.And(service.LoadBalancers.Any(lacksIPv6)), service.At("supportedIpAddressTypes"),
			"%s offers ipv6, and %s; want ipAddressType dualstack",
			service.Name, rule.FirstLoadBalancer(service.LoadBalancers, lacksIPv6, "is not dualstack")))
	}
}
