package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerToEndpointTargetGroup = &rule.Rule{
	ID:    "load-balancer-to-endpoint-target-group",
	Title: "A target group of execute-api addresses has type ip, port 443 and TLS to the targets",
	Why: `API Gateway's endpoint answers to TLS on port 443 only. A TLS listener with a TCP
target group, or a group with HTTP, sends it plain text: clients get an empty reply or a
reset connection, or HTTP 400 "The plain HTTP request was sent to HTTPS port". On another
port connections time out. The default target type, instance, takes no addresses: the
registration fails with "Instance ID '10.0.0.10' is not valid".`,
	Fix: `Set targetType "ip" and port 443. Behind a TLS listener set protocol "TLS"; behind a
TCP listener, which passes the client's own TLS on, "TCP".`,
	Severity: rule.High,
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html",
	},
	Tags:  []string{"network-load-balancer", "vpc-endpoint"},
	Check: checkLoadBalancerToEndpointTargetGroup,
}

func checkLoadBalancerToEndpointTargetGroup(s *model.Stack, r *rule.Report) {
	for _, tg := range s.TargetGroups {
		holds := s.Holds(tg, (*model.Endpoint).IsExecuteAPI)
		if holds == model.False {
			continue
		}
		kind, _ := tg.TargetType.Get()
		protocol, _ := tg.Protocol.Get()
		names := rule.EndpointNames(s, tg)
		faults := []rule.Fault{
			rule.FaultIf(holds.And(tg.TakesAddresses().Not()), tg.At("targetType"), "%s has target type %q, and its targets are addresses of endpoint %s; want \"ip\"", tg.Name, kind, names),
			rule.FaultIf(holds.And(sendsPlainText(s, tg)), tg.At("protocol"), "%s has protocol %q, so that endpoint %s gets plain text; want \"TLS\"", tg.Name, protocol, names),
		}
		r.Judge(tg.Origin, append(faults, wrongPorts(s, tg)...)...)
	}
}

// sendsPlainText asks whether what a target group sends is no TLS: a TCP group
// sends what the listener has, and a TLS listener has decrypted it.
func sendsPlainText(s *model.Stack, tg *model.TargetGroup) model.Truth {
	decrypted := model.False
	for _, l := range s.Listeners {
		decrypted = decrypted.Or(l.Protocol.Equals(model.ProtocolTLS).And(l.ForwardsTo(tg)))
	}
	return tg.Protocol.Equals(model.ProtocolHTTP).Or(tg.Protocol.Equals(model.ProtocolTCP).And(decrypted))
}

// wrongPorts are the faults of the group's port, as far as targets use it, and
// of the ports that targets have of their own.
func wrongPorts(s *model.Stack, tg *model.TargetGroup) []rule.Fault {
	const message = "%s: its port is not 443, the only one of API Gateway; want 443"
	shared := model.False
	var faults []rule.Fault
	for _, t := range s.Targets {
		is := t.TargetGroup.Names(tg).And(s.TargetOf(t, (*model.Endpoint).IsExecuteAPI))
		own := rule.Unset(t.Port).Not()
		shared = shared.Or(is.And(own.Not()).And(tg.Port.Equals(https).Not()))
		faults = append(faults, rule.FaultIf(is.And(own).And(t.Port.Equals(https).Not()), t.At("port"), message, t.Name))
	}
	return append(faults, rule.FaultIf(shared, tg.At("port"), message, tg.Name))
}
