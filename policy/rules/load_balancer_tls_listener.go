package rules

import (
	"regexp"
	"slices"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var allowedSSLPolicies = rule.Names("allowedSslPolicies", "Security policies that listeners may have although they accept TLS 1.0 or 1.1, for old clients.")

var loadBalancerTLSListener = &rule.Rule{
	ID:    "load-balancer-tls-listener",
	Title: "A TLS listener has a certificate and takes TLS 1.2 or later, and only it has an ALPN policy",
	Why: `AWS creates no TLS listener without a certificate ("A certificate must be specified for
TLS listeners") and no listener of another protocol with an ALPN policy. Without an
sslPolicy it takes ELBSecurityPolicy-2016-08, which accepts TLS 1.0 and 1.1: scanners
report it, and clients can be talked down to it.`,
	Fix: `Set certificateArn, from a CertificateValidation so that the listener waits for it, and
sslPolicy "ELBSecurityPolicy-TLS13-1-2-2021-06". Set alpnPolicy on TLS listeners only.`,
	Severity: rule.High,
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html",
	},
	Tags:       []string{"network-load-balancer", "tls"},
	Parameters: []rule.Parameter{allowedSSLPolicies},
	Check:      checkLoadBalancerTLSListener,
}

func checkLoadBalancerTLSListener(s *model.Stack, r *rule.Report) {
	for _, l := range s.Listeners {
		tls, alpn := l.Protocol.Equals(model.ProtocolTLS), l.ALPN.Equals(model.ALPNNone).Not()
		if tls.Or(alpn) == model.False {
			continue
		}
		protocol, _ := l.Protocol.Get()
		policy, _ := l.ALPN.Get()
		r.Judge(l.Origin,
			rule.FaultIf(tls.And(lacksCertificate(l)), l.At("certificateArn"), "%s is a TLS listener without a certificate; want certificateArn", l.Name),
			rule.FaultIf(tls.And(acceptsOldTLS(l, allowedSSLPolicies.Value(r))), l.At("sslPolicy"), "%s has security policy %s, which accepts TLS 1.0 or 1.1; want one for TLS 1.2 and later", l.Name, sslPolicyOf(l)),
			rule.FaultIf(tls.Not().And(alpn), l.At("alpnPolicy"), "%s has protocol %s and ALPN policy %s; want protocol TLS or no ALPN policy", l.Name, protocol, policy),
		)
	}
}

func lacksCertificate(l *model.Listener) model.Truth {
	if len(l.Certificate.Candidates) > 0 {
		return model.False
	}
	return rule.Unset(l.Certificate.Value)
}

// defaultSSLPolicy is AWS's choice.
const defaultSSLPolicy = "ELBSecurityPolicy-2016-08"

// sslPolicyOf names the policy of a listener for messages.
func sslPolicyOf(l *model.Listener) string {
	if policy, known := l.SSLPolicy.Get(); known {
		return policy
	}
	return defaultSSLPolicy + ", the default"
}

// The names of security policies say which is the oldest version of TLS that
// they accept.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
var (
	newTLS = regexp.MustCompile(`^ELBSecurityPolicy-(TLS13-1-[23]-|TLS-1-2-|FS-1-2-)`)
	oldTLS = regexp.MustCompile(`^ELBSecurityPolicy-(2015-|2016-|TLS13-1-[01]-|TLS-1-[01]-|FS-2018-|FS-1-1-)`)
)

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
	return model.Maybe // A policy that is newer than this rule.
}
