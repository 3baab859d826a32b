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
	waitsFor := []string{}
	for _, urn := range before["link-deployment"].Dependencies {
		waitsFor = append(waitsFor, urn.Name())
	}
	assert.Subset(t, waitsFor, []string{
		"link-us-east-1a-to-10.103.0.0/16", "link-us-east-1b-to-10.7.0.0/16", "link-target-us-east-1b", "link-listener",
		"link-simulated-target-us-east-1a", "link-simulated-listener",
	}, "no request arrives before there is a way for it")
	assert.EqualValues(t, before["link-vpclink"].ID, outputs.Outputs["vpcLinkId"].Value)
	assert.Contains(t, outputs.Outputs["curl"].Value, " https://"+string(before["link-api"].ID)+".execute-api.us-east-1.amazonaws.com/prod/")
	assert.Empty(t, changes(s.refresh().Summary.ResourceChanges), "the account holds what the state says")

	s.set("blueprint:backend.timeoutMilliseconds=5000")
	assert.Equal(t, map[string]int{"update": 3, "replace": 1}, changes(s.up().Summary.ResourceChanges),
		"a new deployment of two integrations, and the stage moves to it; all else is the same again")

	s.set("blueprint:network.create.privateSubnets[0]=10.7.20.0/24", "blueprint:network.create.privateSubnets[1]=10.7.21.0/24", "blueprint:backend.timeoutMilliseconds=5000",
		"blueprint:backend.hostName=backend.example.com", "blueprint:backend.ipv4Addresses[0]=10.103.10.172", "blueprint:backend.ipv4Addresses[1]=10.7.10.19")
	s.options.ConfigFile = without(t, s.options.ConfigFile, "blueprint:backend")
	before = byName(s.state())
	s.up()
	after := byName(s.state())
	for _, name := range []string{"link-nlb", "link-tg", "link-listener", "link-vpclink", "link-deployment"} {
		assert.NotEqual(t, before[name].ID, after[name].ID, "%s goes with the load balancer", name)
	}
	for _, name := range []string{"link-api", "link-stage", "link-integration", "link-sg", "link-vpc"} {
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
