package blueprints

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/addressplan"
)

// TargetSettings are the servers behind a load balancer: exactly one of
// instances, addresses, and servers to launch.
type TargetSettings struct {
	InstanceIds   []string        `config:"instanceIds"`   // In the load balancer's VPC.
	Ipv4Addresses []netip.Addr    `config:"ipv4Addresses"` // There, or in networks that it has a way to.
	Launch        *LaunchSettings `config:"launch"`
	Port          int             `config:"port"`
	ProxyProtocol bool            `config:"proxyProtocol"` // Whether version 2 precedes each connection; every target then expects it.
}

// LaunchSettings describes servers to launch, one per zone.
type LaunchSettings struct {
	InstanceType string `config:"instanceType"` // With an ARM processor.
}

// SetDefaults leaves room for installing packages, which takes more than the
// 512 MiB of the next smaller type.
// https://github.com/amazonlinux/amazon-linux-2023/issues/404
func (s *LaunchSettings) SetDefaults() { s.InstanceType = "t4g.micro" }

var (
	instanceId = format{`^i-([0-9a-f]{8}|[0-9a-f]{17})$`, "an instance id, such as i-0123456789abcdef0"}
	// Amazon Linux 2023 runs on no first-generation ARM instances.
	// https://docs.aws.amazon.com/linux/al2023/ug/system-requirements.html
	// https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
	armInstanceType = format{`^[a-z]+[0-9]+g[a-z]*(-[a-z0-9]+)?\.[a-z0-9-]+$`, "a type with an AWS Graviton2 or later processor, such as t4g.micro"}
)

func defaultTargets() TargetSettings { return TargetSettings{Port: 443} }

func (s *TargetSettings) check(c checks) {
	kinds := 0
	for _, given := range []bool{s.InstanceIds != nil, s.Ipv4Addresses != nil, s.Launch != nil} {
		if given {
			kinds++
		}
	}
	if kinds != 1 && !c.Any(strings.TrimSuffix(c.prefix, ".")) {
		c.Add(strings.TrimSuffix(c.prefix, "."), nil, "want exactly one of instanceIds, ipv4Addresses and launch ({} for the defaults)")
	}
	c.between("port", s.Port, 1, 65535)
	c.targets("instanceIds", s.InstanceIds == nil, len(s.InstanceIds))
	for i, id := range s.InstanceIds {
		c.text(fmt.Sprintf("instanceIds[%d]", i), id, instanceId)
		c.once(fmt.Sprintf("instanceIds[%d]", i), id, slices.Index(s.InstanceIds, id) == i)
	}
	c.targets("ipv4Addresses", s.Ipv4Addresses == nil, len(s.Ipv4Addresses))
	if s.Launch == nil {
		return
	}
	s.Launch.check(checks{c.Problems, c.prefix + "launch."})
	if s.Port != 443 && !c.Any(c.at("port")) {
		c.Add(c.at("port"), s.Port, "want 443 with launch: the servers listen there")
	}
}

// targets requires that a list that is there has something in it.
func (c checks) targets(key string, absent bool, count int) {
	if !absent && count == 0 && !c.Any(c.at(key)) {
		c.Add(c.at(key), nil, "is empty; want one target at least, in each zone unless front.crossZone is on")
	}
}

// once requires that a value is in its list for the first time.
func (c checks) once(key string, value any, first bool) {
	if !first && !c.Any(c.at(key)) {
		c.Add(c.at(key), value, "is there twice; want each target once")
	}
}

func (s *LaunchSettings) check(c checks) { c.text("instanceType", s.InstanceType, armInstanceType) }

// checkWayOut refuses a new network in which servers cannot be launched.
func (s *LaunchSettings) checkWayOut(network *NetworkSettings, c checks) {
	if create := network.Create; create != nil && create.NatGateways == "None" && !c.Any(c.at("create.natGateways")) {
		c.Add(c.at("create.natGateways"), "None", "want Single or OnePerAz: the servers install packages, and have no other way to the internet")
	}
}

// resolve asks AWS about the targets that exist, and refuses those that the
// load balancer's nodes cannot use. It returns nil where they are to be
// launched, or have problems.
func (s *TargetSettings) resolve(ctx *pulumi.Context, network *components.Network, crossZone bool, c checks) *components.Targets {
	checkTargets(s.Ipv4Addresses, network, c)
	zones := components.AvailabilityZones(network.Private)
	if len(zones) == 0 || s.Launch != nil { // The network has problems of its own.
		return nil
	}
	targets := components.AddressTargets(s.Ipv4Addresses, s.Port, network.CidrBlocks)
	covered := map[string]bool{}
	for _, address := range s.Ipv4Addresses {
		covered[zoneOf(network.Private, address)] = true
	}
	if s.InstanceIds != nil {
		targets.Type = "instance"
		s.resolveInstances(ctx, network, &targets, covered, c)
	}
	targets.ProxyProtocol = s.ProxyProtocol
	if c.Any(strings.TrimSuffix(c.prefix, ".")) {
		return nil
	}
	for _, zone := range zones {
		if !covered[zone] && !covered[anyZone] && !crossZone {
			c.Add(strings.TrimSuffix(c.prefix, "."), nil, "none is in %s, and the load balancer's node there would have nobody to forward to; want one in each of %s, or front.crossZone: true",
				zone, strings.Join(zones, ", "))
		}
	}
	return &targets
}

// anyZone stands for a zone that is not known, or for all of them.
const anyZone = ""

func (s *TargetSettings) resolveInstances(ctx *pulumi.Context, network *components.Network, targets *components.Targets, covered map[string]bool, c checks) {
	vpc, exists := network.VpcId.(pulumi.String)
	if !exists {
		c.Add(c.at("instanceIds"), nil, "want launch with a new network: no instance is in it yet")
		return
	}
	zones := components.AvailabilityZones(network.Private)
	for i, id := range s.InstanceIds {
		key := c.at(fmt.Sprintf("instanceIds[%d]", i))
		if c.Any(key) {
			continue
		}
		instance, err := components.LookupInstance(ctx, id, string(vpc))
		switch {
		case err != nil:
			c.Add(key, id, "want an instance in %s: %v", vpc, err)
		case !slices.Contains(zones, instance.AvailabilityZone):
			c.Add(key, id, "is in %s, where the load balancer has no node; want instances in %s", instance.AvailabilityZone, strings.Join(zones, ", "))
		default:
			covered[instance.AvailabilityZone] = true
			targets.List = append(targets.List, components.Target{Name: id, Id: pulumi.String(id)})
			targets.Peers = append(targets.Peers, components.HostPeers([]netip.Addr{instance.PrivateIp})...)
		}
	}
}

// checkTargets refuses addresses that AWS does not take for targets of a load
// balancer in the network, and those that are there twice.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html
func checkTargets(addresses []netip.Addr, network *components.Network, c checks) {
	for i, address := range addresses {
		key := fmt.Sprintf("ipv4Addresses[%d]", i)
		inside := func(cidr netip.Prefix) bool { return cidr.Contains(address) }
		switch {
		case c.Any(c.at(key)):
		case !address.Is4():
			c.Add(c.at(key), address, "want an IPv4 address")
		case addressplan.Private(address) || slices.ContainsFunc(network.CidrBlocks, inside):
			c.once(key, address, slices.Index(addresses, address) == i)
		case len(network.CidrBlocks) > 0: // Else the network has problems of its own.
			c.Add(c.at(key), address, "want an address of the VPC (%v) or a private one (RFC 1918 or RFC 6598): AWS takes no others for targets", network.CidrBlocks)
		}
	}
}

// zoneOf is the zone of the subnet that has an address.
func zoneOf(subnets []components.Subnet, address netip.Addr) string {
	for _, subnet := range subnets {
		if subnet.CidrBlock.Contains(address) {
			return subnet.AvailabilityZone
		}
	}
	return anyZone
}
