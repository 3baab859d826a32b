package config

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/internal/settings"
)

// problemOf returns the problem of a text or a list of texts, or nil. The tag is that of a field.
func problemOf(value any, tag reflect.StructTag) error {
	problems := &settings.Problems{}
	c := fieldChecks{Section: problems.Section("blueprint")}
	if text, isText := value.(string); isText {
		c.checkText("key", text, tag)
	} else {
		c.checkList("key", reflect.ValueOf(value), tag)
	}
	return problems.Err()
}

// texts is what a format of a text is tried with.
type texts struct {
	longest string   // The longest text that is accepted, or nothing if there is none. One more character is refused.
	refused []string // Texts that are refused.
}

// textsOf has a row for each format of a text.
var textsOf = map[string]texts{
	"apiId":           {"a1b2c3d4e5", []string{"a1b2c3d4e", "A1b2c3d4e5"}},
	"apiName":         {strings.Repeat("a", 24), []string{"1a", "A"}},
	"archive":         {strings.Repeat("a", 4096), nil},
	"armInstanceType": {"", []string{"t3.micro", "t4g", "T4g.micro"}},
	"callerArn": {"arn:aws:iam::123456789012:role/" + strings.Repeat("a", 64),
		[]string{"arn:aws:iam::123456789012:group/a", "arn:aws:iam::1234:role/a"}},
	"certificateArn": {"arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
		[]string{"arn:aws:acm:us-east-1:123456789012:certificate/1"}},
	"clientArchive": {strings.Repeat("a", 4096), nil},
	"domainName":    {domainOf(253), []string{"example", "api.example.com."}},
	"email":         {"a@" + domainOf(252), []string{"a", "a@example", "a@@example.com"}},
	"functionArn": {"arn:aws:lambda:us-east-1:123456789012:function:" + strings.Repeat("a", 64) + ":" +
		strings.Repeat("b", 128), []string{"arn:aws:lambda:us-east-1:123456789012:function:a:$LATEST"}},
	"functionName": {strings.Repeat("a", 24), []string{"1a", "A"}},
	"handler":      {strings.Repeat("a", 128), []string{"a b"}},
	"headerName":   {strings.Repeat("a", 256), []string{"a b", "a:"}},
	"hostedZoneId": {"Z" + strings.Repeat("A", 31), []string{"Z0", "A123456", "Z" + strings.Repeat("A", 32)}},
	"imageUri": {"123456789012.dkr.ecr.us-east-1.amazonaws.com/orders:" + strings.Repeat("a", 128),
		[]string{"docker.io/orders:1", "123456789012.dkr.ecr.us-east-1.amazonaws.com/orders"}},
	"instanceId": {"i-0123456789abcdef0", []string{"i-0123", "i-0123456789ABCDEF0"}},
	"kmsKeyArn": {"", []string{
		"arn:aws:kms:us-east-1:123456789012:alias/a", "arn:aws:kms:us-east-1:123456789012:key/a/b",
	}},
	"openApi": {strings.Repeat("a", 4096), nil},
	"origin": {"https://" + domainOf(253) + ":65535", []string{
		"https://a.example.com:123456", "https://A", "ftp://a", "https://" + strings.Repeat("a", 260),
	}},
	"pathSegment": {strings.Repeat("a", 128), []string{"..", "a/b"}},
	"policyArn": {"arn:aws:iam::123456789012:policy/" + strings.Repeat("a", 128),
		[]string{"arn:aws:iam::123456789012:role/a"}},
	"principal": {"arn:aws:iam::123456789012:user/" + strings.Repeat("a", 64), []string{"**", "123456789012"}},
	"privateCa": {"Root CA" + strings.Repeat("a", 993), []string{"Root", "1 2"}},
	"roleArn": {"arn:aws:iam::123456789012:role/" + strings.Repeat("a", 64),
		[]string{"arn:aws:iam::123456789012:user/a", "arn:aws:iam::123456789012:role/"}},
	"routePath": {strings.Repeat("a", 1024), []string{"/a", "a//b", "..", "{a+}/b"}},
	"runtime":   {"", []string{"Python3.13", "cobol"}},
	"serviceName": {"com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
		[]string{"com.amazonaws.us-east-1.s3", "com.amazonaws.vpce.us-east-1.vpce-svc-1"}},
	"sslPolicy": {"", []string{"ELBSecurityPolicy-2016-08", "ELBSecurityPolicy-TLS13-1-0-2021-06"}},
	"stageName": {strings.Repeat("a", 128), []string{"a-b"}},
	"subnetId":  {"subnet-0123456789abcdef0", []string{"subnet-0123", "vpc-01234567"}},
	"tagKey":    {strings.Repeat("b", 128), []string{"aws:a", "AWS:a", "§"}},
	"tagValue":  {strings.Repeat("a", 256), []string{"§"}},
	"topicArn": {"arn:aws:sns:us-east-1:123456789012:" + strings.Repeat("a", 256),
		[]string{"arn:aws:sqs:us-east-1:123456789012:a", "arn:aws:sns:us-east-1:123456789012:a:b"}},
	"userPoolArn": {"", []string{
		"arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1", "arn:aws:cognito-idp:us-east-1:1:userpool/a_b",
	}},
	"variableName": {"", []string{"_A", "A-B", "1A"}},
	"vpcId":        {"vpc-0123456789abcdef0", []string{"vpc-0123", "subnet-01234567"}},
	"vpcRange":     {"", nil},
	"webAclArn": {"arn:aws:wafv2:us-east-1:123456789012:regional/webacl/" + strings.Repeat("a", 128) +
		"/a1b2c3d4-5678-90ab-cdef-1234567890ab",
		[]string{"arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/a1b2c3d4-5678-90ab-cdef-1234567890ab",
			"arn:aws:wafv2:us-east-1:123456789012:regional/webacl/" + strings.Repeat("a", 129) +
				"/a1b2c3d4-5678-90ab-cdef-1234567890ab"}},
	"zoneName": {"", []string{"us-east-1", "us_east_1a", "US-EAST-1a"}},
}

func TestAFormatRefusesWhatItDoesNotDescribe(t *testing.T) {
	for name, format := range formats {
		row, tried := textsOf[name]
		if !tried && format.Pattern == nil && format.Most == 0 {
			continue // A number, or a list, whose items have formats.
		}
		if !assert.True(t, tried, "%s has no row", name) {
			continue
		}
		tag := reflect.StructTag(fmt.Sprintf("format:%q", name))
		if format.Example != "" {
			assert.NoError(t, problemOf(format.Example, tag), name)
		}
		if row.longest != "" {
			assert.NoError(t, problemOf(row.longest, tag), name)
			assert.Error(t, problemOf(row.longest+"a", tag), "%s: a character more", name)
		}
		for _, text := range row.refused {
			assert.Error(t, problemOf(text, tag), "%s %q", name, text)
		}
		anchored := name != "privateCa" // Words about the CA may stand anywhere.
		if anchored && format.Pattern != nil && format.Example != "" {
			assert.Error(t, problemOf("§ "+format.Example, tag), "%s: something before", name)
			assert.Error(t, problemOf(format.Example+" §", tag), "%s: something after", name)
		}
	}
}

// The rows are the fewest items of a list, and whether its items must differ.
func TestAListRefusesDuplicatesAndTooFewItems(t *testing.T) {
	for name, row := range map[string]struct {
		least  int
		unique bool
	}{
		"apiIds": {0, true}, "backendAddresses": {1, true}, "callers": {0, true}, "consumerClients": {1, true},
		"corsHeaders": {0, true}, "dualstackClients": {0, true}, "emails": {0, true}, "instanceIds": {1, true},
		"internetClients": {0, true}, "origins": {0, true}, "principals": {0, true}, "subnetIds": {2, false},
		"targetAddresses": {1, true}, "userPools": {0, true}, "vpcClients": {0, true}, "zoneNames": {2, true},
	} {
		tag := reflect.StructTag(fmt.Sprintf("list:%q", name))
		assert.NoError(t, problemOf([]string{"a", "b"}, tag), name)
		assert.Equal(t, row.unique, problemOf([]string{"a", "b", "a"}, tag) != nil, name)
		if row.least > 0 {
			assert.Error(t, problemOf(make([]string, row.least-1), tag), name)
		}
	}
}
