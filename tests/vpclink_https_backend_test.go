package tests

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
)

// A VPC link holds its load balancer, so that both are replaced before the old ones are deleted. AWS keeps a link as
// long as a stage serves a deployment that was made with it.
func TestVpclinkHttpsBackendIsDeployedAndMovedAndDestroyed(t *testing.T) {
	s := newExample(t, "vpclink-https-backend")
	planned := s.preview()
	first := s.up()
	assert.Equal(t, planned.ChangeSummary["create"], (*first.Summary.ResourceChanges)["create"],
		"up creates what preview announces")
	assert.Len(t, first.Outputs["simulatedAddresses"].Value, 2, "one per zone")
	assertGolden(t, "vpclink-https-backend.golden", s.state())
	s.assertPromises()
	assertRecorded(t, "vpclink-https-backend", s.state())
	s.assertWitnessesAgree("vpclink-https-backend")
	before := byName(s.state())
	assertDeployedLast(t, before["link-deployment"])
	assert.EqualValues(t, before["link-vpclink"].ID, first.Outputs["vpcLinkId"].Value)
	assert.Contains(t, first.Outputs["curl"].Value,
		" https://"+string(before["link-api"].ID)+".execute-api.us-east-1.amazonaws.com/prod/")
	s.assertRefreshChangesNothing()

	s.set("blueprint:backend.timeoutMilliseconds=5000")
	assert.Equal(t, map[string]int{"update": 3, "replace": 1}, changes(s.up().Summary.ResourceChanges),
		"two integrations change, and the stage moves to a new deployment")

	s.set(
		"blueprint:network.create.privateSubnets[0]=10.7.20.0/24",
		"blueprint:network.create.privateSubnets[1]=10.7.21.0/24",
		"blueprint:backend.timeoutMilliseconds=5000", "blueprint:backend.hostName=backend.example.com",
		"blueprint:backend.ipv4Addresses[0]=10.7.10.18", "blueprint:backend.ipv4Addresses[1]=10.7.10.19",
		"blueprint:backend.vpcClients=true",
	)
	s.options.ConfigFile = without(t, s.options.ConfigFile, "blueprint:backend")
	before = byName(s.state())
	s.up()
	after := byName(s.state())
	for _, name := range []string{"link-nlb", "link-tg", "link-listener", "link-vpclink", "link-deployment"} {
		assert.NotEqual(t, before[name].ID, after[name].ID, "%s is replaced with the load balancer", name)
	}
	for _, name := range []string{"link-api", "link-stage", "link-integration", "link-sg", "link-vpc"} {
		assert.Equal(t, before[name].ID, after[name].ID, "%s stays", name)
	}
	assert.EqualValues(t, after["link-vpclink"].ID, after["link-root-integration"].Outputs["connectionId"])
	assert.EqualValues(t, after["link-deployment"].ID, after["link-stage"].Outputs["deployment"])
	assert.Equal(t, "backend.example.com", after["link-dns-a"].Outputs["name"], "clients in the VPC have the name")
	assert.Contains(t, after, "link-from-10.7.0.0/16", "and may connect")
	s.assertPromises()
	s.assertNothingLeft()

	s.plainDestroy()
	s.assertNothingLeft()
}

// assertDeployedLast asserts that no request can arrive before the path to the backend exists.
func assertDeployedLast(t *testing.T, deployment apitype.ResourceV3) {
	t.Helper()
	var waitsFor []string
	for _, urn := range deployment.Dependencies {
		waitsFor = append(waitsFor, urn.Name())
	}
	assert.Subset(t, waitsFor, []string{
		"link-us-east-1a-to-10.103.0.0/16", "link-us-east-1b-to-10.7.0.0/16", "link-target-us-east-1b",
		"link-listener", "link-simulated-target-us-east-1a", "link-simulated-listener",
	})
}

// byName returns the resources other than components, by name.
func byName(resources []apitype.ResourceV3) map[string]apitype.ResourceV3 {
	found := map[string]apitype.ResourceV3{}
	for _, r := range resources {
		if r.Custom {
			found[r.URN.Name()] = r
		}
	}
	return found
}
