package tests

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
)

// A load balancer that a link holds is replaced beside its successor, and AWS
// keeps a link as long as a stage serves a deployment that was made with it.
func TestVpclinkHttpsBackendUpAndElsewhereAndDestroy(t *testing.T) {
	s := newExample(t, "vpclink-https-backend")
	planned := s.preview()
	outputs := s.up()
	assert.Equal(t, planned.ChangeSummary["create"], (*outputs.Summary.ResourceChanges)["create"], "preview promises what up does")
	assert.Len(t, outputs.Outputs["simulatedAddresses"].Value, 2, "one per zone")
	state := s.state()
	assertGolden(t, "vpclink-https-backend.golden", state)
	before := byName(state)
	assert.EqualValues(t, before["link-vpclink"].ID, outputs.Outputs["vpcLinkId"].Value)
	assert.Contains(t, outputs.Outputs["curl"].Value, " https://"+string(before["link-api"].ID)+".execute-api.us-east-1.amazonaws.com/prod/")
	assert.Empty(t, changes(s.refresh().Summary.ResourceChanges), "the account holds what the state says")

	s.set("blueprint:backend.timeoutMilliseconds=5000")
	assert.Equal(t, map[string]int{"update": 3, "replace": 1}, changes(s.up().Summary.ResourceChanges),
		"a new deployment of two integrations, and the stage moves to it; all else is the same again")

	s.set("blueprint:network.existing.vpcId=vpc-0e1f2a3b4c5d6e7f8",
		"blueprint:network.existing.privateSubnetIds[0]=subnet-0a10000000000000a", "blueprint:network.existing.privateSubnetIds[1]=subnet-0b10000000000000b",
		"blueprint:backend.hostName=backend.example.com", "blueprint:backend.ipv4Addresses[0]=10.103.10.172", "blueprint:backend.ipv4Addresses[1]=172.20.10.19")
	s.options.ConfigFile = without(t, s.options.ConfigFile, "blueprint:network", "blueprint:backend")
	s.up()
	after := byName(s.state())
	for _, name := range []string{"link-nlb", "link-tg", "link-listener", "link-vpclink", "link-deployment"} {
		assert.NotEqual(t, before[name].ID, after[name].ID, "%s goes with the load balancer", name)
	}
	for _, name := range []string{"link-api", "link-stage", "link-integration"} {
		assert.Equal(t, before[name].ID, after[name].ID, "%s stays", name)
	}
	assert.EqualValues(t, after["link-vpclink"].ID, after["link-root-integration"].Outputs["connectionId"])
	assert.EqualValues(t, after["link-deployment"].ID, after["link-stage"].Outputs["deployment"])
	assert.Empty(t, s.leftovers(), "nothing of the old link or of the simulated network")

	s.pulumi("destroy", "--yes", "--non-interactive", "--skip-preview")
	assert.Empty(t, s.leftovers())
}

// byName are the resources other than components, by name.
func byName(resources []apitype.ResourceV3) map[string]apitype.ResourceV3 {
	found := map[string]apitype.ResourceV3{}
	for _, r := range resources {
		if r.Custom {
			found[r.URN.Name()] = r
		}
	}
	return found
}
