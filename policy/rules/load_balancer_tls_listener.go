package rules

import (
	"regexp"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var allowedSSLPolicies = rule.Names("allowedSslPolicies",
	"Security policies that listeners may have for old clients, although they accept TLS 1.0 or 1.1.")

var loadBalancerTLSListener = &rule.Rule{
	ID: "load-balancer-tls-listener",
	Title: "A TLS or HTTPS listener has a certificate and requires TLS 1.2, and only TLS listeners have an ALPN " +
		"policy",
	Why: `AWS refuses a TLS or HTTPS listener without a certificate ("A certificate must be specified
for HTTPS listeners"), and an ALPN policy on a listener that is not for TLS. Without an
sslPolicy a listener gets ELBSecurityPolicy-2016-08, which accepts TLS 1.0 and 1.1: scanners
report it, and an attacker can downgrade clients to it.

API Gateway is a client, too, behind a VPC link. AWS does not say that it speaks TLS 1.3 to servers,
so a listener for TLS 1.3 only may answer all its requests with a failed handshake, and callers get
HTTP 500.`,
	Fix: `Set certificateArn, from a CertificateValidation so that the listener waits for it, and
sslPolicy "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", or another policy for TLS 1.2. Set
alpnPolicy on TLS listeners only.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{noCertificate, alpnWithoutTLS, oldTLSVersions, onlyNewestTLS},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
	},
	Tags:       []string{"load-balancer", "tls"},
	FormerIDs:  []string{"nlb-tls-listener"},
	Parameters: []rule.Parameter{allowedSSLPolicies},
	Check:      checkLoadBalancerTLSListener,
}

var (
	noCertificate = &rule.Defect{
		ID:      "no-certificate",
		Summary: "A TLS or HTTPS listener has no certificate.",
		Outcome: rule.Refused,
		Effect:  `AWS refuses it: "A certificate must be specified for TLS listeners".`,
	}
	alpnWithoutTLS = &rule.Defect{
		ID:      "alpn-without-tls",
		Summary: "A listener with another protocol than TLS has an ALPN policy.",
		Outcome: rule.Refused,
		Effect:  "AWS takes an ALPN policy on TLS listeners only.",
	}
	oldTLSVersions = &rule.Defect{
		ID:      "old-tls",
		Summary: "A listener accepts TLS 1.0 or 1.1.",
		Outcome: rule.Risky,
		Effect:  "New clients use TLS 1.2 or later. An attacker in between can make them use the old version.",
	}
	onlyNewestTLS = &rule.Defect{
		ID:      "only-tls13",
		Summary: "A listener to which API Gateway connects accepts TLS 1.3 only.",
		Outcome: rule.Risky,
		Effect: "AWS does not document TLS 1.3 for integrations. If API Gateway does not speak it, every call gets " +
			"HTTP 500.",
	}
)

func checkLoadBalancerTLSListener(s *model.Stack, r *rule.Report) {
	linked := balancersOfLinks(s)
	for _, l := range s.Listeners {
		tls := l.Protocol.Equals(model.ProtocolTLS)
		secure, alpn := tls.Or(l.Protocol.Equals(model.ProtocolHTTPS)), l.ALPN.Equals(model.ALPNNone).Not()
		if secure.Or(alpn) == model.False {
			continue
		}
		protocol, _ := l.Protocol.Get()
		policy, _ := l.ALPN.Get()
		r.Judge(l.Origin,
			noCertificate.If(secure.And(lacksCertificate(l)), l.At("certificateArn"),
				"%s has protocol %s and no certificate; want certificateArn", l.Name, protocol),
			alpnWithoutTLS.If(tls.Not().And(alpn), l.At("alpnPolicy"),
				"%s has protocol %s and ALPN policy %s; want protocol TLS or no ALPN policy", l.Name, protocol, policy),
			oldTLSVersions.If(secure.And(acceptsOldTLS(l, allowedSSLPolicies.Value(r))), l.At("sslPolicy"),
				"%s has security policy %s, which accepts TLS 1.0 or 1.1; want one for TLS 1.2 and later", l.Name,
				sslPolicyOf(l)),
			onlyNewestTLS.If(secure.And(acceptsNewestOnly(l)).And(isLinked(l, linked)), l.At("sslPolicy"),
				"%s has security policy %s, and API Gateway connects to it, which may not speak TLS 1.3; want one for "+
					"TLS 1.2 too", l.Name, sslPolicyOf(l)),
		)
	}
}

// balancersOfLinks returns the load balancers to which API Gateway connects through VPC links, and those behind them.
func balancersOfLinks(s *model.Stack) map[*model.LoadBalancer]model.Truth {
	linked := map[*model.LoadBalancer]model.Truth{}
	for _, link := range s.VPCLinks {
		for _, lb := range link.Target.Among(s.LoadBalancers) {
			linked[lb] = orFalse(linked, lb).Or(link.Target.Names(lb))
		}
	}
	if len(linked) == 0 {
		return linked
	}
	for lb, behind := range balancersBehind(s, s.Forwardings(), linked) {
		linked[lb] = orFalse(linked, lb).Or(behind)
	}
	return linked
}

// isLinked asks whether a listener belongs to one of some load balancers.
func isLinked(l *model.Listener, linked map[*model.LoadBalancer]model.Truth) model.Truth {
	if len(linked) == 0 {
		return model.False
	}
	return l.LoadBalancer.Ask(func(lb *model.LoadBalancer) model.Truth { return orFalse(linked, lb) })
}

// acceptsNewestOnly asks whether a listener accepts TLS 1.3 only.
func acceptsNewestOnly(l *model.Listener) model.Truth {
	policy, known := l.SSLPolicy.Or(defaultSSLPolicy).Get()
	if !known {
		return model.Maybe
	}
	return model.TruthOf(strings.HasPrefix(policy, "ELBSecurityPolicy-TLS13-1-3-"))
}

// lacksCertificate asks whether a listener has no default certificate.
func lacksCertificate(l *model.Listener) model.Truth {
	if len(l.Certificate.Candidates) > 0 {
		return model.False
	}
	return rule.Unset(l.Certificate.Value)
}

// defaultSSLPolicy is what a listener gets without an sslPolicy. Only the console
// has another default.
const defaultSSLPolicy = "ELBSecurityPolicy-2016-08"

// sslPolicyOf returns the security policy of a listener for messages.
func sslPolicyOf(l *model.Listener) string {
	return rule.NameOr(l.SSLPolicy, defaultSSLPolicy+", the default")
}

// The name of a security policy says which version of TLS is the oldest that it
// accepts. What follows says which ciphers: Res, Ext1, FIPS, RFC9151, PQ.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
var (
	newTLS = regexp.MustCompile(`^ELBSecurityPolicy-(TLS13-1-[23]-|TLS-1-2-|FS-1-2-)`)
	oldTLS = regexp.MustCompile(`^ELBSecurityPolicy-(2015-|2016-|TLS13-1-[01]-|TLS-1-[01]-|FS-2018-|FS-1-1-)`)
)

// acceptsOldTLS asks whether a listener accepts TLS 1.0 or 1.1, with a policy that
// the configuration does not allow.
func acceptsOldTLS(l *model.Listener, allowed []string) model.Truth {
	policy, known := l.SSLPolicy.Or(defaultSSLPolicy).Get()
	switch {
	case !known:
		return model.Maybe
	case slices.Contains(allowed, policy), newTLS.MatchString(policy):
		return model.False
	case oldTLS.MatchString(policy):
		return model.True
	}
	return model.Maybe // The policy is newer than this rule.
}
