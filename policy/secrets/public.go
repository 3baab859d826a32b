package secrets

import (
	"regexp"
	"strings"
)

// words are words that AWS, HTTP, and policy and OpenAPI documents define, in lower case.
var words = wordsOf(`
	true false null none any all default $default undefined available enabled disabled active
	allow deny effect action resource principal condition statement version 2008-10-17 2012-10-17
	get put post patch delete head options http https http/1.1 http1 http2 tcp_udp tls_tcp quic grpc path query header
	host method source ipv4 ipv6 dualstack dual-stack internal internet internet-facing instance lambda application
	network gateway interface private public regional edge edge-optimized open optional recommended enforce
	aws_proxy http_proxy mock aws_iam custom cognito_user_pools jwt request token vpc_link internet_gateway
	forward redirect fixed-response authenticate ingress egress inbound outbound local create update name
	0.0.0.0/0 ::/0 0.0.0.0 arn aws-cn aws-us-gov root role user policy service stage integration restapis
	loadbalancer listener targetgroup function invocations 2015-03-31 functions
	json text application/json text/html text/plain string integer number boolean object array
	amazonaws.com amazonaws.com.cn api.aws`)

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
	`(?:aws|execute-api|apigateway|lambda|logs|s3|ec2|sts|iam|kms|cloudwatch|ssm|secretsmanager|sqs|sns|dynamodb)` +
		`:[a-z*]+`, // Actions, and keys of conditions.
	`(?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?`,
	`(?:com|cn\.com)\.amazonaws(?:\.[a-z0-9-]+)*`, // Services.
	`execute-api|apigateway|elasticloadbalancing|vpce-svc`,
	`string(?:not)?(?:equals|like)(?:ignorecase)?(?:ifexists)?|(?:not)?ipaddress|arn(?:not)?(?:equals|like)`,
	`source(?:vpce?|arn|account|ip)`,
	`tls_\d_\d`,
}, "|") + `)$`)

// isPublic reports whether a text is one that somebody else defines, so that it gives nothing away.
func isPublic(text string) bool {
	lower := lowered(text)
	return words[lower] || patterns.MatchString(lower)
}

// isOfAWS reports whether a host is in a domain of AWS.
func isOfAWS(host string) bool {
	lower := lowered(host)
	for _, domain := range []string{".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws"} {
		if strings.HasSuffix(lower, domain) {
			return true
		}
	}
	return false
}
