package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerToEndpointClientIP = &rule.Rule{
	ID:    "load-balancer-to-endpoint-client-ip",
	Title: "A target group of endpoint addresses does not preserve client addresses",
	Why: `The network interfaces of an endpoint accept connections only from their own network. With
client IP preservation the load balancer sends them packets with the clients' addresses, and
these are lost. Every connection times out, while health checks pass, because they come from
the load balancer itself. With proxy protocol a header precedes the TLS handshake. API
Gateway does not understand it and closes the connection.`,
	Fix: `Set preserveClientIp to "false" and leave proxyProtocolV2 off. Filter clients by the load
balancer's security group, because API Gateway sees the load balancer's addresses.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{clientIPToEndpoint, proxyProtocolToEndpoint},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html",
	},
	Tags:      []string{"network-load-balancer", "vpc-endpoint"},
	FormerIDs: []string{"nlb-vpce-no-client-ip"},
	Check:     checkLoadBalancerToEndpointClientIP,
}

var (
	clientIPToEndpoint = &rule.Defect{
		ID:      "client-ip",
		Summary: "A target group of endpoint addresses preserves the clients' addresses.",
		Outcome: rule.Broken,
		Effect:  "The endpoint's network interfaces drop the packets, and every connection times out.",
	}
	proxyProtocolToEndpoint = &rule.Defect{
		ID:      "proxy-protocol",
		Summary: "A target group of execute-api addresses sends proxy protocol headers.",
		Outcome: rule.Broken,
		Effect:  "API Gateway does not understand the header and closes every connection.",
	}
)

func checkLoadBalancerToEndpointClientIP(s *model.Stack, r *rule.Report) {
	for _, tg := range s.TargetGroups {
		holds := s.Holds(tg, anyEndpoint).And(tg.TakesAddresses())
		if holds == model.False {
			continue
		}
		names := rule.EndpointNames(s, tg)
		r.Judge(tg.Origin,
			clientIPToEndpoint.If(holds.And(tg.PreservesClientIP()), tg.At("preserveClientIp"),
				"%s preserves client addresses, and its targets are addresses of endpoint %s; want "+
					"preserveClientIp \"false\"",
				tg.Name, names),
			proxyProtocolToEndpoint.If(s.Holds(tg, (*model.Endpoint).IsExecuteAPI).And(tg.ProxyProtocol.Equals(true)),
				tg.At("proxyProtocolV2"),
				"%s sends proxy protocol headers to API Gateway, behind endpoint %s; want proxyProtocolV2 off", tg.Name,
				names),
		)
	}
}

// anyEndpoint answers True for every endpoint, not only for those of API Gateway.
func anyEndpoint(*model.Endpoint) model.Truth { return model.True }
