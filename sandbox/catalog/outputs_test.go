package catalog

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
)

func addresses(w *world, endpoint string) map[string]string {
	out := map[string]string{}
	for _, config := range w.object(endpoint).Computed.Objects("subnetConfigurations") {
		out[config.String("subnetId")] = config.String("ipv4")
	}
	return out
}

func TestEndpointTakesOneUsableAddressPerSubnet(t *testing.T) {
	w := newWorld(t)
	inputs := w.changed("endpoint", pinned("subnet b", "10.0.2.77"))
	id, err := w.create("endpoint", inputs)
	require.NoError(t, err)
	w.ids["endpoint"] = id

	got := addresses(w, "endpoint")
	assert.Equal(t, "10.0.2.77", got[w.id("subnet b")])
	free := netip.MustParseAddr(got[w.id("subnet a")])
	block := netip.MustParsePrefix("10.0.1.0/24")
	assert.True(t, block.Contains(free) && !reserved(block, free), "%s in %s", free, block)
}

func TestEndpointKeepsItsAddressesWhenSubnetsComeAndGo(t *testing.T) {
	w := newWorld(t)
	before := addresses(w, "endpoint")
	require.NoError(t, w.update("endpoint", w.changed("endpoint", ids("subnetIds", "subnet b"))))
	assert.Equal(t, map[string]string{w.id("subnet b"): before[w.id("subnet b")]}, addresses(w, "endpoint"))

	require.NoError(t, w.update("endpoint", w.changed("endpoint", nil)))
	assert.Equal(t, before[w.id("subnet b")], addresses(w, "endpoint")[w.id("subnet b")])
	assert.Len(t, addresses(w, "endpoint"), 2)
}

func TestRefusedChangeLeavesTheEndpointAsItWas(t *testing.T) {
	w := newWorld(t)
	before := w.object("endpoint").Outputs()
	require.Error(t, w.update("endpoint", w.changed("endpoint", pinned("subnet a", "10.0.1.1"))))
	assert.Equal(t, before, w.object("endpoint").Outputs())
}

func TestEndpointNames(t *testing.T) {
	w := newWorld(t)
	names := func() []string { return w.object("endpoint").Outputs().StringsAt("dnsEntries[].dnsName") }
	id := regexp.QuoteMeta(w.id("endpoint"))
	got := names()
	require.Len(t, got, 5)
	assert.Regexp(t, `^`+id+`-[0-9a-f]{8}\.execute-api\.us-east-1\.vpce\.amazonaws\.com$`, got[0],
		"the regional name comes first")
	assert.Regexp(t, `^`+id+`-[0-9a-f]{8}-us-east-1a\.execute-api`, got[1])
	assert.Regexp(t, `^`+id+`-[0-9a-f]{8}-us-east-1b\.execute-api`, got[2])
	assert.Equal(t, []string{"execute-api.us-east-1.amazonaws.com", "*.execute-api.us-east-1.amazonaws.com"}, got[3:])

	require.NoError(t, w.update("endpoint", w.changed("endpoint", props{"privateDnsEnabled": false})))
	assert.Equal(t, got[:3], names(), "names are stable; the private ones go")
}

func TestInterfaceIdsAreASetNotInTheOrderOfSubnets(t *testing.T) {
	w := newWorld(t)
	got := w.object("endpoint").Computed.Strings("networkInterfaceIds")
	require.Len(t, got, 2)
	assert.Less(t, got[0], got[1])
}

func TestEndpointWithoutSecurityGroupHasTheDefaultOne(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.update("endpoint", w.changed("endpoint", props{"securityGroupIds": nil})))
	assert.Equal(t, []string{w.out("vpc", "defaultSecurityGroupId")},
		w.object("endpoint").Outputs().Strings("securityGroupIds"))
}

func TestElasticAddressesAreDistinctAndNobodys(t *testing.T) {
	account, _ := open(t)
	seen := map[string]bool{}
	for i := range 40 { // 5 in a region are all that an account has
		_, out, err := account.Create(fmt.Sprintf("us-test-%d", i/5), urn("a"), elasticIPType, resource.PropertyMap{})
		require.NoError(t, err)
		ip := netip.MustParseAddr(out["publicIp"].StringValue())
		assert.True(t, publicRanges[0].Contains(ip) || publicRanges[1].Contains(ip), "%s is not of RFC 5737", ip)
		assert.False(t, seen[ip.String()], "%s twice", ip)
		seen[ip.String()] = true
	}
}

func TestNetworkLoadBalancerNames(t *testing.T) {
	w := newWorld(t)
	assert.Regexp(t, `^nlb-[0-9a-f]{16}\.elb\.us-east-1\.amazonaws\.com$`, w.out("nlb", "dnsName"))
	assert.Equal(t, "Z26RNL4JYFTOTI", w.out("nlb", "zoneId"))
	assert.Equal(t, w.id("nlb"), w.arn("nlb"))
	assert.Equal(t, "net/nlb/"+lastPart(w.id("nlb")), w.out("nlb", "arnSuffix"))
	assert.Regexp(t, `^internal-alb-\d+\.us-east-1\.elb\.amazonaws\.com$`, w.out("alb", "dnsName"))
}

func TestNamePrefixIsCompletedOnce(t *testing.T) {
	w := newWorld(t)
	inputs := w.changed("nlb", props{"name": nil, "namePrefix": "front-"})
	id, err := w.create("nlb", inputs)
	require.NoError(t, err)
	w.ids["nlb"] = id
	name := w.out("nlb", "name")
	assert.Regexp(t, `^front-[0-9a-f]{16}$`, name)
	assert.Contains(t, id, "loadbalancer/net/"+name+"/")
	inputs["enableCrossZoneLoadBalancing"] = true
	require.NoError(t, w.update("nlb", inputs))
	assert.Equal(t, name, w.out("nlb", "name"))
}

func TestPathsOfResources(t *testing.T) {
	w := newWorld(t)
	child, err := w.create("resource",
		props{"restApi": w.id("api"), "parentId": w.id("resource"), "pathPart": "{proxy+}"})
	require.NoError(t, err)
	assert.Equal(t, "/hello/{proxy+}", find(w.account, apiResourceType, child).Output("path"))
}

func TestPrivateDomainIsKnownByItsId(t *testing.T) {
	w := newWorld(t)
	id := w.out("private domain", "domainNameId")
	assert.Equal(t, "api.example.com/"+id, w.id("private domain"))
	assert.Equal(t, "arn:aws:apigateway:us-east-1:123456789012:/domainnames/api.example.com+"+id,
		w.arn("private domain"))
	assert.Empty(t, w.out("private domain", "regionalDomainName"))
	assert.Regexp(t, `^d-[a-z0-9]{10}\.execute-api\.us-east-1\.amazonaws\.com$`,
		w.out("domain", "regionalDomainName"))
}

func TestWildcardSharesItsValidationRecord(t *testing.T) {
	w := newWorld(t)
	id, err := w.create(
		"certificate",
		props{
			"domainName": "example.com", "subjectAlternativeNames": []any{"*.example.com", "a.example.com"},
			"validationMethod": "DNS",
		},
	)
	require.NoError(t, err)
	options := find(w.account, certificateType, id).Computed.Objects("domainValidationOptions")
	require.Len(t, options, 3)
	assert.Equal(t, options[0]["resourceRecordName"], options[1]["resourceRecordName"])
	assert.NotEqual(t, options[0]["resourceRecordName"], options[2]["resourceRecordName"])
}

func TestCertificatesOfOneNameShareTheirValidationRecord(t *testing.T) {
	w := newWorld(t)
	again, err := w.create("certificate", w.changed("certificate", nil))
	require.NoError(t, err)
	second := find(w.account, certificateType, again)
	assert.NotEqual(t, w.id("certificate"), again)
	assert.Equal(t, w.object("certificate").Computed["domainValidationOptions"],
		second.Computed["domainValidationOptions"])
	w.id("certificate record")
	_, err = w.create("validation", props{"certificateArn": again})
	assert.NoError(t, err, "one record proves both")
}

func TestRecordOverwritesAnotherOnRequest(t *testing.T) {
	w := newWorld(t)
	w.id("record")
	id, err := w.create("record", w.changed("record", props{"allowOverwrite": true, "records": []any{"192.0.2.2"}}))
	require.NoError(t, err)
	assert.Equal(t, w.id("record"), id)
	assert.Equal(t, []string{"192.0.2.2"}, w.object("record").Inputs.Strings("records"))
	assert.Len(t, ofType(w.account, recordType), 1)
}

func TestOneStatementIdOnTwoFunctions(t *testing.T) {
	w := newWorld(t)
	w.id("permission")
	other := props{"function": w.arn("second function")}
	id, err := w.create("permission", w.changed("permission", other))
	require.NoError(t, err, "a statement's id is of one function's policy")
	assert.NotEqual(t, w.id("permission"), id)
	_, err = w.create("permission", w.changed("permission", props{"function": "bye"}))
	assert.ErrorContains(t, err, "The statement id (bye/one) provided already exists")
}

func TestOneKeyInTwoPlans(t *testing.T) {
	w := newWorld(t)
	w.id("plan key")
	second, err := w.create("plan", w.changed("plan", props{"name": "second"}))
	require.NoError(t, err)
	_, err = w.create("plan key", w.changed("plan key", props{"usagePlanId": second}))
	require.NoError(t, err)
	_, err = w.create("plan key", w.changed("plan key", props{"usagePlanId": second}))
	assert.ErrorContains(t, err, "already exists")
}

func TestPrivateDomainTakesItsCertificateEitherWay(t *testing.T) {
	w := newWorld(t)
	_, err := w.create("private domain",
		w.changed("private domain", props{"certificateArn": nil, "regionalCertificateArn": existingCertificate}))
	assert.NoError(t, err)
	w.id("private domain")
}

func TestRecordOutsideItsZoneGetsTheZoneAppended(t *testing.T) {
	w := newWorld(t)
	id, err := w.create("record", w.changed("record", props{"name": "api.example.org"}))
	require.NoError(t, err)
	assert.Equal(t, "api.example.org.example.com", find(w.account, recordType, id).Output("fqdn"))
}

func TestHealthCheckBlockWithoutProtocolMeansHTTP(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, "TCP", w.object("targets").Outputs().Object("healthCheck").String("protocol"))
	require.NoError(t,
		w.update("targets", w.changed("targets", props{"healthCheck": map[string]any{"interval": 10.0}})))
	assert.Equal(t, "HTTP", w.object("targets").Outputs().Object("healthCheck").String("protocol"))
}

func TestSavingLeavesOneCompleteFile(t *testing.T) {
	account, path := open(t)
	for range 3 {
		_, _, err := account.Create("us-east-1", urn("a"), elasticIPType, resource.PropertyMap{})
		require.NoError(t, err)
	}
	files, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, files, 1, "no temporary files stay behind")
}

func TestDamagedAccountIsNotTakenForAnEmptyOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "account.json")
	require.NoError(t, os.WriteFile(path, []byte(`[{"type":`), 0o600))
	_, err := cloud.Open(path, New())
	assert.ErrorContains(t, err, path)
}

// TestNetworkLoadBalancerReplacement has the provider's rule: only additions
// are made in place.
func TestNetworkLoadBalancerReplacement(t *testing.T) {
	unknown := resource.MakeComputed(resource.NewProperty(""))
	list := func(values ...any) resource.PropertyValue { return resource.NewPropertyValue(values) }
	for _, row := range []struct {
		why      string
		key      resource.PropertyKey
		old, new resource.PropertyValue
		want     []string
	}{
		{"a subnet added", "subnets", list("a"), list("a", "b"), nil},
		{"a subnet removed", "subnets", list("a", "b"), list("a"), []string{"subnets"}},
		{"a subnet exchanged", "subnets", list("a", "b"), list("a", "c"), []string{"subnets"}},
		{"subnets exchanged and one added, which the provider leaves to AWS", "subnets", list("a"), list("b", "c"), nil},
		{"the same subnets in another order", "subnets", list("a", "b"), list("b", "a"), nil},
		{"a mapping added", "subnetMappings", list("a"), list("a", "b"), nil},
		{"a mapping added while another changes", "subnetMappings", list("a"), list("b", "c"), []string{"subnetMappings"}},
		{"the first security group", "securityGroups", list(), list("a"), []string{"securityGroups"}},
		{"the last security group", "securityGroups", list("a"), list(), []string{"securityGroups"}},
		{"another security group", "securityGroups", list("a"), list("b"), nil},
		{"subnets that a preview does not know", "subnets", list("a"), unknown, nil},
	} {
		t.Run(row.why, func(t *testing.T) {
			network := resource.NewProperty("network")
			old := resource.PropertyMap{"loadBalancerType": network, row.key: row.old}
			new := resource.PropertyMap{"loadBalancerType": network, row.key: row.new}
			assert.Equal(t, row.want, loadBalancerReplaceIf(old, new))
			application := resource.PropertyMap{
				"loadBalancerType": resource.NewProperty("application"), row.key: row.new,
			}
			assert.Empty(t, loadBalancerReplaceIf(old, application), "other types change in place")
		})
	}
}

func TestZoneIds(t *testing.T) {
	for zone, want := range map[string]string{"us-east-1a": "use1-az1", "eu-central-1c": "euc1-az3", "ap-southeast-2b": "apse2-az2"} {
		assert.Equal(t, want, zoneID(zone))
	}
}

func TestIdsLookLikeThoseOfAWS(t *testing.T) {
	w := newWorld(t)
	for thing, pattern := range map[string]string{
		"vpc": `vpc-[0-9a-f]{17}`, "endpoint": `vpce-[0-9a-f]{17}`, "eip": `eipalloc-[0-9a-f]{17}`, "api": `[a-z0-9]{10}`,
		"zone": `Z[0-9A-F]{20}`, "stage": `ags-[a-z0-9]{10}-v1`, "record": `Z0123456789EXAMPLE01_a\.example\.com_A`,
	} {
		assert.Regexp(t, "^"+pattern+"$", w.id(thing))
	}
	assert.True(t, strings.HasPrefix(w.arn("certificate"), "arn:aws:acm:us-east-1:123456789012:certificate/"))
}

// TestAccountOfAnOlderVersionGetsWhatExistsNow edits the account's file: what
// exists already is missing there, or has other inputs.
func TestAccountOfAnOlderVersionGetsWhatExistsNow(t *testing.T) {
	const shared, service = "vpc-0e1f2a3b4c5d6e7f8", "vpce-svc-0c0c0c0c0c0c0c0c0"
	account, path := open(t)
	now := find(account, vpcType, shared).Outputs()
	id, _, err := account.Create("us-east-1", urn("a"), elasticIPType, nil) // Writes the file.
	require.NoError(t, err)
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var objects []*cloud.Object
	require.NoError(t, json.Unmarshal(data, &objects))
	objects = slices.DeleteFunc(objects, func(o *cloud.Object) bool { return o.ID == service })
	for _, o := range objects {
		if o.ID == shared {
			delete(o.Inputs, "assignGeneratedIpv6CidrBlock")
			delete(o.Computed, "ipv6CidrBlock")
		}
	}
	data, err = json.Marshal(objects)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, data, 0o600))

	again, err := cloud.Open(path, New())
	require.NoError(t, err)
	assert.Equal(t, now, find(again, vpcType, shared).Outputs())
	assert.NotNil(t, find(again, endpointServiceType, service))
	assert.NotNil(t, find(again, elasticIPType, id), "objects of a stack stay")
}
