package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerToEndpointALPN = &rule.Rule{
	ID:    "load-balancer-to-endpoint-alpn",
	Title: "A listener in front of an execute-api endpoint does not offer HTTP/2",
	Why: `A network load balancer moves bytes and does not translate between versions of HTTP. If its
ALPN policy lets a client choose HTTP/2, the client sends HTTP/2 frames to an endpoint that
has not negotiated HTTP/2. curl and browsers then fail with "Error in the HTTP2 framing
layer" or a reset connection, while clients of HTTP/1.1 work.`,
	Fix: `Set alpnPolicy to "None" or "HTTP1Only" on listeners whose targets are an execute-api
endpoint's addresses. For HTTP/2 behind a load balancer, use targets that speak it.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{http2ToEndpoint, http2IsOptional},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html",
	},
	Tags:      []string{"network-load-balancer", "vpc-endpoint", "tls"},
	FormerIDs: []string{"nlb-vpce-alpn"},
	Check:     checkLoadBalancerToEndpointALPN,
}

var (
	http2ToEndpoint = &rule.Defect{
		ID:      "http2-to-endpoint",
		Summary: "A TLS listener prefers HTTP/2 in front of an execute-api endpoint.",
		Outcome: rule.Broken,
		Effect:  "Clients that speak HTTP/2, such as browsers, send frames to an endpoint that did not agree to them.",
	}
	http2IsOptional = &rule.Defect{
		ID:      "http2-is-optional",
		Summary: "A TLS listener offers HTTP/2 after HTTP/1.1 in front of an execute-api endpoint.",
		Outcome: rule.Risky,
		Effect:  "Only clients that insist on HTTP/2, such as gRPC clients, send frames that the endpoint refuses.",
	}
)

func checkLoadBalancerToEndpointALPN(s *model.Stack, r *rule.Report) {
	toAPI := func(group model.Ref[model.TargetGroup]) model.Truth {
		return group.Ask(func(tg *model.TargetGroup) model.Truth { return s.Holds(tg, (*model.Endpoint).IsExecuteAPI) })
	}
	for _, l := range s.Listeners {
		forwards := l.TargetGroups.Any(toAPI)
		if forwards == model.False {
			continue
		}
		policy, _ := l.ALPN.Get()
		defect := http2ToEndpoint
		if l.ALPN.Is(model.ALPNHTTP2Optional) {
			defect = http2IsOptional
		}
		r.Judge(l.Origin, defect.If(forwards.And(l.OffersHTTP2()), l.At("alpnPolicy"),
			"%s offers HTTP/2 by ALPN policy %s and forwards to an execute-api endpoint; want None or HTTP1Only",
			l.Name, policy))
	}
}
