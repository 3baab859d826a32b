package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerHTTP2Targets = &rule.Rule{
	ID:    "load-balancer-http2-targets",
	Title: "Targets get HTTP/2 only if they speak it",
	Why: `An application load balancer sends its targets the version of HTTP that protocolVersion of
the target group says. With GRPC, or with HTTP2, an execute-api endpoint gets requests that it
has not agreed to, and clients get 464 or 502. A network load balancer does not translate: if
the ALPN policy of its TLS listener lets clients choose HTTP/2, and the target group has
protocol TCP, targets get HTTP/2 in plain text. A health check over HTTP on the same port
shows that they speak HTTP/1.1 there, and few servers speak both. curl and browsers then fail
with "Error in the HTTP2 framing layer".`,
	Fix: `Leave protocolVersion out for targets that are an endpoint's addresses. For HTTP/2 through a
network load balancer, let the target group have protocol "TLS", so that the targets negotiate
the version themselves, or set alpnPolicy "HTTP1Only".`,
	Severity: rule.High,
	Defects:  []*rule.Defect{versionOfEndpoint, plainTextHTTP2},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-target-groups.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html",
	},
	Tags:  []string{"load-balancer", "http2"},
	Check: checkLoadBalancerHTTP2Targets,
}

var (
	versionOfEndpoint = &rule.Defect{
		ID:      "endpoint-protocol-version",
		Summary: "A target group sends HTTP/2 or gRPC to an execute-api endpoint.",
		Outcome: rule.Broken,
		Effect:  "The load balancer answers 464 or 502 instead of the API.",
	}
	plainTextHTTP2 = &rule.Defect{
		ID:      "plain-text",
		Summary: "Clients may choose HTTP/2, and servers with HTTP/1.1 health checks get it in plain text.",
		Outcome: rule.Risky,
		Effect:  "Only servers that speak HTTP/2 in plain text next to HTTP/1.1 understand it.",
	}
)

func checkLoadBalancerHTTP2Targets(s *model.Stack, r *rule.Report) {
	for _, tg := range s.TargetGroups {
		newer := rule.AnyOf(tg.Version, model.VersionHTTP2, model.VersionGRPC)
		if newer == model.False {
			continue
		}
		holds := s.Holds(tg, (*model.Endpoint).IsExecuteAPI)
		if holds == model.False {
			continue
		}
		version, _ := tg.Version.Get()
		r.Judge(tg.Origin, versionOfEndpoint.If(newer.And(holds), tg.At("protocolVersion"),
			"%s sends %s to endpoint %s; want no protocolVersion", tg.Name, version, rule.EndpointNames(s, tg)))
	}
	for _, l := range s.Listeners {
		if offers := l.OffersHTTP2().And(l.Protocol.Equals(model.ProtocolTLS)); offers != model.False {
			policy, _ := l.ALPN.Get()
			r.Judge(l.Origin, plainTextHTTP2.If(offers.And(l.TargetGroups.Any(speaksHTTP1)), l.At("alpnPolicy"),
				"%s offers HTTP/2 by ALPN policy %s, and forwards it in plain text to targets that are checked over "+
					"HTTP/1.1; want target protocol TLS, or HTTP1Only", l.Name, policy))
		}
	}
}

// speaksHTTP1 asks whether the targets of a group get plain text on a port on
// which they answer health checks over HTTP/1.1. Health checks over HTTP never use
// HTTP/2 for a network load balancer.
func speaksHTTP1(group model.Ref[model.TargetGroup]) model.Truth {
	return group.Ask(func(tg *model.TargetGroup) model.Truth {
		checked := tg.HealthCheck.Protocol.Equals(model.ProtocolHTTP).
			And(tg.HealthCheck.Port.Equals(model.TrafficPort))
		return tg.Protocol.Equals(model.ProtocolTCP).And(checked)
	})
}
