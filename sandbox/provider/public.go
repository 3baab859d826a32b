package provider

import (
	"net/netip"
	"regexp"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// words are words that AWS, HTTP and policy documents define, in lower case.
var words = wordsOf(`
	true false null none all any default $default enabled disabled active inactive available pending
	allow deny effect action resource principal condition statement version 2008-10-17 2012-10-17
	get put post patch delete head options http https http1 http2 tcp udp tcp_udp tls grpc tls_tcp quic
	path query header host method source-ip ipv4 ipv6 dualstack ipv6-only internal internet internet-facing
	instance lambda application network gateway interface gatewayloadbalancer private public regional edge
	optional required recommended strictest defensive monitor passthrough
	aws aws_proxy http_proxy mock aws_iam custom cognito_user_pools request token vpc_link vpc
	forward redirect fixed-response round_robin least_outstanding_requests
	cloudwatch-logs cloud-watch-logs parquet plain-text accept reject error info off on
	standard infrequent_access provided.al2023 provided.al2 x86_64 arm64 zip image
	$latest create_only create update remove name root user role policy service
	text json application/json text/html text/plain string integer number boolean object array`)

// wordsOf returns the words of a text.
func wordsOf(text string) map[string]bool {
	all := map[string]bool{}
	for word := range strings.FieldsSeq(text) {
		all[word] = true
	}
	return all
}

// patterns match other texts that AWS defines, in lower case.
var patterns = regexp.MustCompile(`^(?:` + strings.Join([]string{
	`[a-z]{2}(?:-[a-z]+)+-\d[a-z]?`, // Regions and their zones.
	`[a-z]{3,4}\d-az\d`,             // IDs of zones.
	`(?:[a-z0-9-]+\.)*(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws)`, // Services.
	`(?:com|cn\.com)\.amazonaws(?:\.[a-z0-9-]+)*`,                   // Names of endpoints' services.
	`(?:aws|execute-api|apigateway|elasticloadbalancing|lambda|logs|s3|ec2|sts|iam|kms|cloudwatch|ssm|` +
		`secretsmanager|sqs|sns|dynamodb|route53|wafv2|acm):[a-z*]+`, // Actions, and keys of conditions.
	`elbsecuritypolicy-[a-z0-9-]+|tls_\d_\d|tlsv\d(?:\.\d)?(?:_\d+)?`, // Policies and versions of TLS.
	cloud.AccountID,
}, "|") + `)$`)

// account matches the number of an account.
var account = regexp.MustCompile(`^\d{12}$`)

// isPublic reports whether AWS or the sandbox defines a text, in lower case. If it is secret in a resource, it stays
// readable in others, because it gives nothing away.
func isPublic(text string) bool {
	return words[text] || patterns.MatchString(text) || text == "0.0.0.0/0" || text == "::/0"
}

// isShared reports whether resources have a text, in lower case, in common without repeating each other: a public text,
// the number of an account, an address or a range.
func isShared(text string) bool {
	if isPublic(text) || account.MatchString(text) {
		return true
	}
	_, notAddress := netip.ParseAddr(text)
	_, notRange := netip.ParsePrefix(text)
	return notAddress == nil || notRange == nil
}
