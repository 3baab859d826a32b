package provider

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
)

// The component registers what awsx v2.22.0 registers, under the same names
// and parents: https://github.com/pulumi/pulumi-awsx, awsx/ec2/vpc.ts.

// vpcArgs holds the inputs that decide which children exist.
type vpcArgs struct {
	AvailabilityZoneCidrMask  *int                  `pulumi:"availabilityZoneCidrMask"`
	AvailabilityZoneNames     []string              `pulumi:"availabilityZoneNames"`
	CidrBlock                 *string               `pulumi:"cidrBlock"`
	NatGateways               *natArgs              `pulumi:"natGateways"`
	NumberOfAvailabilityZones *int                  `pulumi:"numberOfAvailabilityZones"`
	SubnetSpecs               []subnetSpec          `pulumi:"subnetSpecs"`
	SubnetStrategy            *string               `pulumi:"subnetStrategy"`
	Tags                      pulumi.StringMapInput `pulumi:"tags"`
}

// natArgs holds the input natGateways.
type natArgs struct {
	Strategy               string                  `pulumi:"strategy"`
	ElasticIpAllocationIds pulumi.StringArrayInput `pulumi:"elasticIpAllocationIds"`
}

// vpcInputs lists the inputs that go to the VPC unchanged.
var vpcInputs = []string{"assignGeneratedIpv6CidrBlock", "enableDnsHostnames", "enableDnsSupport",
	"enableNetworkAddressUsageMetrics", "instanceTenancy", "ipv6CidrBlock", "ipv6CidrBlockNetworkBorderGroup",
	"ipv6IpamPoolId", "ipv6NetmaskLength"}

// refused lists inputs of the real component that the simulated one lacks.
var refused = []string{"vpcEndpointSpecs", "ipv4IpamPoolId", "ipv4NetmaskLength"}

// child is a resource of the aws provider.
type child struct {
	pulumi.CustomResourceState
	AllocationId pulumi.StringOutput `pulumi:"allocationId"`
}

// network is the component while its children are registered.
type network struct {
	pulumi.ResourceState
	ctx      *pulumi.Context
	name     string
	args     vpcArgs
	strategy string // For NAT gateways, in lower case.
	zones    []string
	err      error // The first failure to register.

	vpc, gateway                                             *child
	subnets, tables, associations, routes, natGateways, eips []*child
	publicIDs, privateIDs, isolatedIDs                       []pulumi.StringOutput
}

// constructVPC answers Construct.
func constructVPC(ctx *pulumi.Context, name string, inputs provider.ConstructInputs,
	options pulumi.ResourceOption) (*provider.ConstructResult, error) {
	given, err := inputs.Map()
	if err != nil {
		return nil, err
	}
	n := &network{ctx: ctx, name: name, strategy: "oneperaz"}
	if err := inputs.CopyTo(&n.args); err != nil {
		return nil, fmt.Errorf("%s: %w", vpcToken, err)
	}
	state, err := n.build(given, options)
	if err != nil {
		return nil, fmt.Errorf("%s %q: %w", vpcToken, name, err)
	}
	return &provider.ConstructResult{URN: n.URN(), State: state}, nil
}

// build registers the component and its children. It returns its outputs.
func (n *network) build(given pulumi.Map, options pulumi.ResourceOption) (pulumi.Map, error) {
	for _, key := range refused {
		if _, ok := given[key]; ok {
			return nil, fmt.Errorf("the sandbox does not simulate the input %s", key)
		}
	}
	if err := n.ctx.RegisterComponentResource(vpcToken, n.name, n, options); err != nil {
		return nil, err
	}
	subnets, err := n.plan()
	if err != nil {
		return nil, err
	}
	n.register(subnets, given)
	if n.err != nil {
		return nil, n.err
	}
	state := n.outputs(subnets)
	return state, n.ctx.RegisterResourceOutputs(n, state)
}

// plan decides the zones, the layout and the NAT gateways.
func (n *network) plan() ([]subnet, error) {
	if n.args.AvailabilityZoneNames != nil && n.args.NumberOfAvailabilityZones != nil {
		return nil, fmt.Errorf("only one of [availabilityZoneNames] and [numberOfAvailabilityZones] can be specified")
	}
	zones, err := n.zoneNames()
	if err != nil {
		return nil, err
	}
	n.zones = zones
	if n.args.NatGateways != nil {
		n.strategy = strings.ToLower(n.args.NatGateways.Strategy)
	}
	strategy, cidr := "Legacy", "10.0.0.0/16"
	if n.args.SubnetStrategy != nil {
		strategy = *n.args.SubnetStrategy
	}
	if n.args.CidrBlock != nil {
		cidr = *n.args.CidrBlock
	}
	subnets, err := layout(layoutArgs{
		vpc: n.name, cidr: cidr, strategy: strategy, zones: zones,
		specs: n.args.SubnetSpecs, zoneMask: n.args.AvailabilityZoneCidrMask,
	})
	if err != nil {
		return nil, err
	}
	return subnets, n.checkNat(subnets)
}

// zoneNames returns the zones that are given, or the first ones of the region.
func (n *network) zoneNames() ([]string, error) {
	if n.args.AvailabilityZoneNames != nil {
		return n.args.AvailabilityZoneNames, nil
	}
	count := 3
	if n.args.NumberOfAvailabilityZones != nil {
		count = *n.args.NumberOfAvailabilityZones
	}
	var result struct {
		Names []string `pulumi:"names"`
	}
	err := n.ctx.Invoke("aws:index/getAvailabilityZones:getAvailabilityZones", &struct{}{}, &result, pulumi.Parent(n))
	if err != nil {
		return nil, err
	}
	if len(result.Names) < count {
		return nil, fmt.Errorf(
			"the configured region for this provider does not have at least %d Availability Zones; it has %v", count,
			result.Names)
	}
	return result.Names[:count], nil
}

// checkNat refuses a strategy for NAT gateways that does not exist, or that the
// subnets do not suit.
func (n *network) checkNat(subnets []subnet) error {
	has := func(kind string) bool {
		return slices.ContainsFunc(subnets, func(s subnet) bool { return strings.ToLower(s.kind) == kind })
	}
	switch n.strategy {
	case "none":
		return nil
	case "single", "oneperaz":
		if has("public") && has("private") {
			return nil
		}
		return fmt.Errorf(
			"if NAT Gateway strategy is 'OnePerAz' or 'Single', both private and public subnets must be declared")
	default:
		return fmt.Errorf("natGateways.strategy = %q: want None, Single or OnePerAz", n.args.NatGateways.Strategy)
	}
}

// register registers the VPC, its internet gateway and its subnets.
func (n *network) register(subnets []subnet, given pulumi.Map) {
	inputs := pulumi.Map{"cidrBlock": pulumi.StringPtr("10.0.0.0/16"), "tags": n.tags(nil)}
	if n.args.CidrBlock != nil {
		inputs["cidrBlock"] = pulumi.String(*n.args.CidrBlock)
	}
	for _, key := range vpcInputs {
		if v, ok := given[key]; ok {
			inputs[key] = v
		}
	}
	n.vpc = n.child("aws:ec2/vpc:Vpc", n.name, inputs, n)
	n.gateway = n.child("aws:ec2/internetGateway:InternetGateway", n.name,
		pulumi.Map{"vpcId": n.vpc.ID(), "tags": n.tags(nil)}, n.vpc)
	for z, zone := range n.zones {
		for _, s := range inZone(subnets, zone) {
			n.registerSubnet(s, z)
		}
	}
}

// inZone returns the subnets of a zone, public ones first because they hold the
// NAT gateways.
func inZone(subnets []subnet, zone string) []subnet {
	here := slices.DeleteFunc(slices.Clone(subnets), func(s subnet) bool {
		return s.zone != zone || strings.EqualFold(s.kind, "unused")
	})
	rank := map[string]int{"public": 0, "private": 1, "isolated": 2}
	slices.SortStableFunc(here, func(a, b subnet) int {
		return cmp.Compare(rank[strings.ToLower(a.kind)], rank[strings.ToLower(b.kind)])
	})
	return here
}

// registerSubnet registers a subnet of the zone with index z, and what belongs to
// it: its route table, its routes and a NAT gateway.
func (n *network) registerSubnet(s subnet, z int) {
	kind := strings.ToLower(s.kind)
	own := map[string]string{"Name": s.name, "SubnetType": s.kind}
	tags := maps.Clone(s.tags)
	if tags == nil {
		tags = map[string]string{}
	}
	maps.Copy(tags, own)
	subnet := n.child("aws:ec2/subnet:Subnet", s.name, pulumi.Map{
		"vpcId": n.vpc.ID(), "availabilityZone": pulumi.String(s.zone), "cidrBlock": pulumi.String(s.block.String()),
		"mapPublicIpOnLaunch": pulumi.Bool(kind == "public"), "tags": n.tags(tags)}, n.vpc)
	n.subnets = append(n.subnets, subnet)
	ids := map[string]*[]pulumi.StringOutput{
		"public": &n.publicIDs, "private": &n.privateIDs, "isolated": &n.isolatedIDs,
	}[kind]
	*ids = append(*ids, subnet.ID().ToStringOutput())

	table := n.child("aws:ec2/routeTable:RouteTable", s.name, pulumi.Map{"vpcId": n.vpc.ID(), "tags": n.tags(own)},
		subnet)
	n.tables = append(n.tables, table)
	n.associations = append(n.associations, n.child("aws:ec2/routeTableAssociation:RouteTableAssociation", s.name,
		pulumi.Map{"routeTableId": table.ID(), "subnetId": subnet.ID()}, table))
	n.registerRoute(kind, s.name, z, subnet, table)
}

// registerRoute registers the NAT gateway of a public subnet, if the strategy
// wants one, and the route of a subnet to the internet.
func (n *network) registerRoute(kind, name string, z int, subnet, table *child) {
	route := pulumi.Map{"routeTableId": table.ID(), "destinationCidrBlock": pulumi.String("0.0.0.0/0")}
	switch {
	case kind == "public":
		if n.wantsNat(z) {
			n.registerNat(z, subnet)
		}
		route["gatewayId"] = n.gateway.ID()
	case kind == "private" && n.strategy == "single":
		route["natGatewayId"] = n.natGateways[0].ID()
	case kind == "private" && n.strategy == "oneperaz":
		route["natGatewayId"] = n.natGateways[z].ID()
	default:
		return
	}
	n.routes = append(n.routes, n.child("aws:ec2/route:Route", name, route, table))
}

// wantsNat reports whether the strategy asks for another NAT gateway when the
// public subnet of the zone with index z is registered.
func (n *network) wantsNat(z int) bool {
	switch n.strategy {
	case "single":
		return len(n.natGateways) < 1
	case "oneperaz":
		return len(n.natGateways) < z+1
	}
	return false
}

// registerNat registers the NAT gateway of the zone with index z. It also
// registers an Elastic IP, unless the program gives one.
func (n *network) registerNat(z int, subnet *child) {
	name := fmt.Sprintf("%s-%d", n.name, z+1)
	tags := n.mergedTags(nil, map[string]string{"Name": name})
	var allocation pulumi.StringInput
	if given := n.args.NatGateways; given != nil && given.ElasticIpAllocationIds != nil {
		allocation = given.ElasticIpAllocationIds.ToStringArrayOutput().Index(pulumi.Int(z))
	} else {
		eip := n.child("aws:ec2/eip:Eip", name, pulumi.Map{"tags": tags}, subnet)
		n.eips = append(n.eips, eip)
		allocation = eip.AllocationId
	}
	n.natGateways = append(n.natGateways, n.child("aws:ec2/natGateway:NatGateway", name,
		pulumi.Map{"subnetId": subnet.ID(), "allocationId": allocation, "tags": tags}, subnet))
}

// child registers a resource under a parent, on which it also depends. After a
// failure it returns resources that nobody uses.
func (n *network) child(token, name string, inputs pulumi.Map, parent pulumi.Resource) *child {
	c := &child{}
	options := []pulumi.ResourceOption{pulumi.Parent(parent)}
	if parent != pulumi.Resource(n) {
		options = append(options, pulumi.DependsOn([]pulumi.Resource{parent}))
	}
	if err := n.ctx.RegisterResource(token, name, inputs, c, options...); err != nil && n.err == nil {
		n.err = fmt.Errorf("%s %q: %w", token, name, err)
	}
	return c
}

// tags returns the tags of the component with further ones. By default the tag
// Name is the name of the component.
func (n *network) tags(own map[string]string) pulumi.Input {
	return n.mergedTags(map[string]string{"Name": n.name}, own)
}

// mergedTags returns the tags of the component, on top of some tags and under
// others.
func (n *network) mergedTags(under, over map[string]string) pulumi.Input {
	given := pulumi.StringMap{}.ToStringMapOutput()
	if n.args.Tags != nil {
		given = n.args.Tags.ToStringMapOutput()
	}
	return given.ApplyT(func(given map[string]string) map[string]string {
		all := map[string]string{}
		for _, layer := range []map[string]string{under, given, over} {
			maps.Copy(all, layer)
		}
		return all
	}).(pulumi.StringMapOutput)
}

// outputs returns the outputs of the real component. Each of them comes from one
// value made of the IDs of the VPC and all subnets. Until these are known, each
// list is unknown as a whole, and depends on all of them.
func (n *network) outputs(subnets []subnet) pulumi.Map {
	ids := n.ids
	return pulumi.Map{
		"vpcId":                  n.together(func(ids []string) any { return ids[0] }),
		"publicSubnetIds":        ids(n.publicIDs),
		"privateSubnetIds":       ids(n.privateIDs),
		"isolatedSubnetIds":      ids(n.isolatedIDs),
		"vpc":                    pulumi.ToOutput(n.vpc),
		"internetGateway":        pulumi.ToOutput(n.gateway),
		"subnets":                resources(n.subnets),
		"routeTables":            resources(n.tables),
		"routeTableAssociations": resources(n.associations),
		"routes":                 resources(n.routes),
		"natGateways":            resources(n.natGateways),
		"eips":                   resources(n.eips),
		"vpcEndpoints":           pulumi.Array{},
		"subnetLayout":           n.together(func([]string) any { return n.resolved(subnets) }),
	}
}

// resources returns children as an output of the component.
func resources(children []*child) pulumi.Array {
	out := pulumi.Array{}
	for _, c := range children {
		out = append(out, pulumi.ToOutput(c))
	}
	return out
}

// ids waits for every ID and returns some of them.
func (n *network) ids(some []pulumi.StringOutput) pulumi.Input {
	waited := []any{n.together(func([]string) any { return nil })}
	for _, id := range some {
		waited = append(waited, id)
	}
	return pulumi.All(waited...).ApplyT(func(all []any) []string {
		out := []string{}
		for _, id := range all[1:] {
			out = append(out, id.(string))
		}
		return out
	})
}

// together returns a value computed from the IDs of the VPC and of every subnet,
// in this order.
func (n *network) together(value func(ids []string) any) pulumi.Output {
	waited := []any{n.vpc.ID()}
	for _, s := range n.subnets {
		waited = append(waited, s.ID())
	}
	return pulumi.All(waited...).ApplyT(func(all []any) any {
		ids := make([]string, len(all))
		for i, id := range all {
			ids[i] = string(id.(pulumi.ID))
		}
		return value(ids)
	})
}

// resolved describes the layout of one zone. All zones have the same.
func (n *network) resolved(subnets []subnet) []any {
	var out []any
	for _, s := range subnets {
		if s.zone == n.zones[0] {
			out = append(out, map[string]any{"type": s.kind, "cidrMask": s.block.Bits()})
		}
	}
	return out
}
