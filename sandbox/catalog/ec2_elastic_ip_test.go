package catalog

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestElasticIPsAreDistinctAndReservedForDocumentation(t *testing.T) {
	account, _ := open(t)
	seen := map[string]bool{}
	for i := range 40 { // An account has up to five in a region.
		_, out, err := account.Create(fmt.Sprintf("us-test-%d", i/5), urn("a"), elasticIPType, resource.PropertyMap{})
		require.NoError(t, err)
		ip := netip.MustParseAddr(out["publicIp"].StringValue())
		assert.True(t, publicRanges[0].Contains(ip) || publicRanges[1].Contains(ip), "%s is not of RFC 5737", ip)
		assert.False(t, seen[ip.String()], "%s twice", ip)
		seen[ip.String()] = true
	}
}

func TestAnElasticIPHasAnAssociationOnceSomethingUsesIt(t *testing.T) {
	w := newWorld(t)
	nat := w.object("nat")
	_, err := w.create("second eip", w.inputs("second eip"))
	require.NoError(t, err)
	all, err := w.lookup(lookupCase{Function: "aws:ec2/getEips:getEips"})
	require.NoError(t, err)
	used := map[string]bool{}
	for _, id := range all["allocationIds"].([]any) {
		address, err := w.lookup(lookupCase{
			Function: "aws:ec2/getElasticIp:getElasticIp", Args: props{"id": id},
		})
		require.NoError(t, err)
		used[id.(string)] = address["associationId"] != ""
	}
	assert.Len(t, used, 2)
	assert.True(t, used[nat.Inputs.String("allocationId")], "the address of the NAT gateway")
	delete(used, nat.Inputs.String("allocationId"))
	for id, inUse := range used {
		assert.False(t, inUse, "nothing uses %s", id)
	}
}
