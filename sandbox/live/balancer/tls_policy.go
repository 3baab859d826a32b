package balancer

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
)

// Sets of cipher suites up to TLS 1.2, as far as Go has them. AWS's policies nest
// them. TLS 1.3 has its own suites, which Go does not let one choose.
var (
	forwardGCM = []uint16{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	}
	forwardCBC = []uint16{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256,
	}
	forwardSHA = []uint16{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
		tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
	}
	plainGCM = []uint16{
		tls.TLS_RSA_WITH_AES_128_GCM_SHA256, tls.TLS_RSA_WITH_AES_256_GCM_SHA384, tls.TLS_RSA_WITH_AES_128_CBC_SHA256,
	}
	plainSHA  = []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA, tls.TLS_RSA_WITH_AES_256_CBC_SHA}
	tripleDES = []uint16{tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA}

	restricted = forwardGCM
	forward    = slices.Concat(forwardGCM, forwardCBC)
	forwardAll = slices.Concat(forward, forwardSHA)
	noSHA      = slices.Concat(forward, plainGCM)
	everything = slices.Concat(forwardAll, plainGCM, plainSHA)
	legacy     = slices.Concat(everything, tripleDES)
)

// securityPolicy is what a security policy of AWS allows.
type securityPolicy struct {
	min, max uint16
	suites   []uint16
}

// securityPolicies are AWS's security policies, without the prefix
// ELBSecurityPolicy-, without FIPS and PQ, and without the date where the date
// decides nothing.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
var securityPolicies = map[string]securityPolicy{
	"2015-05":             {tls.VersionTLS10, tls.VersionTLS12, everything},
	"2016-08":             {tls.VersionTLS10, tls.VersionTLS12, everything},
	"TLS-1-0-2015-04":     {tls.VersionTLS10, tls.VersionTLS12, legacy},
	"TLS-1-1-2017-01":     {tls.VersionTLS11, tls.VersionTLS12, everything},
	"TLS-1-2-2017-01":     {tls.VersionTLS12, tls.VersionTLS12, noSHA},
	"TLS-1-2-Ext-2018-06": {tls.VersionTLS12, tls.VersionTLS12, everything},
	"FS-2018-06":          {tls.VersionTLS10, tls.VersionTLS12, forwardAll},
	"FS-1-1-2019-08":      {tls.VersionTLS11, tls.VersionTLS12, forwardAll},
	"FS-1-2-2019-08":      {tls.VersionTLS12, tls.VersionTLS12, forwardAll},
	"FS-1-2-Res-2019-08":  {tls.VersionTLS12, tls.VersionTLS12, forward},
	"FS-1-2-Res-2020-10":  {tls.VersionTLS12, tls.VersionTLS12, restricted},
	"TLS13-1-0":           {tls.VersionTLS10, tls.VersionTLS13, everything},
	"TLS13-1-1":           {tls.VersionTLS11, tls.VersionTLS13, everything},
	"TLS13-1-2":           {tls.VersionTLS12, tls.VersionTLS13, forward},
	"TLS13-1-2-Ext0":      {tls.VersionTLS12, tls.VersionTLS13, forwardAll},
	"TLS13-1-2-Ext1":      {tls.VersionTLS12, tls.VersionTLS13, noSHA},
	"TLS13-1-2-Ext2":      {tls.VersionTLS12, tls.VersionTLS13, everything},
	"TLS13-1-2-Res":       {tls.VersionTLS12, tls.VersionTLS13, restricted},
	"TLS13-1-3":           {tls.VersionTLS13, tls.VersionTLS13, nil},
}

// policyNamed returns the security policy with a name of AWS.
func policyNamed(name string) (securityPolicy, error) {
	short := strings.TrimPrefix(name, "ELBSecurityPolicy-")
	if strings.HasPrefix(short, "TLS13-") { // Such as TLS13-1-2-Ext1-FIPS-PQ-2025-09.
		short = short[:max(0, len(short)-len("-2025-09"))]
		short = strings.TrimSuffix(strings.TrimSuffix(short, "-PQ"), "-FIPS")
	}
	policy, ok := securityPolicies[short]
	if !ok {
		return policy, fmt.Errorf("sslPolicy = %q: want a security policy of AWS", name)
	}
	return policy, nil
}

// groups returns the groups for key exchange that a policy allows, best first.
func groups(policy string) []tls.CurveID {
	classic := []tls.CurveID{tls.X25519, tls.CurveP256, tls.CurveP384}
	if strings.Contains(policy, "-PQ-") {
		return append([]tls.CurveID{tls.X25519MLKEM768}, classic...)
	}
	return classic
}

// alpnPolicies are the protocols of an ALPN policy, best first.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html#alpn-policies
var alpnPolicies = map[string][]string{
	"HTTP1Only":      {"http/1.1", "http/1.0"},
	"HTTP2Only":      {"h2"},
	"HTTP2Optional":  {"http/1.1", "http/1.0", "h2"},
	"HTTP2Preferred": {"h2", "http/1.1", "http/1.0"},
}

// negotiate returns the first protocol of an ALPN policy that a client offers, or
// nothing. AWS then uses no ALPN, even if the policy is HTTP2Only.
func negotiate(policy string, offered []string) string {
	for _, protocol := range alpnPolicies[policy] {
		if slices.Contains(offered, protocol) {
			return protocol
		}
	}
	return ""
}

// opensslNames are the names that access logs have for the cipher suites of the
// policies.
var opensslNames = map[uint16]string{
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: "ECDHE-ECDSA-AES128-GCM-SHA256",
	tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256:   "ECDHE-RSA-AES128-GCM-SHA256",
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: "ECDHE-ECDSA-AES256-GCM-SHA384",
	tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384:   "ECDHE-RSA-AES256-GCM-SHA384",
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256: "ECDHE-ECDSA-AES128-SHA256",
	tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256:   "ECDHE-RSA-AES128-SHA256",
	tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA:    "ECDHE-ECDSA-AES128-SHA",
	tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA:      "ECDHE-RSA-AES128-SHA",
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA:    "ECDHE-ECDSA-AES256-SHA",
	tls.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA:      "ECDHE-RSA-AES256-SHA",
	tls.TLS_RSA_WITH_AES_128_GCM_SHA256:         "AES128-GCM-SHA256",
	tls.TLS_RSA_WITH_AES_256_GCM_SHA384:         "AES256-GCM-SHA384",
	tls.TLS_RSA_WITH_AES_128_CBC_SHA256:         "AES128-SHA256",
	tls.TLS_RSA_WITH_AES_128_CBC_SHA:            "AES128-SHA",
	tls.TLS_RSA_WITH_AES_256_CBC_SHA:            "AES256-SHA",
	tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA:           "DES-CBC3-SHA",
}

// suiteName returns the name that access logs have for a cipher suite.
func suiteName(suite uint16) string {
	if name := opensslNames[suite]; name != "" {
		return name
	}
	return tls.CipherSuiteName(suite) // OpenSSL and Go name the suites of TLS 1.3 alike.
}
