package config

import "regexp"

// Format describes the values of a field for error messages, documentation and
// the JSON Schema.
type Format struct {
	Want     string         // What is accepted, such as "a VPC ID".
	Example  string         // In YAML, as a user would write it.
	Pattern  *regexp.Regexp // For text; in the syntax that RE2 and ECMA 262 share. Nil if any text is accepted.
	Most     int            // Highest number of characters of a text; 0 if the pattern says it or there is none.
	Values   []string       // All accepted values; nil if there are too many.
	Why      string         // Why the key is required; empty if that is obvious.
	Least    int            // Lowest number of items in a list.
	TooFew   string         // What is accepted instead of a shorter list.
	Unique   string         // What an item of a list is called, if no item may occur twice.
	Computed string         // In words, the value if the key is left out, if it depends on other keys.
}

// FormatOf returns the format with a name, as `format` tags use it.
func FormatOf(name string) (Format, bool) {
	format, found := formats[name]
	return format, found
}

// String returns what is accepted, with an example.
func (f Format) String() string {
	if f.Example == "" {
		return f.Want
	}
	return f.Want + ", such as " + f.Example
}

// DefaultSslPolicy is the security policy of TLS listeners unless one is
// configured. It admits TLS 1.2 and 1.3.
const DefaultSslPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06"

// tagMarks are the characters of tags that are no letters and no digits, for a
// class of a regular expression.
const tagMarks = ` _.:/=+@-`

// plainSegment matches one segment of a path. It is not . or .., which clients remove from a URL before they ask.
// https://datatracker.ietf.org/doc/html/rfc3986#section-5.2.4
const plainSegment = `\.*[A-Za-z0-9_-][A-Za-z0-9._-]*`

// routeSegment matches one segment of the path of a route.
const routeSegment = plainSegment + `|\{[A-Za-z0-9._-]+\}`

// The names of roles, users and policies, after a path in an ARN.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const (
	iamPath   = `([!-~]{0,510}/)?`
	iamName   = `[A-Za-z0-9_+=,.@-]{1,64}`
	iamPolicy = `[A-Za-z0-9_+=,.@-]{1,128}`
)

var formats = map[string]Format{
	// AWS keeps the prefix aws: for itself.
	// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
	"tagKey": {
		Want: "the key of a tag: 1 to 128 letters, digits, spaces and _ . : / = + - @, not beginning with aws:",
		Pattern: regexp.MustCompile(`^([B-Zb-z0-9` + tagMarks + `]|[Aa]($|[A-VX-Za-vx-z0-9` + tagMarks + `])|` +
			`[Aa][Ww]($|[A-RT-Za-rt-z0-9` + tagMarks + `])|[Aa][Ww][Ss]($|[A-Za-z0-9 _./=+@-]))` +
			`[A-Za-z0-9` + tagMarks + `]{0,127}$`),
	},
	"tagValue": {
		Want:    "the value of a tag: up to 256 letters, digits, spaces and _ . : / = + - @",
		Pattern: regexp.MustCompile(`^[A-Za-z0-9` + tagMarks + `]{0,256}$`),
	},
	"kmsKeyArn": {
		Want:    "the ARN of a KMS key, not of an alias",
		Example: "arn:aws:kms:us-east-1:123456789012:key/a1b2c3d4-5678-90ab-cdef-1234567890ab",
		Pattern: regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$`),
	},
	"webAclArn": {
		Want:    "the ARN of a web ACL for regional resources",
		Example: "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/apis/a1b2c3d4-5678-90ab-cdef-1234567890ab",
		Pattern: regexp.MustCompile(`^arn:aws[a-z-]*:wafv2:[a-z0-9-]+:[0-9]{12}:` +
			`regional/webacl/[A-Za-z0-9_-]{1,128}/[0-9a-f-]{36}$`),
	},
	"vpcId": {
		Want:    "a VPC ID",
		Example: "vpc-0123456789abcdef0",
		Pattern: regexp.MustCompile(`^vpc-([0-9a-f]{8}|[0-9a-f]{17})$`),
	},
	"subnetId": {
		Want:    "a subnet ID",
		Example: "subnet-0123456789abcdef0",
		Pattern: regexp.MustCompile(`^subnet-([0-9a-f]{8}|[0-9a-f]{17})$`),
	},
	"apiId": {
		Want:    "the ID of a REST API",
		Example: "a1b2c3d4e5",
		Pattern: regexp.MustCompile(`^[a-z0-9]{10}$`),
	},
	"instanceId": {
		Want:    "an instance ID",
		Example: "i-0123456789abcdef0",
		Pattern: regexp.MustCompile(`^i-([0-9a-f]{8}|[0-9a-f]{17})$`),
	},
	"hostedZoneId": {
		Want:    "a hosted zone ID",
		Example: "Z0123456789EXAMPLE01",
		Pattern: regexp.MustCompile(`^Z[0-9A-Z]{5,31}$`),
	},
	"certificateArn": {
		Want:    "a certificate ARN",
		Example: "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
		Pattern: regexp.MustCompile(`^arn:aws[a-z-]*:acm:[a-z0-9-]+:[0-9]{12}:certificate/[0-9a-f-]{36}$`),
	},
	"topicArn": {
		Want:    "the ARN of an SNS topic",
		Example: "arn:aws:sns:us-east-1:123456789012:alarms",
		Pattern: regexp.MustCompile(`^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$`),
	},
	"email": {
		Want:    "an e-mail address",
		Example: "alarms@example.com",
		Pattern: regexp.MustCompile(`^[!-?A-~]+@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]+$`),
		Most:    254,
	},
	"emails": {
		Want:    "e-mail addresses",
		Example: "[alarms@example.com]",
		Unique:  "address",
	},
	"policyArn": {
		Want:    "the ARN of an IAM policy",
		Example: "arn:aws:iam::123456789012:policy/boundary",
		Pattern: regexp.MustCompile(`^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/` + iamPath + iamPolicy + `$`),
	},
	"roleArn": {
		Want:    "the ARN of a role",
		Example: "arn:aws:iam::123456789012:role/consumer",
		Pattern: regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:role/` + iamPath + iamName + `$`),
	},
	// https://docs.aws.amazon.com/vpc/latest/privatelink/configure-endpoint-service.html
	"principal": {
		Want:    "* or the ARN of an account, a role or a user",
		Example: "arn:aws:iam::123456789012:root",
		Pattern: regexp.MustCompile(
			`^(\*|arn:aws[a-z-]*:iam::[0-9]{12}:(root|(role|user)/` + iamPath + iamName + `))$`),
	},
	"callerArn": {
		Want:    "the ARN of a role or a user",
		Example: "arn:aws:iam::123456789012:role/orders",
		Pattern: regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/` + iamPath + iamName + `$`),
	},
	"callers": {
		Want:    "who may call",
		Example: "[arn:aws:iam::123456789012:role/orders]",
		Unique:  "caller",
	},
	"userPoolArn": {
		Want:    "the ARN of a user pool",
		Example: "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEfGhI",
		Pattern: regexp.MustCompile(
			`^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:[0-9]{12}:userpool/[a-z0-9-]+_[A-Za-z0-9]+$`),
	},
	"userPools": {
		Want:    "user pools of Cognito",
		Example: "[arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbCdEfGhI]",
		Unique:  "user pool",
	},
	"headerName": {
		Want:    "the name of a header",
		Example: "X-Token",
		Most:    256,
		Pattern: regexp.MustCompile(`^[A-Za-z0-9_-]+$`),
	},
	// https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Origin
	"origin": {
		Want:    "an origin: a scheme, a host name in lower case and perhaps a port, without a path; or only *",
		Example: "https://www.example.com",
		Pattern: regexp.MustCompile(`^(\*|https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?)$`),
		Most:    267, // A name of 253, with https:// and a port.
	},
	"origins": {
		Want:    "the origins of the pages that may call",
		Example: "[https://www.example.com]",
		Unique:  "origin",
	},
	"corsHeaders": {
		Want:     "names of headers",
		Example:  "[X-Request-Id]",
		Computed: "none but those that the routes need",
		Unique:   "header",
	},
	"serviceName": {
		Want:    "the name of an endpoint service",
		Example: "com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
		Pattern: regexp.MustCompile(`^com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-([0-9a-f]{8}|[0-9a-f]{17})$`),
	},
	"stageName": {
		Want:    "up to 128 letters, digits and underscores",
		Example: "live",
		Pattern: regexp.MustCompile(`^[A-Za-z0-9_]{1,128}$`),
	},
	"pathSegment": {
		Want:    "one path segment of letters, digits, dots, hyphens and underscores, and not of dots only",
		Example: "orders",
		Pattern: regexp.MustCompile(`^` + plainSegment + `$`),
		Most:    128,
	},
	"routePath": {
		Want: "segments with slashes between them: letters, digits, dots, hyphens and underscores, not dots only, " +
			"or {name}, and {name+} as the last one",
		Most:    1024,
		Example: "orders/{id}",
		Pattern: regexp.MustCompile(
			`^((` + routeSegment + `)(/(` + routeSegment + `))*(/\{[A-Za-z0-9._-]+\+\})?|\{[A-Za-z0-9._-]+\+\})$`),
	},
	"functionName": {
		Want:    "a name for a function: up to 24 lower-case letters, digits and hyphens, beginning with a letter",
		Example: "orders",
		Pattern: regexp.MustCompile(`^[a-z][a-z0-9-]{0,23}$`),
	},
	"apiName": {
		Want:    "a name for an API: up to 24 lower-case letters, digits and hyphens, beginning with a letter",
		Example: "billing",
		Pattern: regexp.MustCompile(`^[a-z][a-z0-9-]{0,23}$`),
	},
	// The host name of a certificate and a record; AWS accepts no final dot. DNS takes no longer names.
	// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
	"domainName": {
		Most:    253,
		Want:    "a fully qualified domain name in lower case without a final dot",
		Example: "api.example.com",
		Pattern: regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$`),
	},
	"privateCa": {
		Want:    "the name of the private CA and why it is used, in words",
		Example: "Example Corp Root CA signs all servers in the data center",
		Pattern: regexp.MustCompile(`\p{L}.*\s.*\p{L}`),
		Most:    1000,
	},
	// Names of policies that admit no protocol below TLS 1.2.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
	"sslPolicy": {
		Want:    "an NLB security policy of TLS 1.2 or later",
		Example: DefaultSslPolicy,
		Pattern: regexp.MustCompile(`^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)(-[A-Za-z0-9-]+)?$`),
	},
	// Amazon Linux 2023 does not run on first-generation ARM instances.
	// https://docs.aws.amazon.com/linux/al2023/ug/system-requirements.html
	// https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
	"armInstanceType": {
		Want:    "a type with an AWS Graviton2 or later processor",
		Example: "t4g.micro",
		Pattern: regexp.MustCompile(`^[a-z]+[0-9]+g[a-z]*(-[a-z0-9]+)?\.[a-z0-9-]+$`),
	},
	"archive": {
		Want:    "the path of a zip file",
		Example: "bin/hello.zip",
		Most:    4096,
	},
	// Nobody may be given permission to invoke the version $LATEST by this name.
	// https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
	"functionArn": {
		Want:    "the ARN of a function, with or without an alias or a version",
		Example: "arn:aws:lambda:us-east-1:123456789012:function:orders:live",
		Pattern: regexp.MustCompile(
			`^arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}(:[A-Za-z0-9_-]{1,128})?$`),
	},
	"openApi": {
		Want:    "the path of an OpenAPI document in JSON or YAML",
		Example: "api.yaml",
		Most:    4096,
	},
	"clientArchive": {
		Want:    "the path of a zip file",
		Example: "bin/client.zip",
		Most:    4096,
	},
	"imageUri": {
		Want:    "the URI of an image in ECR, with a tag or a digest",
		Example: "123456789012.dkr.ecr.us-east-1.amazonaws.com/orders:1.4",
		Pattern: regexp.MustCompile(`^[0-9]{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/` +
			`[a-z0-9][a-z0-9/._-]*(:[A-Za-z0-9_.-]{1,128}|@sha256:[0-9a-f]{64})$`),
	},
	// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
	"runtime": {
		Want:    "the identifier of a runtime of Lambda",
		Example: "python3.13",
		Pattern: regexp.MustCompile(`^(nodejs|python|java|dotnet|ruby|provided)[a-z0-9.]*$`),
	},
	"handler": {
		Want:    "the name of a handler, without spaces",
		Example: "orders.handler",
		Pattern: regexp.MustCompile(`^[^\s]{1,128}$`),
	},
	// https://docs.aws.amazon.com/lambda/latest/api/API_Environment.html
	"variableName": {
		Want:    "the name of an environment variable: a letter, then letters, digits and underscores",
		Example: "TABLE",
		Pattern: regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]+$`),
	},
	// The periods that CloudWatch Logs accepts.
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
	"logRetention": {
		Want: "a number of days that CloudWatch Logs accepts",
		Values: []string{
			"1", "3", "5", "7", "14", "30", "60", "90", "120", "150", "180", "365", "400", "545", "731",
			"1096", "1827", "2192", "2557", "2922", "3288", "3653",
		},
	},
	"vpcRange": {
		Want:    "the VPC's IPv4 range",
		Example: "10.0.0.0/16",
	},
	// Local zones have such names too. Only AWS knows the zones of the stack's region.
	"zoneName": {
		Want:    "the name of an Availability Zone",
		Example: "us-east-1a",
		Pattern: regexp.MustCompile(`^[a-z]+(-[a-z]+)+-[0-9]+(-[a-z]+-[0-9]+)?[a-z]$`),
	},
	"zoneNames": {
		Want:    "names of Availability Zones",
		Example: "[us-east-1a, us-east-1b]",
		Least:   2,
		TooFew:  "at least two zones: losing the only one takes the API down",
		Unique:  "zone",
	},
	"internetClients": {
		Want:    "the clients' IPv4 ranges",
		Example: "[192.0.2.0/24]",
		Why:     "everyone who passes the load balancer passes the API's VPC check",
		Unique:  "range",
	},
	"vpcClients": {
		Want:    "the IPv4 ranges of the clients in the VPC",
		Example: "[10.0.0.0/16]",
		Unique:  "range",
	},
	"consumerClients": {
		Want:     "the private IPv4 ranges of the consumers' clients",
		Example:  "[10.6.0.0/16]",
		Least:    1,
		TooFew:   "at least one range; or leave it out, to admit all principals' clients",
		Computed: "none: every client of an accepted endpoint may connect",
		Unique:   "range",
	},
	"apiIds": {
		Want:    "IDs of REST APIs of the region",
		Example: "[a1b2c3d4e5]",
		Unique:  "API",
	},
	"principals": {
		Want:    "who may ask for an endpoint",
		Example: "[arn:aws:iam::123456789012:root]",
		Unique:  "principal",
	},
	"publicRanges": {
		Want:     "one IPv4 range per zone",
		Example:  "[10.0.0.0/24, 10.0.1.0/24]",
		Computed: "the VPC divided evenly",
	},
	"privateRanges": {
		Want:     "one IPv4 range per zone",
		Example:  "[10.0.10.0/24, 10.0.11.0/24]",
		Computed: "the VPC divided evenly",
	},
	"dualstackRanges": {
		Want:     "one IPv4 range per zone",
		Example:  "[10.0.20.0/24, 10.0.21.0/24]",
		Computed: "the VPC divided evenly",
	},
	"subnetIds": {
		Want:     "one subnet ID per zone",
		Example:  "[subnet-0123456789abcdef0, subnet-0123456789abcdef1]",
		Least:    2,
		TooFew:   "the IDs of at least two subnets in different zones",
		Computed: "required",
	},
	"dualstackClients": {
		Want:    "ranges of clients",
		Example: `["2001:db8:1234::/48", 10.8.0.0/16]`,
		Unique:  "range",
	},
	"endpointAddresses": {
		Want:     "one address per private subnet",
		Example:  "[10.0.10.19, 10.0.11.31]",
		Computed: "host 10 of each private subnet",
	},
	"frontAddresses": {
		Want:     "one address per dualstack subnet",
		Example:  "[10.0.20.19, 10.0.21.31]",
		Computed: "host 10 of each dualstack subnet",
	},
	"frontIpv6Addresses": {
		Want:     "one address per dualstack subnet",
		Example:  `["2001:db8:1234:20::a", "2001:db8:1234:21::a"]`,
		Computed: "host a of each dualstack subnet",
	},
	"instanceIds": {
		Want:    "IDs of instances",
		Example: "[i-0123456789abcdef0, i-0123456789abcdef1]",
		Least:   1,
		TooFew:  "at least one target, in each zone unless front.crossZone is on",
		Unique:  "target",
	},
	"targetAddresses": {
		Want:    "addresses of servers",
		Example: "[10.5.10.7, 10.5.11.7]",
		Least:   1,
		TooFew:  "at least one target, in each zone unless front.crossZone is on",
		Unique:  "target",
	},
	"backendAddresses": {
		Want:    "addresses of servers",
		Example: "[10.103.10.172]",
		Least:   1,
		TooFew:  "at least one address",
		Unique:  "target",
	},
}
