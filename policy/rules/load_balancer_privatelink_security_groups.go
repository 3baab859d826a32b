package rules

import (
	"net/netip"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerPrivateLinkSecurityGroups = &rule.Rule{
	ID:    "load-balancer-privatelink-security-groups",
	Title: "The security groups of a load balancer behind PrivateLink admit the connections from PrivateLink",
	Why: `By default, a network load balancer applies its security groups to connections from
PrivateLink, too. These come from addresses of clients in other networks, or through a VPC
link from AWS's own addresses. Rules for your own network drop them without a trace: API
Gateway answers 504 or 500 after its time-out, and endpoint clients see connections time out.`,
	Fix: `Set enforceSecurityGroupInboundRulesOnPrivateLinkTraffic to "off". The allowed principals
decide who may use an endpoint service, and the API decides who may use a VPC link. Or set
it to "on" and admit the ranges of the consumers' networks.`,
	Severity: rule.High,
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html",
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html",
		"https://github.com/hashicorp/terraform-provider-aws/issues/33766",
	},
	Tags:      []string{"network-load-balancer", "security-group", "vpc-link", "endpoint-service"},
	FormerIDs: []string{"nlb-privatelink-enforcement"},
	Check:     checkLoadBalancerPrivateLinkSecurityGroups,
}

func checkLoadBalancerPrivateLinkSecurityGroups(s *model.Stack, r *rule.Report) {
	links, consumed := s.PrivateLinks(), consumedServices(s)
	for _, lb := range s.LoadBalancers {
		judged, faults := false, []rule.Fault{}
		admits := map[bool]model.Truth{} // Caches the answers, which depend on mayBeNear only.
		for _, link := range links {
			serves := link.Serves(lb).And(lb.IsNetwork())
			if serves == model.False {
				continue
			}
			judged = true
			near := mayBeNear(lb, link, consumed[link.Service])
			if _, asked := admits[near]; !asked {
				admits[near] = admitsPrivateLink(s, lb, near)
			}
			dropped := serves.And(rule.HasAny(lb.Groups)).And(enforces(lb)).And(admits[near].Not())
			faults = append(faults, rule.FaultIf(dropped, lb.At("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"),
				"%s applies its security groups to %s %s, and they admit none of its clients; "+
					"want enforceSecurityGroupInboundRulesOnPrivateLinkTraffic \"off\", or rules for its clients",
				lb.Name, link.Kind, link.Name))
		}
		if judged {
			r.Judge(lb.Origin, faults...)
		}
	}
}

// enforces asks whether connections from PrivateLink must pass the security
// groups. That is the default.
func enforces(lb *model.LoadBalancer) model.Truth {
	return lb.PrivateLinkRules.Or(model.PrivateLinkRulesOn).Equals(model.PrivateLinkRulesOn)
}

// mayBeNear reports whether clients of a private link may have addresses in the
// load balancer's own range. API Gateway's clients have addresses of AWS. The
// consumers of an endpoint service may be in a network with the same range, or
// in this very network. They are assumed to be if the stack sets rules for
// PrivateLink, or has an endpoint for the service.
func mayBeNear(lb *model.LoadBalancer, link model.PrivateLink, consumed bool) bool {
	return !link.IsVPCLink && (consumed || !lb.PrivateLinkRules.IsAbsent())
}

// consumedServices returns the endpoint services for which the stack may have an
// endpoint.
func consumedServices(s *model.Stack) map[*model.EndpointService]bool {
	consumed := map[*model.EndpointService]bool{}
	for _, e := range s.Endpoints {
		for _, service := range e.EndpointService.Among(s.EndpointServices) {
			consumed[service] = true
		}
	}
	return consumed
}

// admitsPrivateLink asks whether the security groups admit a connection from
// PrivateLink to a listener. Its clients are never members of other groups, and
// are in the load balancer's own network only if they may be near. They may have
// any other address.
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

// vpcSpans asks whether a range is in a load balancer's network.
func vpcSpans(s *model.Stack, lb *model.LoadBalancer, within netip.Prefix) model.Truth {
	return lb.Subnets.Any(func(subnet model.Ref[model.Subnet]) model.Truth {
		return subnet.Ask(func(sub *model.Subnet) model.Truth { return s.VPCSpans(sub.VPC, within) })
	})
}
