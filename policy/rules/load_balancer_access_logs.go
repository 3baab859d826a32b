package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerAccessLogs = &rule.Rule{
	ID:    "load-balancer-access-logs",
	Title: "A network load balancer with a TLS listener writes access logs",
	Why: `Only the access log shows who called a TLS listener, and which handshakes failed. API
Gateway sees the load balancer's addresses, and a client whose TLS handshake fails never
reaches it. A bucket alone is not enough: accessLogs.enabled is false by default.`,
	Fix: `Set accessLogs with enabled true and a bucket to which delivery.logs.amazonaws.com may
write.`,
	Severity: rule.Low,
	Defects:  []*rule.Defect{noTLSAccessLogs},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html",
	},
	Tags:      []string{"network-load-balancer", "logging"},
	FormerIDs: []string{"nlb-access-logs"},
	Check:     checkLoadBalancerAccessLogs,
}

var noTLSAccessLogs = &rule.Defect{
	ID:      "no-access-logs",
	Summary: "A network load balancer with a TLS listener writes no access logs.",
	Outcome: rule.Risky,
	Effect:  "Requests are served, but nobody can see who called, and which handshakes failed.",
}

func checkLoadBalancerAccessLogs(s *model.Stack, r *rule.Report) {
	for _, lb := range s.LoadBalancers {
		subject := lb.IsNetwork().And(hasTLSListener(s, lb))
		if subject == model.False {
			continue
		}
		r.Judge(lb.Origin, noTLSAccessLogs.If(subject.And(lb.AccessLogs.Equals(true).Not()), lb.At("accessLogs"),
			"%s has a TLS listener and writes no access logs; want accessLogs.enabled true", lb.Name))
	}
}

// hasTLSListener asks whether a load balancer has a TLS listener.
func hasTLSListener(s *model.Stack, lb *model.LoadBalancer) model.Truth {
	has := model.False
	for _, l := range s.Listeners {
		has = has.Or(l.Protocol.Equals(model.ProtocolTLS).And(l.LoadBalancer.Names(lb)))
	}
	return has
}
