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
	bucket        = "aws:s3/bucketV2:BucketV2"
)

func TestCheckFillsInDefaultsAndRemembersThem(t *testing.T) {
	inputs, failures := checked(t, endpoint, "e", nil, values{"vpcId": "vpc-1", "serviceName": "s"})
	assert.Empty(t, failures)
	assert.Equal(t, "Gateway", inputs["vpcEndpointType"].StringValue(), "the trap of the provider's default")
	assert.NotContains(t, inputs, resource.PropertyKey("privateDnsEnabled"), "AWS decides")
	assert.Equal(t, resource.NewPropertyValue([]string{"vpcEndpointType"}), inputs[defaulted])
}

func TestCheckFailures(t *testing.T) {
	for _, row := range []struct {
		why, token, name string
		news             values
		property, reason string
	}{
		{"a required input is missing", endpoint, "e", values{"serviceName": "s"}, "vpcId", "Missing required property vpcId"},
		{"a property that the type does not have", eip, "a", values{"adress": "192.0.2.1"}, "adress", "it has address"},
		{"an output is no input", eip, "a", values{"publicIp": "192.0.2.1"}, "publicIp", "has no property"},
		{"a name that AWS would find too long", loadBalancer, "static-ip-apigw-front-nlb", values{}, "name", "longer than maximum length 32"},
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
}

func TestAutonaming(t *testing.T) {
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

// What the provider does not read back it finds changed, unless the program
// says that it is not to look.
func TestDiffOfWhatTheProviderDoesNotRead(t *testing.T) {
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

func TestDiff(t *testing.T) {
	for _, row := range []struct {
		why, token   string
		old, new     values
		want         map[string]plugin.DiffKind
		deletedFirst bool
	}{
		{"nothing changed", eip, values{"domain": "vpc"}, values{"domain": "vpc"}, nil, false},
		{"a tag", eip, values{}, values{"tags": values{"a": "b"}}, map[string]plugin.DiffKind{"tags": plugin.DiffAdd}, false},
		{"a property taken away", eip, values{"tags": values{"a": "b"}}, values{}, map[string]plugin.DiffKind{"tags": plugin.DiffDelete}, false},
		{"what AWS cannot change", endpoint, values{"vpcId": "a"}, values{"vpcId": "b"}, map[string]plugin.DiffKind{"vpcId": plugin.DiffUpdateReplace}, false},
		{"the order of a set", endpoint, values{"subnetIds": []any{"a", "b"}}, values{"subnetIds": []any{"b", "a"}}, nil, false},
		{"an element of a set", endpoint, values{"subnetIds": []any{"a", "a"}}, values{"subnetIds": []any{"a", "b"}}, map[string]plugin.DiffKind{"subnetIds": plugin.DiffUpdate}, false},
		{"which inputs were defaulted", eip, values{defaulted: []any{"domain"}}, values{defaulted: []any{}}, nil, false},
		{"a new group beside the old", securityGroup, values{"name": "g-1", "vpcId": "a", defaulted: []any{"name"}}, values{"name": "g-1", "vpcId": "b", defaulted: []any{"name"}},
			map[string]plugin.DiffKind{"vpcId": plugin.DiffUpdateReplace}, false},
		{"no new group of a fixed name beside the old", securityGroup, values{"name": "g", "vpcId": "a"}, values{"name": "g", "vpcId": "b"},
			map[string]plugin.DiffKind{"vpcId": plugin.DiffUpdateReplace}, true},
		{"a new name is free", securityGroup, values{"name": "g"}, values{"name": "h"}, map[string]plugin.DiffKind{"name": plugin.DiffUpdateReplace}, false},
		{"another source of a rule", ingressRule, values{"cidrIpv4": "10.0.0.0/16"}, values{"cidrIpv4": "10.1.0.0/16"}, map[string]plugin.DiffKind{"cidrIpv4": plugin.DiffUpdate}, false},
		{"another kind of source of a rule", ingressRule, values{"cidrIpv4": "10.0.0.0/16"}, values{"referencedSecurityGroupId": "sg-1"},
			map[string]plugin.DiffKind{"cidrIpv4": plugin.DiffDeleteReplace, "referencedSecurityGroupId": plugin.DiffAddReplace}, false},
		{"an integration of the same method", integration, values{"type": "MOCK"}, values{"type": "AWS_PROXY"}, map[string]plugin.DiffKind{"type": plugin.DiffUpdateReplace}, true},
		{"an integration changed in place", integration, values{"uri": "a"}, values{"uri": "b"}, map[string]plugin.DiffKind{"uri": plugin.DiffUpdate}, false},
		{"the first security group of a network load balancer", loadBalancer, values{"loadBalancerType": "network"}, values{"loadBalancerType": "network", "securityGroups": []any{"a"}},
			map[string]plugin.DiffKind{"securityGroups": plugin.DiffAddReplace}, false},
	} {
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

func TestPreviewOfAChangeForgetsWhatItUnsettles(t *testing.T) {
	vpc := kind(t, "aws:ec2/vpc:Vpc")
	old := resource.PropertyMap{"cidrBlock": resource.NewProperty("10.0.0.0/16")}
	new := resource.PropertyMap{
		"cidrBlock": resource.NewProperty("10.0.0.0/16"), "assignGeneratedIpv6CidrBlock": resource.NewProperty(true),
	}
	outputs := resource.PropertyMap{"ipv6CidrBlock": resource.NewProperty(""), "arn": resource.NewProperty("arn:x")}
	out := expected(vpc, settled(vpc, plugin.UpdateRequest{OldInputs: old, NewInputs: new, OldOutputs: outputs}), new)
	assert.True(t, out["ipv6CidrBlock"].IsComputed(), "AWS has yet to give a block")
	assert.Equal(t, "arn:x", out["arn"].StringValue())

	code := kind(t, "aws:lambda/function:Function")
	for input, outputs := range map[string][]string{"subnets": {"subnetMappings"}, "subnetMappings": {"subnets"}} {
		balancer, before := kind(t, loadBalancer), resource.PropertyMap{}
		for _, key := range outputs {
			before[resource.PropertyKey(key)] = resource.NewPropertyValue([]any{})
		}
		changed := resource.PropertyMap{resource.PropertyKey(input): resource.NewPropertyValue([]any{"x"})}
		out := expected(balancer, settled(balancer, plugin.UpdateRequest{NewInputs: changed, OldOutputs: before}),
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
	of := expected(code, settled(code, plugin.UpdateRequest{OldInputs: old, NewInputs: newer, OldOutputs: before}),
		newer)
	assert.True(t, of["codeSha256"].IsComputed() && of["lastModified"].IsComputed(), "the code is another")
	assert.Equal(t, "arn:x", of["arn"].StringValue())

	out = expected(vpc, settled(vpc, plugin.UpdateRequest{OldInputs: new, NewInputs: new, OldOutputs: outputs}), new)
	assert.False(t, out["ipv6CidrBlock"].IsComputed())
}
