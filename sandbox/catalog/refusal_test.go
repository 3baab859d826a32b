package catalog

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
)

// TestRequestsAreRefusedAsByAWS makes the requests that testdata says AWS refuses. Without the
// change each object is accepted.
func TestRequestsAreRefusedAsByAWS(t *testing.T) {
	for file, c := range readCases(t) {
		for _, row := range c.Refusals {
			t.Run(file+"/"+row.Why, func(t *testing.T) {
				accepted := newWorld(t)
				accepted.prepare(row)
				accepted.id(row.Object)

				w := newWorld(t)
				w.prepare(row)
				before, err := w.refuse(row)
				assertRefused(t, err, row.Code)
				require.NotEmpty(t, row.Says)
				assert.ErrorContains(t, err, row.Says)
				assert.Equal(t, before, w.account.Objects(), "a refused request changes nothing")
			})
		}
	}
}

// prepare creates what must exist for a refusal.
func (w *world) prepare(row refusalCase) {
	for _, name := range row.After {
		w.id(name)
	}
}

// refuse makes the request of a refusal. It returns what the account held before
// and the refusal.
func (w *world) refuse(row refusalCase) ([]cloud.Object, error) {
	w.t.Helper()
	if row.Update {
		w.id(row.Object)
		require.NoError(w.t, w.update(row.Object, w.inputs(row.Object)), "an update that changes nothing")
	}
	inputs := w.inputs(row.Object) // Before the steps, which may delete what these need.
	w.do(row.Steps)
	maps.Copy(inputs, w.filled(row.Change))
	before := w.account.Objects()
	if row.Update {
		return before, w.update(row.Object, inputs)
	}
	_, err := w.create(row.Object, inputs)
	return before, err
}

// assertRefused asserts that an error is a complete refusal of a code.
func assertRefused(t *testing.T, err error, code string) {
	t.Helper()
	var refusal *cloud.Refusal
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, code, refusal.Code, refusal.Message)
	assert.Regexp(t, `^https://\S+$`, refusal.Source)
	assert.NotContains(t, refusal.Message, "%", "a template without its values")
}

func TestUnknownTypesAndFunctionsAreNamed(t *testing.T) {
	account, _ := open(t)
	_, _, err := account.Create("us-east-1", urn("x"), "aws:rds/instance:Instance", nil)
	assert.ErrorContains(t, err, "the sandbox does not simulate aws:rds/instance:Instance")
	assert.ErrorContains(t, err, vpcType, "lists the known types")
	_, err = account.Invoke(cloud.Caller{Region: "us-east-1"}, "aws:ec2/getAmi:getAmi", nil)
	assert.ErrorContains(t, err, "the sandbox does not simulate the function aws:ec2/getAmi:getAmi")
}

// TestObjectsInUseAreNotDeleted deletes an object while another one blocks that, and again
// after the other one is deleted.
func TestObjectsInUseAreNotDeleted(t *testing.T) {
	for _, c := range readCases(t) {
		for _, row := range c.Deletions {
			t.Run(row.Object+" blocked by "+row.By+row.Why, func(t *testing.T) {
				w := newWorld(t)
				id := w.id(row.Object)
				if row.By != "" {
					row.Steps, row.Freed = []step{{Create: row.By}}, []step{{Delete: row.By}}
				}
				w.do(row.Steps)
				before := w.account.Objects()
				assertRefused(t, w.delete(row.Object), row.Code)
				assert.Equal(t, before, w.account.Objects(), "a refused request changes nothing")
				w.do(row.Freed)
				require.NoError(t, w.delete(row.Object))
				assert.Nil(t, find(w.account, w.objects[row.Object].Type, id))
			})
		}
	}
}

// TestHostBitsOfARangeAreRefusedByTheProvider expects no code of AWS, which would
// clear the bits.
func TestHostBitsOfARangeAreRefusedByTheProvider(t *testing.T) {
	for _, row := range []struct{ object, key, cidr, meant string }{
		{"vpc", "cidrBlock", "10.0.0.1/16", "10.0.0.0/16"},
		{"subnet a", "cidrBlock", "10.0.1.7/24", "10.0.1.0/24"},
		{"rule", "cidrIpv4", "10.0.0.7/16", "10.0.0.0/16"},
		{"ipv6 rule", "cidrIpv6", "2001:db8::7/32", "2001:db8::/32"},
	} {
		t.Run(row.object, func(t *testing.T) {
			w := newWorld(t)
			_, err := w.create(row.object, w.changed(row.object, props{row.key: row.cidr}))
			assert.EqualError(t, err,
				fmt.Sprintf("%s: %q is not a valid CIDR block; did you mean %q?", row.key, row.cidr, row.meant))
		})
	}
}

// wrongReferences are changes that name an object in the wrong way.
var wrongReferences = []struct {
	object string
	change props
	says   string
}{
	{
		object: "endpoint",
		change: props{"securityGroupIds": []any{"${group.arn}"}}, says: "The security group 'arn:aws:ec2",
	},
	{
		object: "endpoint",
		change: props{"subnetIds": []any{"${subnet a.arn}"}}, says: "The subnet ID 'arn:aws:ec2",
	},
	{
		object: "subnet a",
		change: props{"vpcId": "${vpc.arn}"}, says: "The vpc ID 'arn:aws:ec2",
	},
	{
		object: "nlb with group",
		change: props{"securityGroups": []any{"${group.arn}"}}, says: "The security group 'arn:aws:ec2",
	},
	{
		object: "linked api",
		change: props{
			"endpointConfiguration": props{"types": "PRIVATE", "vpcEndpointIds": []any{"${endpoint.arn}"}},
		},
		says: "Invalid VPC endpoint ID arn:aws:ec2",
	},
	{
		object: "function",
		change: props{"role": "${role}"}, says: "cannot be assumed by Lambda: role",
	},
	{
		object: "attached policy",
		change: props{"role": "${gateway role.arn}"}, says: "The role with name arn:aws:iam",
	},
	{
		object: "account",
		change: props{"cloudwatchRoleArn": "${gateway role}"}, says: "add the required role policy. (gateway)",
	},
	{
		object: "stage",
		change: props{"accessLogSettings": props{"destinationArn": "${log group}", "format": "$context.requestId"}},
		says:   "Invalid access log destination /api",
	},
	{
		object: "nlb with logs",
		change: props{"accessLogs": props{"enabled": true, "bucket": "${bucket.arn}"}},
		says:   "S3 bucket does not exist: arn:aws:s3",
	},
	{
		object: "access",
		change: props{"domainNameArn": "${private domain}"}, says: "Invalid domain name identifier specified",
	},
	{
		object: "deployment",
		change: props{"restApi": "${api.arn}"}, says: "Invalid API identifier specified arn:aws:apigateway",
	},
}

// TestReferencesAreByIDOrByARN gives the ARN if AWS wants the ID or the name, or
// the other way round.
func TestReferencesAreByIDOrByARN(t *testing.T) {
	for _, row := range wrongReferences {
		t.Run(row.object+": "+row.says, func(t *testing.T) {
			w := newWorld(t)
			w.id("account")
			_, err := w.create(row.object, w.changed(row.object, row.change))
			assert.ErrorContains(t, err, row.says)
		})
	}
}

// TestTooLongValuesAreRefused has values that nobody wants to read in testdata.
func TestTooLongValuesAreRefused(t *testing.T) {
	w := newWorld(t)
	policy := `{"Statement":[]}` + strings.Repeat(" ", 8192)
	_, err := w.create("api policy", w.changed("api policy", props{"policy": policy}))
	assertRefused(t, err, "BadRequestException")
	assert.ErrorContains(t, err, "Policy size limit exceeded: 8208 characters, at most 8192")

	_, err = w.create("instance", w.changed("instance", props{"userData": strings.Repeat("x", 16385)}))
	assertRefused(t, err, "InvalidParameterValue")
	assert.ErrorContains(t, err, "User data is limited to 16384 bytes, not 16385")
}

// TestRulesOfASecurityGroupAreCounted adds rules as separate resources, up to the
// quota of an IP version.
func TestRulesOfASecurityGroupAreCounted(t *testing.T) {
	w := newWorld(t)
	from := func(octet int) props { return props{"cidrIpv4": fmt.Sprintf("10.%d.0.0/16", octet)} }
	for i := range rulesPerGroup - 1 {
		_, err := w.create("rule", w.changed("rule", from(i)))
		require.NoError(t, err)
	}
	other := props{"cidrIpv4": nil, "referencedSecurityGroupId": "${second group}"}
	_, err := w.create("rule", w.changed("rule", other))
	require.NoError(t, err, "the last one")

	_, err = w.create("rule", w.changed("rule", from(rulesPerGroup)))
	assertRefused(t, err, "RulesPerSecurityGroupLimitExceeded")
	_, err = w.create("rule", w.changed("rule", props{"cidrIpv4": nil, "cidrIpv6": "2001:db8::/32"}))
	assert.NoError(t, err, "IPv6 has its own count, of one rule so far: that of the other group")
	_, err = w.create("group rule", w.inputs("group rule"))
	assert.NoError(t, err, "so has the other direction")
}
