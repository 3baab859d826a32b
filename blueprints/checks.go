package blueprints

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"private-api-blueprints/internal/settings"
)

var (
	vpcId          = format{`^vpc-([0-9a-f]{8}|[0-9a-f]{17})$`, "a VPC id, such as vpc-0123456789abcdef0"}
	subnetId       = format{`^subnet-([0-9a-f]{8}|[0-9a-f]{17})$`, "a subnet id, such as subnet-0123456789abcdef0"}
	zoneId         = format{`^Z[0-9A-Z]{5,31}$`, "a hosted zone id, such as Z0123456789EXAMPLE01"}
	certificateArn = format{
		`^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]{36}$`,
		"a certificate ARN, such as arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
	}
	stageName = format{`^[A-Za-z0-9_]{1,128}$`, "letters, digits and underscores, 128 at the most"}
	// The host name of a certificate and a record; AWS takes no trailing dot.
	domainName = format{
		`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$`,
		"a fully qualified domain name in lower case without a final dot, such as api.example.com",
	}
	pathSegment = format{`^[A-Za-z0-9._-]+$`, "one path segment of letters, digits, dots, hyphens and underscores"}
	privateCa   = format{`\pL.*\s.*\pL`, "the name of the private CA and why it is used, in words"}
	// Names that admit no protocol below TLS 1.2.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
	sslPolicy = format{
		`^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)(-[A-Za-z0-9-]+)?$`,
		"an NLB security policy of TLS 1.2 or later, such as " + defaultSslPolicy,
	}
)

// logRetentionDays are the periods that CloudWatch Logs takes.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
var logRetentionDays = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

// format is a shape of text and how to say it.
type format struct{ pattern, want string }

// checks records to problems the values that are not acceptable, each under
// its key below prefix.
type checks struct {
	*settings.Problems
	prefix string
}

func (c checks) at(key string) string { return c.prefix + key }

// text requires a value of the format.
func (c checks) text(key, value string, want format) {
	switch {
	case c.Any(c.at(key)): // Of another type: said already.
	case value == "":
		c.Add(c.at(key), nil, "required: %s", want.want)
	case !regexp.MustCompile(want.pattern).MatchString(value):
		c.Add(c.at(key), value, "want %s", want.want)
	}
}

// choice requires one of the values.
func (c checks) choice(key, value string, accepted ...string) {
	switch {
	case c.Any(c.at(key)):
	case value == "":
		c.Add(c.at(key), nil, "required: %s", oneOf(accepted))
	case !slices.Contains(accepted, value):
		c.Add(c.at(key), value, "want %s", oneOf(accepted))
	}
}

// between requires a number in a range, both ends included.
func (c checks) between(key string, value, low, high int) {
	if !c.Any(c.at(key)) && (value < low || value > high) {
		c.Add(c.at(key), value, "want a whole number from %d to %d", low, high)
	}
}

// retention requires a period that CloudWatch Logs takes.
func (c checks) retention(key string, value int) {
	if !c.Any(c.at(key)) && !slices.Contains(logRetentionDays, value) {
		c.Add(c.at(key), value, "want a number of days that CloudWatch Logs takes: %s", strings.Trim(fmt.Sprint(logRetentionDays), "[]"))
	}
}

// oneOf says a choice in words.
func oneOf(accepted []string) string {
	if len(accepted) == 1 {
		return accepted[0]
	}
	last := len(accepted) - 1
	return strings.Join(accepted[:last], ", ") + " or " + accepted[last]
}
