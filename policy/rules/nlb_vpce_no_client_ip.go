package rules

import (
	"fmt"

	"private-api-blueprints/policy/model"
)

var nlbVpceNoClientIP = &Rule{
	ID:    "nlb-vpce-no-client-ip",
	Title: "A target group of endpoint addresses does not pass on client addresses",
	Why: `The network interfaces of an endpoint take connections from their own network only.
With client IP preservation the load balancer sends them packets with the clients'
addresses, which are lost: every connection times out, while health checks, which come
from the load balancer itself, stay green. With proxy protocol a header precedes the TLS
handshake, which API Gateway does not understand: it closes the connection.`,
	Fix: `Set preserveClientIp to "false" and leave proxyProtocolV2 off. Filter clients by the
load balancer's security group: API Gateway sees the load balancer's addresses.`,
	Severity: High,
	Level:    Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html",
	},
	Tags:  []string{"network-load-balancer", "vpc-endpoint"},
	Check: checkNoClientIP,
}

func checkNoClientIP(s *model.Stack, r *Report) {
	for _, tg := range s.TargetGroups {
		holds := s.Holds(tg, anyEndpoint).And(tg.TakesAddresses())
		if holds == model.False {
			continue
		}
		names := endpointNames(s, tg)
		r.judge(tg.Origin, []fault{
			{holds.And(tg.PreservesClientIP()), tg.At("preserveClientIp"), fmt.Sprintf(
				"%s preserves client addresses, and its targets are addresses of endpoint %s; want preserveClientIp \"false\"", tg.Name, names)},
			{s.Holds(tg, (*model.Endpoint).IsExecuteAPI).And(tg.ProxyProtocol.Equals(true)), tg.At("proxyProtocolV2"), fmt.Sprintf(
				"%s sends proxy protocol headers to API Gateway, behind endpoint %s; want proxyProtocolV2 off", tg.Name, names)},
		})
	}
}
