package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerToEndpointTargetGroup = &rule.Rule{
	ID:    "load-balancer-to-endpoint-target-group",
	Title: "A target group of execute-api addresses has type ip and port 443, and sends TLS to its targets",
	Why: `API Gateway's endpoint answers only TLS on port 443. A TLS listener with a TCP target group,
or a target group with HTTP, sends it plain text. Clients get an empty reply, a reset
connection, or HTTP 400 "The plain HTTP request was sent to HTTPS port". On another port
connections time out. The default target type, instance, does not accept addresses: the
registration fails with "Instance ID '10.0.0.10' is not valid".`,
	Fix: `Set targetType "ip" and port 443. Behind a TLS listener set protocol "TLS". Behind a TCP
listener, which passes the client's own TLS through, set "TCP".`,
	Severity: rule.High,
	Defects:  []*rule.Defect{notAddresses, plainTextToEndpoint, otherPort},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-apis.html",
	},
	Tags:      []string{"network-load-balancer", "vpc-endpoint"},
	FormerIDs: []string{"nlb-vpce-tg-shape"},
	Check:     checkLoadBalancerToEndpointTargetGroup,
}

var (
	notAddresses = &rule.Defect{
		ID:      "target-type",
		Summary: "A target group of endpoint addresses is not of type ip.",
		Outcome: rule.Refused,
		Effect:  `AWS refuses the registration: "Instance ID '10.0.0.10' is not valid".`,
	}
	plainTextToEndpoint = &rule.Defect{
		ID:      "plain-text",
		Summary: "A target group sends plain text to an execute-api endpoint.",
		Outcome: rule.Broken,
		Effect:  `API Gateway answers only TLS: "The plain HTTP request was sent to HTTPS port".`,
	}
	otherPort = &rule.Defect{
		ID:      "port",
		Summary: "An execute-api address is registered on another port than 443.",
		Outcome: rule.Broken,
		Effect:  "The endpoint does not answer there, and connections time out.",
	}
)

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
			notAddresses.If(holds.And(tg.TakesAddresses().Not()), tg.At("targetType"),
				"%s has target type %q, and its targets are addresses of endpoint %s; want \"ip\"", tg.Name, kind,
				names),
			plainTextToEndpoint.If(holds.And(sendsPlainText(s, tg)), tg.At("protocol"),
				"%s has protocol %q, so that endpoint %s gets plain text; want \"TLS\"", tg.Name, protocol, names),
		}
		r.Judge(tg.Origin, append(faults, wrongPorts(s, tg)...)...)
	}
}

// sendsPlainText asks whether a target group sends no TLS. A TCP group behind a
// TLS listener sends plain text, because the listener has decrypted it.
func sendsPlainText(s *model.Stack, tg *model.TargetGroup) model.Truth {
	decrypted := model.False
	for _, l := range s.Listeners {
		decrypted = decrypted.Or(l.Protocol.Equals(model.ProtocolTLS).And(l.ForwardsTo(tg)))
	}
	return tg.Protocol.Equals(model.ProtocolHTTP).Or(tg.Protocol.Equals(model.ProtocolTCP).And(decrypted))
}

// wrongPorts returns the faults of the group's port, if targets use it, and of
// the targets' own ports.
func wrongPorts(s *model.Stack, tg *model.TargetGroup) []rule.Fault {
	const message = "%s: its port is not 443, the only port of API Gateway; want 443"
	shared := model.False
	var faults []rule.Fault
	for _, t := range s.Targets {
		is := t.TargetGroup.Names(tg)
		if is == model.False {
			continue
		}
		is = is.And(s.TargetOf(t, (*model.Endpoint).IsExecuteAPI))
		own := rule.Unset(t.Port).Not()
		shared = shared.Or(is.And(own.Not()).And(tg.Port.Equals(model.APIGatewayPort).Not()))
		wrong := is.And(own).And(t.Port.Equals(model.APIGatewayPort).Not())
		faults = append(faults, otherPort.If(wrong, t.At("port"), message, t.Name))
	}
	return append(faults, otherPort.If(shared, tg.At("port"), message, tg.Name))
}
