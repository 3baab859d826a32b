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
PrivateLink, too. Behind an endpoint service it sees the private addresses of the consumers'
clients, and behind a VPC link for REST APIs those of AWS. Rules for other ranges drop them
without a trace: API Gateway answers 504 or 500 after its time-out, and the clients of
endpoints see connections time out.`,
	Fix: `Set enforceSecurityGroupInboundRulesOnPrivateLinkTraffic to "off". The allowed principals
decide who may use an endpoint service, and the API decides who may use a VPC link. Or set
it to "on" and admit the ranges of the consumers' networks.`,
	Severity: rule.High,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html",
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html",
		"https://github.com/hashicorp/terraform-provider-aws/issues/33766",
	},
	Tags:      []string{"network-load-balancer", "security-group", "vpc-link", "endpoint-service"},
	FormerIDs: []string{"nlb-privatelink-enforcement"},
	Defects:   []*rule.Defect{privateLinkDropped, consumersUnnamed},
	Check:     checkLoadBalancerPrivateLinkSecurityGroups,
}

var privateLinkDropped = &rule.Defect{
	ID: "drops-everyone", Outcome: rule.Broken,
	Summary: "The security groups admit no connection that can come through the VPC link or the endpoint service.",
	Effect:  "Each connection times out. Behind a VPC link, API Gateway answers 504 or 500.",
}

var consumersUnnamed = &rule.Defect{
	ID: "own-network-only", Outcome: rule.Risky,
	Summary: "The security groups of an endpoint service's load balancer admit its own network only.",
	Effect:  "It works for consumers in a network with the same range. The connections of all others time out.",
}

func checkLoadBalancerPrivateLinkSecurityGroups(s *model.Stack, r *rule.Report) {
	links, consumed := s.PrivateLinks(), consumedServices(s)
	for _, lb := range s.LoadBalancers {
		if lb.IsNetwork() == model.False {
			continue
		}
		judged, faults := false, []rule.Fault{}
		a := admission{stack: s, balancer: lb}
		for _, link := range links {
			serves := link.Serves(lb).And(lb.IsNetwork())
			if serves == model.False {
				continue
			}
			judged = true
			faults = append(faults, a.drops(link, serves, consumed[link.Service])...)
		}
		if judged {
			r.Judge(lb.Origin, faults...)
		}
	}
}

// admission is what the security groups of a load balancer admit from PrivateLink.
type admission struct {
	stack    *model.Stack
	balancer *model.LoadBalancer
	// The answers of admitsPrivateLink, once they are needed: without and with clients that may be near.
	answers [2]*model.Truth
}

// admits asks whether the security groups admit clients of PrivateLink.
func (a *admission) admits(near bool) model.Truth {
	i := 0
	if near {
		i = 1
	}
	if a.answers[i] == nil {
		answer := admitsPrivateLink(a.stack, a.balancer, near)
		a.answers[i] = &answer
	}
	return *a.answers[i]
}

// drops returns the faults of a link whose connections the security groups drop.
// The consumers of an endpoint service may have any private address, those of the
// load balancer's own range included.
func (a *admission) drops(link model.PrivateLink, serves model.Truth, consumed bool) []rule.Fault {
	lb := a.balancer
	applied := serves.And(rule.HasAny(lb.Groups)).And(enforces(lb))
	at := lb.At("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic")
	fault := func(d *rule.Defect, near bool) rule.Fault {
		return d.If(applied.And(a.admits(near).Not()), at,
			"%s applies its security groups to %s %s, and they admit none of its clients; "+
				"want enforceSecurityGroupInboundRulesOnPrivateLinkTraffic \"off\", or rules for its clients",
			lb.Name, link.Kind, link.Name)
	}
	faults := []rule.Fault{fault(privateLinkDropped, !link.IsVPCLink)}
	if !link.IsVPCLink && !mayBeNear(lb, consumed) && a.admits(true) != model.False {
		faults = append(faults, fault(consumersUnnamed, false))
	}
	return faults
}

// enforces asks whether connections from PrivateLink must pass the security
// groups. That is the default.
func enforces(lb *model.LoadBalancer) model.Truth {
	return lb.PrivateLinkRules.Or(model.PrivateLinkRulesOn).Equals(model.PrivateLinkRulesOn)
}

// mayBeNear reports whether the rules may be meant for consumers of an endpoint
// service in a network with the load balancer's own range, or in this very network:
// the stack sets rules for PrivateLink, or has an endpoint for the service.
func mayBeNear(lb *model.LoadBalancer, consumed bool) bool {
	return consumed || !lb.PrivateLinkRules.IsAbsent()
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
