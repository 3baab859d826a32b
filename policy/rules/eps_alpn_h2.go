package rules

import (
	"fmt"
	"strings"

	"private-api-blueprints/policy/model"
)

var http2Hint = pattern("http2Hint", `(?i)(^|[^a-z0-9])(grpc|h2|http[/_-]?2)($|[^a-z0-9])`,
	"A regular expression. An endpoint service whose private DNS name or tags match it is meant for HTTP/2.")

var epsALPNH2 = &Rule{
	ID:    "eps-alpn-h2",
	Title: "An endpoint service for HTTP/2 offers it in TLS",
	Why: `Clients learn in the TLS handshake (ALPN) whether a server speaks HTTP/2. A TLS listener
of a network load balancer takes no part in that unless alpnPolicy says so: its default
is None. Browsers and curl then fall back to HTTP/1.1 without a word, and gRPC clients
refuse the connection: "missing selected ALPN property".`,
	Fix: `Set alpnPolicy to HTTP2Preferred at the TLS listener (HTTP2Only where no client speaks
HTTP/1.1), with targets that speak HTTP/2 too. Where the service is for HTTP/1.1, change
its name or tag, or the parameter http2Hint.`,
	Severity: Medium,
	Level:    Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html",
		"https://github.com/aws-solutions-library-samples/guidance-for-game-server-hosting-using-agones-and-open-match-on-amazon-eks/issues/81",
	},
	Tags:       []string{"endpoint-service", "network-load-balancer", "http2"},
	Parameters: []Parameter{http2Hint},
	Check:      checkServiceALPN,
}

func checkServiceALPN(s *model.Stack, r *Report) {
	for _, service := range s.EndpointServices {
		meant, hint := meantForHTTP2(service, r)
		endsTLS, offers := model.False, model.False
		at, policy := service.Origin, ""
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
		r.judge(service.Origin, []fault{{meant.And(endsTLS).And(offers.Not()), at, fmt.Sprintf(
			"%s is for HTTP/2 (%s), and its TLS listener has alpnPolicy %s; want HTTP2Preferred", service.Name, hint, policy)}})
	}
}

// meantForHTTP2 asks whether the private name or a tag of a service says so,
// and gives what does.
func meantForHTTP2(service *model.EndpointService, r *Report) (meant model.Truth, hint string) {
	meant = model.False
	for _, text := range append([]model.Known[string]{service.PrivateName}, service.Tags...) {
		word, known := text.Get()
		switch {
		case known && http2Hint.of(r).MatchString(word):
			return model.True, strings.TrimSpace(word)
		case text.IsUnknown():
			meant = model.Maybe
		}
	}
	if !service.TagsComplete {
		meant = model.Maybe
	}
	return meant, "by its name or tags"
}
