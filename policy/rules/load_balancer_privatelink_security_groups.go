package rules

import (
	"net/netip"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerPrivateLinkSecurityGroups = &rule.Rule{
	ID:    "load-balancer-privatelink-security-groups",
	Title: "The security groups of a load balancer behind PrivateLink let its connections through",
	Why: `Unless told otherwise, a network load balancer with security groups applies them to
connections from PrivateLink too. Those come from the addresses of clients in other
networks, and through a VPC link from addresses of AWS's own, so that rules for your own
network drop them without a trace: API Gateway answers 504 or 500 after its time-out, and
endpoint clients see connections time out.`,
	Fix: `Set enforceSecurityGroupInboundRulesOnPrivateLinkTraffic to "off": who may use an
endpoint service is decided by its allowed principals, and who a VPC link by the API. Or
set it to "on" and admit the ranges of the consumers' networks.`,
	Severity: rule.High,
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html",
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html",
		"https://github.com/hashicorp/terraform-provider-aws/issues/33766",
	},
	Tags:  []string{"network-load-balancer", "security-group", "vpc-link", "endpoint-service"},
	Check: checkLoadBalancerPrivateLinkSecurityGroups,
}

func checkLoadBalancerPrivateLinkSecurityGroups(s *model.Stack, r *rule.Report) {
	links, consumed := s.PrivateLinks(), consumedServices(s)
	for _, lb := range s.LoadBalancers {
		var faults []rule.Fault
		admits := map[bool]model.Truth{} // By mayBeNear, on which alone it depends.
		for _, link := range links {
			serves := link.Serves(lb).And(lb.IsNetwork())
			if serves == model.False {
				continue
			}
			near := mayBeNear(lb, link, consumed[link.Service])
			if _, asked := admits[near]; !asked {
				admits[near] = admitsPrivateLink(s, lb, near)
			}
			dropped := serves.And(rule.HasAny(lb.Groups)).And(enforces(lb)).And(admits[near].Not())
			faults = append(faults, rule.FaultIf(dropped, lb.At("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"), "%s applies its security groups to %s %s, and they admit no client of that; "+
				"want enforceSecurityGroupInboundRulesOnPrivateLinkTraffic \"off\", or rules for its clients", lb.Name, link.Kind, link.Name))
		}
		if len(faults) > 0 {
			r.Judge(lb.Origin, faults...)
		}
	}
}

// enforces asks whether connections from PrivateLink have to pass the groups,
// which is the default.
func enforces(lb *model.LoadBalancer) model.Truth {
	return lb.PrivateLinkRules.Or(model.PrivateLinkRulesOn).Equals(model.PrivateLinkRulesOn)
}

// mayBeNear reports that the clients of a private link may have addresses in the
// load balancer's own range. API Gateway's are its own. Consumers may be in a
// network of the same range, or in this very one: so where the stack asks for
// rules on PrivateLink, or has an endpoint to the service.
func mayBeNear(lb *model.LoadBalancer, link model.PrivateLink, consumed bool) bool {
	return !link.IsVPCLink && (consumed || !lb.PrivateLinkRules.IsAbsent())
}

// consumedServices are the endpoint services that an endpoint of the stack may be to.
func consumedServices(s *model.Stack) map[*model.EndpointService]bool {
	consumed := map[*model.EndpointService]bool{}
	for _, e := range s.Endpoints {
		for _, service := range e.EndpointService.Among(s.EndpointServices) {
			consumed[service] = true
		}
	}
	return consumed
}

// admitsPrivateLink asks whether the groups let a PrivateLink connection through
// to a listener. Members of other groups are never its clients. Nor is the load
// balancer's own network, unless they may be near. Any other range may be theirs.
func admitsPrivateLink(s *model.Stack, lb *model.LoadBalancer, near bool) model.Truth {
	outside := func(within netip.Prefix) model.Truth { return vpcSpans(s, lb, within).Not().AtMostMaybe() }
	if near {
		outside = func(netip.Prefix) model.Truth { return model.Maybe }
	}
	client := func(source model.Source) model.Truth {
		return source.IsEveryone().Or(source.AnyRange(outside))
	}
	admits, listens := model.False, model.False
	byPort := map[int]model.Truth{}
	for _, l := range s.Listeners {
		on := l.LoadBalancer.Names(lb)
		if on == model.False {
			continue
		}
		listens = listens.Or(on)
		port, known := l.Port.Get()
		if !known {
			return model.Maybe
		}
		if _, asked := byPort[port]; !asked {
			byPort[port] = s.Admits(lb.Groups, port, client)
		}
		admits = admits.Or(on.And(byPort[port]))
	}
	return admits.OrMaybeIf(listens != model.True) // The clients may use another port.
}

// vpcSpans asks whether a range lies in a load balancer's network.
func vpcSpans(s *model.Stack, lb *model.LoadBalancer, within netip.Prefix) model.Truth {
	return lb.Subnets.Any(func(subnet model.Ref[model.Subnet]) model.Truth {
		return subnet.Ask(func(sub *model.Subnet) model.Truth { return s.VPCSpans(sub.VPC, within) })
	})
}
