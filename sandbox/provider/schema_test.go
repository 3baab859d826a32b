package provider

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
)

type values = map[string]any

func kind(t *testing.T, token string) *cloud.Kind {
	t.Helper()
	account, err := cloud.Open(filepath.Join(t.TempDir(), "account.json"), catalog.New())
	require.NoError(t, err)
	k, err := account.Kind(token)
	require.NoError(t, err)
	return k
}

func checked(t *testing.T, token, name string, olds resource.PropertyMap,
	news values) (resource.PropertyMap, []plugin.CheckFailure) {
	return check(kind(t, token), plugin.CheckRequest{
		URN:  resource.URN("urn:pulumi:dev::p::" + token + "::" + name),
		Olds: olds, News: resource.NewPropertyMapFromMap(news),
	})
}

const (
	eip           = "aws:ec2/eip:Eip"
	endpoint      = "aws:ec2/vpcEndpoint:VpcEndpoint"
	loadBalancer  = "aws:lb/loadBalancer:LoadBalancer"
	securityGroup = "aws:ec2/securityGroup:SecurityGroup"
	integration   = "aws:apigateway/integration:Integration"
	ingressRule   = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	targetGroup   = "aws:lb/targetGroup:TargetGroup"
	ec2Subnet     = "aws:ec2/subnet:Subnet"
	bucket        = "aws:s3/bucketV2:BucketV2"
	instance      = "aws:ec2/instance:Instance"
	listener      = "aws:lb/listener:Listener"
)

func TestCheckFillsInDefaultsAndRemembersThem(t *testing.T) {
	inputs, failures := checked(t, endpoint, "e", nil, values{"vpcId": "vpc-1", "serviceName": "s"})
	assert.Empty(t, failures)
	assert.Equal(t, "Gateway", inputs["vpcEndpointType"].StringValue(), "the trap of the provider's default")
	assert.NotContains(t, inputs, resource.PropertyKey("privateDnsEnabled"), "AWS decides")
	assert.Equal(t, resource.NewPropertyValue([]string{"vpcEndpointType"}), inputs[defaulted])
}

func TestCheckNamesEachWrongProperty(t *testing.T) {
	for _, row := range []struct {
		why, token, name string
		news             values
		property, reason string
	}{
		{
			why:   "a required input is missing",
			token: endpoint, name: "e", news: values{"serviceName": "s"}, property: "vpcId",
			reason: "Missing required property vpcId",
		},
		{
			why:   "a property that the type does not have",
			token: eip, name: "a", news: values{"adr": "192.0.2.1"}, property: "adr", reason: "it has address",
		},
		{
			why:   "an output is no input",
			token: eip, name: "a", news: values{"publicIp": "192.0.2.1"}, property: "publicIp",
			reason: "has no property",
		},
		{
			why:   "a number out of range",
			token: targetGroup, news: values{"name": "t", "healthCheck": values{"interval": 4}},
			property: "healthCheck", reason: "expected healthCheck.interval to be in the range (5 - 300), got 4",
		},
		{
			why:   "a word that is not one of the accepted ones",
			token: targetGroup, news: values{"name": "t", "targetType": "address"}, property: "targetType",
			reason: "expected targetType to be one of",
		},
		{
			why:   "a name that AWS keeps for itself",
			token: targetGroup, news: values{"name": "internal-t"}, property: "name",
			reason: "expected name not to begin with",
		},
		{
			why:   "a name with an underscore",
			token: targetGroup, news: values{"name": "a_b"}, property: "name",
			reason: "letters, digits and inner hyphens",
		},
		{
			why:   "a name that is too long",
			token: targetGroup, news: values{"name": strings.Repeat("x", 33)}, property: "name",
			reason: "at most 32 characters",
		},
		{
			why:   "a range with host bits",
			token: ec2Subnet, news: values{"vpcId": "vpc-1", "cidrBlock": "10.0.0.7/24"}, property: "cidrBlock",
			reason: `did you mean "10.0.0.0/24"?`,
		},
		{
			why:   "two inputs that exclude each other",
			token: ec2Subnet, news: values{"vpcId": "vpc-1", "availabilityZone": "a", "availabilityZoneId": "b"},
			property: "availabilityZone", reason: `"availabilityZone": conflicts with availabilityZoneId`,
		},
		{
			why:   "none of the inputs of which one is needed",
			token: "aws:lambda/function:Function", news: values{"role": "arn:aws:iam::123456789012:role/r"},
			property: "code", reason: "one of code, imageUri, s3Bucket must be specified",
		},
		{
			why:   "a name instead of an ARN",
			token: "aws:lambda/function:Function", news: values{"role": "r", "code": "hash"}, property: "role",
			reason: `expected role to be an ARN, got "r"`,
		},
		{
			why:   "days that no log group keeps",
			token: "aws:cloudwatch/logGroup:LogGroup", news: values{"retentionInDays": 2}, property: "retentionInDays",
			reason: "expected retentionInDays to be one of",
		},
		{
			why:   "a name that AWS would find too long",
			token: loadBalancer, name: "static-ip-apigw-front-nlb", news: values{}, property: "name",
			reason: "longer than maximum length 32",
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			_, failures := checked(t, row.token, row.name, nil, row.news)
			require.Len(t, failures, 1)
			assert.EqualValues(t, row.property, failures[0].Property)
			assert.Contains(t, failures[0].Reason, row.reason)
		})
	}
}

func TestUnknownRequiredInputIsNotMissing(t *testing.T) {
	_, failures := check(kind(t, endpoint), plugin.CheckRequest{URN: "urn:pulumi:dev::p::t::e",
		News: resource.PropertyMap{"vpcId": unknown, "subnetIds": unknown}})
	assert.Empty(t, failures)
	_, failures = check(kind(t, ec2Subnet), plugin.CheckRequest{URN: "urn:pulumi:dev::p::t::e",
		News: resource.PropertyMap{
			"vpcId": unknown, "cidrBlock": unknown, "availabilityZone": unknown,
			"availabilityZoneId": resource.NewProperty("b"),
		}})
	assert.Empty(t, failures, "nor does it break a constraint")
}

func TestANameIsGeneratedOnceUnlessOneIsGiven(t *testing.T) {
	first, _ := checked(t, securityGroup, "vpce", nil, values{})
	assert.Regexp(t, `^vpce-[0-9a-f]{7}$`, first["name"].StringValue())

	again, _ := checked(t, securityGroup, "vpce", first, values{})
	assert.Equal(t, first["name"], again["name"], "a name is kept")

	fixed, _ := checked(t, securityGroup, "vpce", first, values{"name": "mine"})
	assert.Equal(t, "mine", fixed["name"].StringValue())

	freed, _ := checked(t, securityGroup, "vpce", fixed, values{})
	assert.Regexp(t, `^vpce-[0-9a-f]{7}$`, freed["name"].StringValue(),
		"a given name is not kept when it is no longer given")

	prefixed, _ := checked(t, securityGroup, "vpce", nil, values{"namePrefix": "x"})
	assert.NotContains(t, prefixed, resource.PropertyKey("name"))
	assert.True(t, expected(kind(t, securityGroup), nil, prefixed)["name"].IsComputed(), "AWS completes the prefix")

	lower, _ := checked(t, bucket, "NlbLogs", nil, values{})
	assert.True(t, strings.HasPrefix(lower["bucket"].StringValue(), "nlblogs-"), "bucket names are lower case")
}

var unknown = resource.MakeComputed(resource.NewProperty(""))

// TestAnInputThatIsNotReadBackIsChanged has an input that the provider finds
// changed at every update, unless the program ignores its changes.
func TestAnInputThatIsNotReadBackIsChanged(t *testing.T) {
	inputs := resource.NewPropertyMapFromMap(
		values{
			"loadBalancerType": "network",
			"subnetMappings":   []any{values{"subnetId": "a", "ipv6Address": "2001:db8::a"}},
		},
	)
	got := diff(kind(t, loadBalancer), inputs, inputs, nil)
	assert.Equal(t, plugin.DiffUpdateReplace, got.DetailedDiff["subnetMappings"].Kind)
	assert.Equal(t, plugin.DiffNone,
		diff(kind(t, loadBalancer), inputs, inputs, []string{"subnetMappings", "subnets"}).Changes)
}

// diffCases are changes of inputs with the differences that the provider finds.
var diffCases = []struct {
	why, token   string
	old, new     values
	want         map[string]plugin.DiffKind
	deletedFirst bool
}{
	{
		why:   "nothing changed",
		token: eip, old: values{"domain": "vpc"}, new: values{"domain": "vpc"},
	},
	{
		why:   "a tag",
		token: eip, old: values{}, new: values{"tags": values{"a": "b"}},
		want: map[string]plugin.DiffKind{"tags": plugin.DiffAdd},
	},
	{
		why:   "a property taken away",
		token: eip, old: values{"tags": values{"a": "b"}}, new: values{},
		want: map[string]plugin.DiffKind{"tags": plugin.DiffDelete},
	},
	{
		why:   "an input taken away that AWS otherwise decides",
		token: endpoint, old: values{"privateDnsEnabled": true, "policy": "{}"}, new: values{},
	},
	{
		why:   "a list taken away that AWS otherwise completes",
		token: endpoint, old: values{"securityGroupIds": []any{"a"}}, new: values{},
	},
	{
		why:   "a list that is given empty",
		token: endpoint, old: values{"securityGroupIds": []any{"a"}}, new: values{"securityGroupIds": []any{}},
		want: map[string]plugin.DiffKind{"securityGroupIds": plugin.DiffUpdate},
	},
	{
		why:   "security groups of a network load balancer taken away, which does not replace it",
		token: loadBalancer, old: values{"loadBalancerType": "network", "securityGroups": []any{"a"}},
		new: values{"loadBalancerType": "network"},
	},
	{
		why:   "access logs taken away, which AWS goes on writing",
		token: loadBalancer, old: values{"accessLogs": values{"bucket": "b", "enabled": true}}, new: values{},
	},
	{
		why:   "an input taken away that the provider does not remove",
		token: listener, old: values{"alpnPolicy": "None"}, new: values{},
		want: map[string]plugin.DiffKind{"alpnPolicy": plugin.DiffDelete},
	},
	{
		why:   "an input taken away that follows from a changed one",
		token: listener, old: values{"protocol": "TLS", "sslPolicy": "p"}, new: values{"protocol": "TCP"},
		want: map[string]plugin.DiffKind{"protocol": plugin.DiffUpdate, "sslPolicy": plugin.DiffDelete},
	},
	{
		why:   "the encryption of an instance's root volume",
		token: instance, old: values{"rootBlockDevice": values{"volumeSize": 8}},
		new:  values{"rootBlockDevice": values{"volumeSize": 8, "encrypted": true}},
		want: map[string]plugin.DiffKind{"rootBlockDevice": plugin.DiffUpdateReplace},
	},
	{
		why:   "the size of an instance's root volume",
		token: instance, old: values{"rootBlockDevice": values{"volumeSize": 8, "encrypted": true}},
		new:  values{"rootBlockDevice": values{"volumeSize": 9, "encrypted": true}},
		want: map[string]plugin.DiffKind{"rootBlockDevice": plugin.DiffUpdate},
	},
	{
		why:   "the tenancy of a VPC",
		token: "aws:ec2/vpc:Vpc", old: values{"instanceTenancy": "default"},
		new:  values{"instanceTenancy": "dedicated"},
		want: map[string]plugin.DiffKind{"instanceTenancy": plugin.DiffUpdateReplace},
	},
	{
		why:   "the tenancy of a VPC that no longer is dedicated",
		token: "aws:ec2/vpc:Vpc", old: values{"instanceTenancy": "dedicated"},
		new:  values{"instanceTenancy": "default"},
		want: map[string]plugin.DiffKind{"instanceTenancy": plugin.DiffUpdate},
	},
	{
		why:   "an input that AWS cannot change",
		token: endpoint, old: values{"vpcId": "a"}, new: values{"vpcId": "b"},
		want: map[string]plugin.DiffKind{"vpcId": plugin.DiffUpdateReplace},
	},
	{
		why:   "the order of a set",
		token: endpoint, old: values{"subnetIds": []any{"a", "b"}}, new: values{"subnetIds": []any{"b", "a"}},
	},
	{
		why:   "an element of a set",
		token: endpoint, old: values{"subnetIds": []any{"a", "a"}}, new: values{"subnetIds": []any{"a", "b"}},
		want: map[string]plugin.DiffKind{"subnetIds": plugin.DiffUpdate},
	},
	{
		why:   "which inputs were defaulted",
		token: eip, old: values{defaulted: []any{"domain"}}, new: values{defaulted: []any{}},
	},
	{
		why:   "a new group next to the old one",
		token: securityGroup, old: values{"name": "g-1", "vpcId": "a", defaulted: []any{"name"}},
		new:  values{"name": "g-1", "vpcId": "b", defaulted: []any{"name"}},
		want: map[string]plugin.DiffKind{"vpcId": plugin.DiffUpdateReplace},
	},
	{
		why:   "no new group of a fixed name next to the old one",
		token: securityGroup, old: values{"name": "g", "vpcId": "a"}, new: values{"name": "g", "vpcId": "b"},
		want: map[string]plugin.DiffKind{"vpcId": plugin.DiffUpdateReplace}, deletedFirst: true,
	},
	{
		why:   "a new name is free",
		token: securityGroup, old: values{"name": "g"}, new: values{"name": "h"},
		want: map[string]plugin.DiffKind{"name": plugin.DiffUpdateReplace},
	},
	{
		why:   "another source of a rule",
		token: ingressRule, old: values{"cidrIpv4": "10.0.0.0/16"}, new: values{"cidrIpv4": "10.1.0.0/16"},
		want: map[string]plugin.DiffKind{"cidrIpv4": plugin.DiffUpdate},
	},
	{
		why:   "another kind of source of a rule",
		token: ingressRule, old: values{"cidrIpv4": "10.0.0.0/16"},
		new: values{"referencedSecurityGroupId": "sg-1"},
		want: map[string]plugin.DiffKind{
			"cidrIpv4": plugin.DiffDeleteReplace, "referencedSecurityGroupId": plugin.DiffAddReplace,
		},
	},
	{
		why:   "an integration of the same method",
		token: integration, old: values{"type": "MOCK"}, new: values{"type": "AWS_PROXY"},
		want: map[string]plugin.DiffKind{"type": plugin.DiffUpdateReplace}, deletedFirst: true,
	},
	{
		why:   "an integration changed in place",
		token: integration, old: values{"uri": "a"}, new: values{"uri": "b"},
		want: map[string]plugin.DiffKind{"uri": plugin.DiffUpdate},
	},
	{
		why:   "the first security group of a network load balancer",
		token: loadBalancer, old: values{"loadBalancerType": "network"},
		new:  values{"loadBalancerType": "network", "securityGroups": []any{"a"}},
		want: map[string]plugin.DiffKind{"securityGroups": plugin.DiffAddReplace},
	},
}

func TestDiffSaysWhatIsUpdatedAndWhatIsReplaced(t *testing.T) {
	for _, row := range diffCases {
		t.Run(row.why, func(t *testing.T) {
			got := diff(kind(t, row.token), resource.NewPropertyMapFromMap(row.old),
				resource.NewPropertyMapFromMap(row.new), nil)
			kinds := map[string]plugin.DiffKind(nil)
			for key, change := range got.DetailedDiff {
				if kinds == nil {
					kinds = map[string]plugin.DiffKind{}
				}
				kinds[key] = change.Kind
			}
			assert.Equal(t, row.want, kinds)
			assert.Equal(t, row.deletedFirst, got.DeleteBeforeReplace)
			assert.Equal(t, row.want == nil, got.Changes == plugin.DiffNone)
		})
	}
}

func TestValueThatBecomesUnknownMayReplace(t *testing.T) {
	old := resource.PropertyMap{"vpcId": resource.NewProperty("vpc-1")}
	got := diff(kind(t, endpoint), old, resource.PropertyMap{"vpcId": unknown}, nil)
	assert.Equal(t, plugin.DiffUpdateReplace, got.DetailedDiff["vpcId"].Kind)
}

func TestPreviewKnowsInputsAndNothingThatAWSDecides(t *testing.T) {
	out := expected(
		kind(t, endpoint),
		nil,
		resource.PropertyMap{"vpcId": unknown, "privateDnsEnabled": resource.NewProperty(true),
			"tags": resource.NewPropertyValue(values{"a": "b"}), defaulted: resource.NewPropertyValue([]string{})},
	)
	assert.True(t, out["dnsEntries"].IsComputed())
	assert.True(t, out["ipAddressType"].IsComputed(), "an optional input that AWS fills in")
	assert.True(t, out["privateDnsEnabled"].BoolValue())
	assert.Equal(t, out["tags"], out["tagsAll"])
	assert.NotContains(t, out, resource.PropertyKey("id"))
	assert.NotContains(t, out, resource.PropertyKey(defaulted))
}

func TestPreviewOfAChangeKeepsWhatAWSDecided(t *testing.T) {
	before := resource.PropertyMap{
		"id": resource.NewProperty("vpce-1"), "arn": resource.NewProperty("arn:x"),
		"privateDnsEnabled": resource.NewProperty(true),
	}
	out := expected(kind(t, endpoint), before, resource.PropertyMap{"privateDnsEnabled": resource.NewProperty(false)})
	assert.Equal(t, "arn:x", out["arn"].StringValue())
	assert.Equal(t, "vpce-1", out["id"].StringValue())
	assert.False(t, out["privateDnsEnabled"].BoolValue())
}

func TestPreviewOfAChangeForgetsTheOutputsThatItInvalidates(t *testing.T) {
	vpc := kind(t, "aws:ec2/vpc:Vpc")
	old := resource.PropertyMap{"cidrBlock": resource.NewProperty("10.0.0.0/16")}
	new := resource.PropertyMap{
		"cidrBlock": resource.NewProperty("10.0.0.0/16"), "assignGeneratedIpv6CidrBlock": resource.NewProperty(true),
	}
	outputs := resource.PropertyMap{"ipv6CidrBlock": resource.NewProperty(""), "arn": resource.NewProperty("arn:x")}
	change := plugin.UpdateRequest{OldInputs: old, NewInputs: new, OldOutputs: outputs}
	out := expected(vpc, keptOutputs(vpc, change), new)
	assert.True(t, out["ipv6CidrBlock"].IsComputed(), "AWS has not assigned a block yet")
	assert.Equal(t, "arn:x", out["arn"].StringValue())

	code := kind(t, "aws:lambda/function:Function")
	for input, outputs := range map[string][]string{"subnets": {"subnetMappings"}, "subnetMappings": {"subnets"}} {
		balancer, before := kind(t, loadBalancer), resource.PropertyMap{}
		for _, key := range outputs {
			before[resource.PropertyKey(key)] = resource.NewPropertyValue([]any{})
		}
		changed := resource.PropertyMap{resource.PropertyKey(input): resource.NewPropertyValue([]any{"x"})}
		out := expected(balancer, keptOutputs(balancer, plugin.UpdateRequest{NewInputs: changed, OldOutputs: before}),
			changed)
		assert.True(t, out[resource.PropertyKey(outputs[0])].IsComputed(), "%s follows %s", outputs[0], input)
	}
	old, newer := resource.PropertyMap{"code": resource.NewProperty("a")}, resource.PropertyMap{
		"code": resource.NewProperty("b"),
	}
	before := resource.PropertyMap{
		"codeSha256": resource.NewProperty("a"), "lastModified": resource.NewProperty("then"),
		"arn": resource.NewProperty("arn:x"),
	}
	of := expected(code, keptOutputs(code, plugin.UpdateRequest{OldInputs: old, NewInputs: newer, OldOutputs: before}),
		newer)
	assert.True(t, of["codeSha256"].IsComputed() && of["lastModified"].IsComputed(), "the code differs")
	assert.Equal(t, "arn:x", of["arn"].StringValue())

	nothing := plugin.UpdateRequest{OldInputs: new, NewInputs: new, OldOutputs: outputs}
	out = expected(vpc, keptOutputs(vpc, nothing), new)
	assert.False(t, out["ipv6CidrBlock"].IsComputed())
}

// TestAnInputThatIsNeverRemovedIsFoundAtEveryUpdate has old inputs without it, as
// the engine saves them after the first update.
func TestAnInputThatIsNeverRemovedIsFoundAtEveryUpdate(t *testing.T) {
	k := kind(t, listener)
	outputs := resource.NewPropertyMapFromMap(values{"alpnPolicy": "None", "sslPolicy": "p"})
	old := withNeverRemoved(k, resource.PropertyMap{}, outputs)
	got := diff(k, old, resource.PropertyMap{}, nil)
	require.Len(t, got.DetailedDiff, 1)
	assert.Equal(t, plugin.DiffDelete, got.DetailedDiff["alpnPolicy"].Kind)
}

// TestReadDropsInputsThatTheProgramNoLongerGives has a policy that AWS keeps.
func TestReadDropsInputsThatTheProgramNoLongerGives(t *testing.T) {
	inputs := resource.NewPropertyMapFromMap(values{"policy": "{}", "ipAddressType": "ipv4", "vpcId": "vpc-1"})
	dropKept(kind(t, endpoint), inputs, resource.NewPropertyMapFromMap(values{"ipAddressType": "dualstack"}))
	assert.Equal(t, resource.NewPropertyMapFromMap(values{"ipAddressType": "ipv4", "vpcId": "vpc-1"}), inputs)
}
