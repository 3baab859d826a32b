package rules

import (
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var http2Hint = rule.Pattern("http2Hint", `(?i)(^|[^a-z0-9])(grpc|h2|http[/_-]?2)($|[^a-z0-9])`,
	"A regular expression. An endpoint service is meant for HTTP/2 if its private DNS name or one of its tags matches.")

var endpointServiceALPN = &rule.Rule{
	ID:    "endpoint-service-alpn",
	Title: "An endpoint service for HTTP/2 offers it in the TLS handshake",
	Why: `Clients learn in the TLS handshake (ALPN) whether a server speaks HTTP/2. A TLS listener of
a network load balancer offers no protocol unless alpnPolicy says so, because the default is
None. Browsers and curl then silently fall back to HTTP/1.1, and gRPC clients refuse the
connection: "missing selected ALPN property".`,
	Fix: `Set alpnPolicy to HTTP2Preferred on the TLS listener, or to HTTP2Only if no client speaks
HTTP/1.1. The targets must speak HTTP/2, too. If the service is for HTTP/1.1, change its
name or tag, or the parameter http2Hint.`,
	Severity: rule.Medium,
	Defects:  []*rule.Defect{serviceWithoutHTTP2},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html",
		"https://github.com/aws-solutions-library-samples/guidance-for-game-server-hosting-using-agones-and-open-match-on-amazon-eks/issues/81",
	},
	Tags:       []string{"endpoint-service", "network-load-balancer", "http2"},
	FormerIDs:  []string{"eps-alpn-h2"},
	Parameters: []rule.Parameter{http2Hint},
	Check:      checkEndpointServiceALPN,
}

var serviceWithoutHTTP2 = &rule.Defect{
	ID: "no-http2", Summary: "An endpoint service whose name or tags say HTTP/2 does not offer it.",
	Outcome: rule.Risky,
	Effect: "Browsers and curl fall back to HTTP/1.1, and gRPC clients refuse the connection. Only the name or the " +
		"tags say what the service is for.",
}

func checkEndpointServiceALPN(s *model.Stack, r *rule.Report) {
	for _, service := range s.EndpointServices {
		meant, hint := isForHTTP2(service, r)
		endsTLS, offers := model.False, model.False
		at, policy := service.Origin, model.ALPNPolicy("")
		for _, l := range s.ListenersOf(service) {
			endsTLS, offers = endsTLS.Or(l.EndsTLS()), offers.Or(l.OffersHTTP2())
			if l.EndsTLS() == model.True {
				at = l.At("alpnPolicy")
				policy, _ = l.ALPN.Get()
			}
		}
		if meant.And(endsTLS) == model.False {
			continue
		}
		r.Judge(service.Origin, serviceWithoutHTTP2.If(meant.And(endsTLS).And(offers.Not()), at,
			"%s is for HTTP/2 (%s), and its TLS listener has alpnPolicy %s; want HTTP2Preferred", service.Name, hint,
			policy))
	}
}

// isForHTTP2 asks whether the private name or a tag of a service says that it is
// for HTTP/2. It also returns the words that say so.
func isForHTTP2(service *model.EndpointService, r *rule.Report) (meant model.Truth, hint string) {
	meant = model.False
	for _, text := range append([]model.Known[string]{service.PrivateName}, service.Tags.Items...) {
		word, known := text.Get()
		switch {
		case known && http2Hint.Value(r).MatchString(word):
			return model.True, strings.TrimSpace(word)
		case text.IsUnknown():
			meant = model.Maybe
		}
	}
	if !service.Tags.Complete {
		meant = model.Maybe
	}
	return meant, "by its name or tags"
}
