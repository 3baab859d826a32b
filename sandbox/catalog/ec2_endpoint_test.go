package catalog

import (
	"net/netip"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

func TestEndpointKeepsItsAddressesWhenItsSubnetsChange(t *testing.T) {
	w := newWorld(t)
	before := addresses(w, "endpoint")
	require.NoError(t, w.update("endpoint", w.changed("endpoint", ids("subnetIds", "subnet b"))))
	assert.Equal(t, map[string]string{w.id("subnet b"): before[w.id("subnet b")]}, addresses(w, "endpoint"))

	require.NoError(t, w.update("endpoint", w.changed("endpoint", nil)))
	assert.Equal(t, before[w.id("subnet b")], addresses(w, "endpoint")[w.id("subnet b")])
	assert.Len(t, addresses(w, "endpoint"), 2)
}

func TestEndpointHasFullAccessWithoutAPolicy(t *testing.T) {
	w := newWorld(t)
	policy := func() string { return w.object("endpoint").Outputs().String("policy") }
	assert.Equal(t, fullAccess, policy())
	w.id("endpoint policy")
	assert.Contains(t, policy(), "a1b2c3d4e5")

	const other = `{"Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}`
	require.NoError(t, w.update("endpoint policy", w.changed("endpoint policy", props{"policy": other})))
	require.NoError(t, w.update("endpoint", w.changed("endpoint", ids("subnetIds", "subnet b"))))
	assert.Equal(t, other, policy(), "another change of the endpoint keeps it")

	require.NoError(t, w.delete("endpoint policy"))
	assert.Equal(t, fullAccess, policy())
}

func TestRefusedUpdateChangesNothing(t *testing.T) {
	w := newWorld(t)
	before := w.object("endpoint").Outputs()
	require.Error(t, w.update("endpoint", w.changed("endpoint", pinned("subnet a", "10.0.1.1"))))
	assert.Equal(t, before, w.object("endpoint").Outputs())
}

func TestEndpointHasARegionalNameZonalNamesAndPrivateNames(t *testing.T) {
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
	assert.Equal(t, got[:3], names(), "the other names stay")
}

func TestInterfaceIDsAreSortedByValue(t *testing.T) {
	w := newWorld(t)
	got := w.object("endpoint").Computed.Strings("networkInterfaceIds")
	require.Len(t, got, 2)
	assert.Less(t, got[0], got[1])
}

func TestEndpointWithoutSecurityGroupHasTheDefaultOne(t *testing.T) {
	w := newWorld(t)
	id, err := w.create("endpoint", w.changed("endpoint", props{"securityGroupIds": nil}))
	require.NoError(t, err)
	assert.Equal(t, []string{w.out("vpc", "defaultSecurityGroupId")},
		find(w.account, vpcEndpointType, id).Outputs().Strings("securityGroupIds"))
}

func TestEndpointThatBecomesDualstackKeepsItsIPv4Addresses(t *testing.T) {
	w := newWorld(t)
	ipv4 := props{"ipAddressType": "ipv4", "dnsOptions": map[string]any{"dnsRecordIpType": "ipv4"}}
	require.NoError(t, w.update("dual endpoint", w.changed("dual endpoint", ipv4)))
	before := w.object("dual endpoint").Computed.Objects("subnetConfigurations")
	assert.NotContains(t, before[0], "ipv6")
	require.NoError(t, w.update("dual endpoint", w.changed("dual endpoint", nil)))
	after := w.object("dual endpoint").Computed.Objects("subnetConfigurations")
	assert.Equal(t, before[0]["ipv4"], after[0]["ipv4"])
	block := netip.MustParsePrefix(w.address6("dual vpc", 1, 0) + "/64")
	assert.True(t, block.Contains(netip.MustParseAddr(after[0].String("ipv6"))))
	assert.Equal(t, "dualstack", w.object("dual endpoint").Outputs().Object("dnsOptions").String("dnsRecordIpType"))
}
