package catalog

import (
	"bytes"
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
)

func TestLoadBalancersHaveNamesLikeThoseOfAWS(t *testing.T) {
	w := newWorld(t)
	assert.Regexp(t, `^nlb-[0-9a-f]{16}\.elb\.us-east-1\.amazonaws\.com$`, w.out("nlb", "dnsName"))
	assert.Equal(t, "Z26RNL4JYFTOTI", w.out("nlb", "zoneId"))
	assert.Equal(t, w.id("nlb"), w.arn("nlb"))
	assert.Equal(t, "net/nlb/"+lastPart(w.id("nlb")), w.out("nlb", "arnSuffix"))
	assert.Regexp(t, `^internal-alb-\d+\.us-east-1\.elb\.amazonaws\.com$`, w.out("alb", "dnsName"))
}

func TestNamePrefixIsCompletedAtCreationOnly(t *testing.T) {
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

// elementsOf returns a list as the Pulumi engine has it.
func elementsOf(values ...any) resource.PropertyValue { return resource.NewPropertyValue(values) }

// replacementCases are changes of a Network Load Balancer with the inputs that replace it.
var replacementCases = []struct {
	why      string
	key      resource.PropertyKey
	old, new resource.PropertyValue
	want     []string
}{
	{
		why: "a subnet added",
		key: "subnets", old: elementsOf("a"), new: elementsOf("a", "b"),
	},
	{
		why: "a subnet removed",
		key: "subnets", old: elementsOf("a", "b"), new: elementsOf("a"), want: []string{"subnets"},
	},
	{
		why: "a subnet exchanged",
		key: "subnets", old: elementsOf("a", "b"), new: elementsOf("a", "c"), want: []string{"subnets"},
	},
	{
		why: "subnets exchanged and one added, which the provider leaves to AWS",
		key: "subnets", old: elementsOf("a"), new: elementsOf("b", "c"),
	},
	{
		why: "the same subnets in another order",
		key: "subnets", old: elementsOf("a", "b"), new: elementsOf("b", "a"),
	},
	{
		why: "a mapping added",
		key: "subnetMappings", old: elementsOf("a"), new: elementsOf("a", "b"),
	},
	{
		why: "a mapping added while another changes",
		key: "subnetMappings", old: elementsOf("a"), new: elementsOf("b", "c"), want: []string{"subnetMappings"},
	},
	{
		why: "the first security group",
		key: "securityGroups", old: elementsOf(), new: elementsOf("a"), want: []string{"securityGroups"},
	},
	{
		why: "the last security group",
		key: "securityGroups", old: elementsOf("a"), new: elementsOf(), want: []string{"securityGroups"},
	},
	{
		why: "another security group",
		key: "securityGroups", old: elementsOf("a"), new: elementsOf("b"),
	},
	{
		why: "subnets that a preview does not know",
		key: "subnets", old: elementsOf("a"), new: resource.MakeComputed(resource.NewProperty("")),
	},
}

// TestNetworkLoadBalancerIsReplacedUnlessSubnetsAreAdded follows the provider,
// which makes only additions in place.
func TestNetworkLoadBalancerIsReplacedUnlessSubnetsAreAdded(t *testing.T) {
	for _, row := range replacementCases {
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

func TestHealthCheckBlockWithoutProtocolMeansHTTP(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, "TCP", w.object("targets").Outputs().Object("healthCheck").String("protocol"))
	require.NoError(t,
		w.update("targets", w.changed("targets", props{"healthCheck": map[string]any{"interval": 10.0}})))
	assert.Equal(t, "HTTP", w.object("targets").Outputs().Object("healthCheck").String("protocol"))
}

func TestDualstackLoadBalancerHasAddressesOfBothFamilies(t *testing.T) {
	w := newWorld(t)
	enis := w.object("dual nlb").Interfaces
	require.Len(t, enis, 2)
	assert.Equal(t, "10.5.1.10", enis[0].IPv4)
	assert.Equal(t, w.address6("dual vpc", 1, 0x10), enis[0].IPv6)
	assert.True(t,
		netip.MustParsePrefix(w.address6("dual vpc", 2, 0)+"/64").Contains(netip.MustParseAddr(enis[1].IPv6)),
		"a free one of its subnet")
}

func TestHealthCheckDefaultsDependOnTheTargetType(t *testing.T) {
	w := newWorld(t)
	check := func(name string) props { return w.object(name).Outputs().Object("healthCheck") }
	assert.Equal(t, "TCP", check("tcp targets").String("protocol"))
	assert.Equal(t, "HTTP", check("http targets").String("protocol"))
	assert.Equal(t, "200", check("http targets").String("matcher"))
	assert.False(t, check("lambda targets").Bool("enabled"))
}

func TestApplicationLoadBalancerWithoutSecurityGroupHasTheDefaultOne(t *testing.T) {
	w := newWorld(t)
	assert.Equal(t, []string{w.out("vpc", "defaultSecurityGroupId")},
		w.object("alb").Outputs().Strings("securityGroups"))
	assert.Empty(t, w.object("nlb").Outputs().Strings("securityGroups"), "a network load balancer has none")
}

func TestAddressesOfALoadBalancerAreFoundByItsDescription(t *testing.T) {
	w := newWorld(t)
	w.id("nlb")
	wanted := filters("description", "ELB "+w.out("alb", "arnSuffix"), "subnet-id", w.id("subnet b"))
	found, err := invoke(w.account, "us-east-1", "aws:ec2/getNetworkInterfaces:getNetworkInterfaces",
		props{"filters": wanted})
	require.NoError(t, err)
	ids := found.Strings("ids")
	require.Len(t, ids, 1)
	one, err := invoke(w.account, "us-east-1", "aws:ec2/getNetworkInterface:getNetworkInterface",
		props{"id": ids[0]})
	require.NoError(t, err)
	assert.Equal(t, w.object("alb").Interfaces[1].IPv4, one.String("privateIp"))
	assert.Equal(t, "interface", one.String("interfaceType"))
}

// TestLogsOfALoadBalancerNeedTheirBucketPolicy changes one place of a policy that
// AWS accepts.
func TestLogsOfALoadBalancerNeedTheirBucketPolicy(t *testing.T) {
	for why, change := range map[string][2]string{
		"another bucket":            {"logs-of-the-nlb/AWSLogs", "other/AWSLogs"},
		"another prefix":            {"logs-of-the-nlb/AWSLogs", "logs-of-the-nlb/nlb/AWSLogs"},
		"another account's folder":  {"AWSLogs/123456789012", "AWSLogs/111122223333"},
		"another account as source": {`["123456789012"]`, `["111122223333"]`},
		"another region":            {"logs:us-east-1", "logs:eu-west-1"},
		"no access to the ACL":      {"s3:GetBucketAcl", "s3:GetObject"},
		"another owner of the logs": {"bucket-owner-full-control", "private"},
		"everything denied":         {`"Bool":{"aws:SecureTransport":false}`, `"Bool":{"aws:SecureTransport":true}`},
	} {
		t.Run(why, func(t *testing.T) {
			w := newWorld(t)
			inputs := w.inputs("nlb with logs")
			accepted := w.inputs("bucket policy")
			policy := strings.ReplaceAll(compact(accepted.String("policy")), change[0], change[1])
			require.NotEqual(t, compact(accepted.String("policy")), policy)
			require.NoError(t, w.update("bucket policy", w.changed("bucket policy", props{"policy": policy})))
			_, err := w.create("nlb with logs", inputs)
			assert.ErrorContains(t, err, "Access Denied for bucket: logs-of-the-nlb")
		})
	}
}

// TestServedRequestLeavesAnAccessLogInTheBucket serves a request before and after
// the load balancer has a listener.
func TestServedRequestLeavesAnAccessLogInTheBucket(t *testing.T) {
	for _, row := range []struct {
		listener string
		logged   bool
	}{{"tls listener of logs", true}, {"tcp listener of logs", false}} {
		t.Run(row.listener, func(t *testing.T) {
			w := newWorld(t)
			balancer := w.id("nlb with logs")
			file, err := ServeRequest(w.account, "us-east-1", balancer)
			require.NoError(t, err)
			assert.Empty(t, file, "nothing listens")
			assert.Empty(t, w.object("bucket").Private.Strings(bucketObjects), "nothing listens")

			w.id(row.listener)
			file, err = ServeRequest(w.account, "us-east-1", balancer)
			require.NoError(t, err)
			keys := w.object("bucket").Private.Strings(bucketObjects)
			if !row.logged {
				assert.Empty(t, keys, "access logs have TLS requests only")
				assert.NoError(t, w.delete("bucket"))
				return
			}
			require.Len(t, keys, 1)
			assert.Equal(t, AccessLog{Bucket: w.id("bucket"), Key: keys[0]}, file)
			assert.Regexp(t, `^AWSLogs/123456789012/elasticloadbalancing/us-east-1/\d{4}/\d\d/\d\d/123456789012_`+
				`elasticloadbalancing_us-east-1_net\.logged\.[0-9a-f]{16}_\d{8}T\d{4}Z_[0-9a-z]{8}\.log\.gz$`, keys[0])
			assertRefused(t, w.delete("bucket"), "BucketNotEmpty")
		})
	}
	w := newWorld(t)
	_, err := ServeRequest(w.account, "us-east-1", w.id("vpc"))
	assertRefused(t, err, "LoadBalancerNotFound")
}

func TestTheAccessLogsOfAnApplicationLoadBalancerNameItsNode(t *testing.T) {
	balancer := &cloud.Object{
		Region: "us-east-1", Inputs: cloud.Props{"loadBalancerType": "application"},
		Computed:   cloud.Props{"arnSuffix": "app/web/1234567890abcdef"},
		Interfaces: []cloud.Interface{{IPv4: "10.0.0.5"}},
	}
	assert.Regexp(t, `^web/AWSLogs/123456789012/elasticloadbalancing/us-east-1/\d{4}/\d\d/\d\d/123456789012_`+
		`elasticloadbalancing_us-east-1_app\.web\.1234567890abcdef_\d{8}T\d{4}Z_10\.0\.0\.5_abcd\.log\.gz$`,
		accessLogKey(balancer, "web", "abcd"))
}

// compact returns JSON without space.
func compact(document string) string {
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(document)); err != nil {
		return err.Error()
	}
	return b.String()
}

func TestDeletionProtectionRefusesTheDeletion(t *testing.T) {
	w := newWorld(t)
	w.id("protected nlb")
	assertRefused(t, w.delete("protected nlb"), "OperationNotPermitted")
	require.NoError(t,
		w.update("protected nlb", w.changed("protected nlb", props{"enableDeletionProtection": false})))
	assert.NoError(t, w.delete("protected nlb"))
}

func TestABucketLetsTheWriterOfAccessLogsIn(t *testing.T) {
	const nlb, alb = "nlb with logs", "alb with logs"
	for _, row := range []struct {
		why, principal string
		accepted       []string
	}{
		{"log delivery", `{"Service": "delivery.logs.amazonaws.com"}`, []string{nlb}},
		{"the service", `{"Service": "logdelivery.elasticloadbalancing.amazonaws.com"}`, []string{alb}},
		{"AWS's account in a region", `{"AWS": "arn:aws:iam::111122223333:root"}`, []string{alb}},
		{"the user's own account", `{"AWS": "arn:aws:iam::123456789012:root"}`, nil},
		{"everybody", `"*"`, []string{nlb, alb}},
	} {
		t.Run(row.why, func(t *testing.T) {
			w := newWorld(t)
			policy := `{"Statement": [{
				"Effect": "Allow", "Principal": ` + row.principal + `, "Action": ["s3:GetBucketAcl", "s3:PutObject"],
				"Resource": ["arn:aws:s3:::logs-of-the-nlb", "arn:aws:s3:::logs-of-the-nlb/AWSLogs/123456789012/*"]}]}`
			require.NoError(t, w.update("bucket policy", w.changed("bucket policy", props{"policy": policy})))
			for _, balancer := range []string{nlb, alb} {
				name := strings.ReplaceAll("new "+balancer, " ", "-")
				_, err := w.create(balancer, w.changed(balancer, props{"name": name}))
				if slices.Contains(row.accepted, balancer) {
					assert.NoError(t, err, balancer)
				} else {
					assert.ErrorContains(t, err, "Access Denied for bucket", balancer)
				}
			}
		})
	}
}
