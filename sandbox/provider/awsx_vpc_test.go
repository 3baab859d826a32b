package provider

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// tape records registered resources by "Type name".
type tape struct {
	mu      sync.Mutex
	parents map[string]string
	inputs  map[string]resource.PropertyMap
}

func (t *tape) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := label(args.TypeToken, args.Name)
	parent := resource.URN(args.RegisterRPC.GetParent())
	t.parents[key] = label(string(parent.Type()), parent.Name())
	t.inputs[key] = args.Inputs
	return args.Name + "-id", args.Inputs, nil
}

func (t *tape) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return resource.NewPropertyMapFromMap(values{"names": []any{"us-east-1a", "us-east-1b", "us-east-1c"}}), nil
}

func label(token, name string) string {
	if token == vpcToken {
		return "component " + name
	}
	return token[strings.LastIndex(token, ":")+1:] + " " + name
}

// build registers a network called net. It returns what it registered.
func build(args vpcArgs, given pulumi.Map) (*tape, error) {
	t := &tape{parents: map[string]string{}, inputs: map[string]resource.PropertyMap{}}
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		n := &network{ctx: ctx, name: "net", strategy: "oneperaz", args: args}
		_, err := n.build(given, pulumi.Protect(false))
		return err
	}, pulumi.WithMocks("p", "dev", t))
	return t, err
}

// named returns the names of the registered resources of a type, sorted.
func (t *tape) named(kind string) []string {
	var names []string
	for key := range t.parents {
		if name, ok := strings.CutPrefix(key, kind+" "); ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// TestVPCRegistersTheChildrenOfTheRealComponent has the names and parents of
// awsx v2.22.0, https://github.com/pulumi/pulumi-awsx, awsx/ec2/vpc.ts.
func TestVPCRegistersTheChildrenOfTheRealComponent(t *testing.T) {
	tape, err := build(vpcArgs{NumberOfAvailabilityZones: ptr(1)}, nil)
	require.NoError(t, err)
	delete(tape.parents, "component net")
	assert.Equal(t, map[string]string{
		"Vpc net":                             "component net",
		"InternetGateway net":                 "Vpc net",
		"Subnet net-public-1":                 "Vpc net",
		"Subnet net-private-1":                "Vpc net",
		"RouteTable net-public-1":             "Subnet net-public-1",
		"RouteTable net-private-1":            "Subnet net-private-1",
		"RouteTableAssociation net-public-1":  "RouteTable net-public-1",
		"RouteTableAssociation net-private-1": "RouteTable net-private-1",
		"Eip net-1":                           "Subnet net-public-1",
		"NatGateway net-1":                    "Subnet net-public-1",
		"Route net-public-1":                  "RouteTable net-public-1",
		"Route net-private-1":                 "RouteTable net-private-1",
	}, tape.parents)
}

func TestChildrenHaveTheTagsOfTheVPC(t *testing.T) {
	specs := []subnetSpec{
		{Type: "Public", Tags: map[string]string{"Tier": "edge", "Name": "ignored"}}, {Type: "Private"},
	}
	tape, err := build(vpcArgs{
		NumberOfAvailabilityZones: ptr(1),
		SubnetSpecs:               specs,
		Tags:                      pulumi.StringMap{"Team": pulumi.String("a")},
	}, nil)
	require.NoError(t, err)
	for resourceName, want := range map[string]values{
		"Vpc net":                 {"Name": "net", "Team": "a"},
		"InternetGateway net":     {"Name": "net", "Team": "a"},
		"Subnet net-public-1":     {"Name": "net-public-1", "Team": "a", "SubnetType": "Public", "Tier": "edge"},
		"RouteTable net-public-1": {"Name": "net-public-1", "Team": "a", "SubnetType": "Public"},
		"Eip net-1":               {"Name": "net-1", "Team": "a"},
	} {
		assert.Equal(t, resource.NewPropertyMapFromMap(want), tape.inputs[resourceName]["tags"].ObjectValue(),
			resourceName)
	}
}

func TestInputsOfTheVPCReachIt(t *testing.T) {
	tape, err := build(vpcArgs{CidrBlock: ptr("10.8.0.0/16")},
		pulumi.Map{"enableDnsHostnames": pulumi.Bool(true), "subnetStrategy": pulumi.String("Auto")})
	require.NoError(t, err)
	delete(tape.inputs["Vpc net"], "tags")
	assert.Equal(t, resource.NewPropertyMapFromMap(values{"cidrBlock": "10.8.0.0/16", "enableDnsHostnames": true}),
		tape.inputs["Vpc net"])
	assert.Len(t, tape.named("Subnet"), 6, "three zones by default")
}

func TestEachNATStrategyHasItsGateways(t *testing.T) {
	for _, row := range []struct {
		strategy      string
		gateways      []string
		privateRoutes map[string]string // Route -> NAT gateway.
	}{
		{
			strategy: "None", privateRoutes: map[string]string{},
		},
		{
			strategy:      "Single",
			gateways:      []string{"net-1"},
			privateRoutes: map[string]string{"net-private-1": "net-1-id", "net-private-2": "net-1-id"},
		},
		{
			strategy:      "OnePerAz",
			gateways:      []string{"net-1", "net-2"},
			privateRoutes: map[string]string{"net-private-1": "net-1-id", "net-private-2": "net-2-id"},
		},
	} {
		t.Run(row.strategy, func(t *testing.T) {
			tape, err := build(
				vpcArgs{NumberOfAvailabilityZones: ptr(2), NatGateways: &natArgs{Strategy: row.strategy}}, nil)
			require.NoError(t, err)
			assert.Equal(t, row.gateways, tape.named("NatGateway"))
			assert.Equal(t, row.gateways, tape.named("Eip"))
			routes := map[string]string{}
			for _, name := range tape.named("Route") {
				if gateway := tape.inputs["Route "+name]["natGatewayId"]; gateway.IsString() {
					routes[name] = gateway.StringValue()
				}
			}
			assert.Equal(t, row.privateRoutes, routes)
		})
	}
}

func TestGivenElasticIPsAreUsed(t *testing.T) {
	tape, err := build(vpcArgs{NumberOfAvailabilityZones: ptr(1), NatGateways: &natArgs{Strategy: "Single",
		ElasticIpAllocationIds: pulumi.ToStringArray([]string{"eipalloc-1"})}}, nil)
	require.NoError(t, err)
	assert.Empty(t, tape.named("Eip"))
	assert.Equal(t, "eipalloc-1", tape.inputs["NatGateway net-1"]["allocationId"].StringValue())
}

func TestUnusedSubnetsAreNotCreatedAndIsolatedOnesHaveNoRoute(t *testing.T) {
	specs := []subnetSpec{{Type: "Isolated", CidrMask: ptr(17)}, {Type: "Unused", CidrMask: ptr(17)}}
	tape, err := build(
		vpcArgs{
			NumberOfAvailabilityZones: ptr(1),
			SubnetStrategy:            ptr("Exact"),
			SubnetSpecs:               specs,
			NatGateways:               &natArgs{Strategy: "None"},
		},
		nil,
	)
	require.NoError(t, err)
	assert.Equal(t, []string{"net-isolated-1"}, tape.named("Subnet"))
	assert.Empty(t, tape.named("Route"), "isolated subnets have no route to the internet")
}

func TestWrongNetworksAreRefused(t *testing.T) {
	for _, row := range []struct {
		why   string
		args  vpcArgs
		given pulumi.Map
		says  string
	}{
		{
			why:  "endpoints, which the real component creates wrongly",
			args: vpcArgs{}, given: pulumi.Map{"vpcEndpointSpecs": pulumi.Array{}},
			says: "does not simulate the input vpcEndpointSpecs",
		},
		{
			why:  "zones by name and by number",
			args: vpcArgs{AvailabilityZoneNames: []string{"us-east-1a"}, NumberOfAvailabilityZones: ptr(1)},
			says: "only one of [availabilityZoneNames] and [numberOfAvailabilityZones]",
		},
		{
			why:  "more zones than exist",
			args: vpcArgs{NumberOfAvailabilityZones: ptr(4)}, says: "at least 4 Availability Zones",
		},
		{
			why:  "NAT gateways without public subnets",
			args: vpcArgs{SubnetSpecs: []subnetSpec{{Type: "Private"}}}, says: "both private and public subnets",
		},
		{
			why:  "a NAT strategy that does not exist",
			args: vpcArgs{NatGateways: &natArgs{Strategy: "Two"}}, says: "want None, Single or OnePerAz",
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			tape, err := build(row.args, row.given)
			assert.ErrorContains(t, err, row.says)
			assert.Empty(t, tape.named("Subnet"))
		})
	}
}
