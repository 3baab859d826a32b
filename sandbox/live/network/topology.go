package network

import (
	"net/netip"
	"slices"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/inventory"
)

// Tokens of the types that carry, hold or stop connections.
const (
	vpcType             = "aws:ec2/vpc:Vpc"
	subnetType          = "aws:ec2/subnet:Subnet"
	internetGatewayType = "aws:ec2/internetGateway:InternetGateway"
	natGatewayType      = "aws:ec2/natGateway:NatGateway"
	peeringType         = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection"
	elasticIPType       = "aws:ec2/eip:Eip"
	endpointType        = "aws:ec2/vpcEndpoint:VpcEndpoint"
	serviceType         = "aws:ec2/vpcEndpointService:VpcEndpointService"
	instanceType        = "aws:ec2/instance:Instance"
	loadBalancerType    = "aws:lb/loadBalancer:LoadBalancer"
	functionType        = "aws:lambda/function:Function"
	vpcLinkType         = "aws:apigateway/vpcLink:VpcLink"
)

// vpc is a VPC with the interfaces in it.
type vpc struct {
	*inventory.Object
	blocks []netip.Prefix // Of both IP versions.
	main   string         // The ID of the main route table.
	nics   map[netip.Addr]*nic
}

// owns reports whether an address is in the VPC's ranges.
func (v *vpc) owns(addr netip.Addr) bool {
	return slices.ContainsFunc(v.blocks, func(b netip.Prefix) bool { return b.Contains(addr) })
}

// subnet is a subnet with the tables that hold for it.
type subnet struct {
	*inventory.Object
	vpc    *vpc
	zone   string
	blocks []netip.Prefix // At most one per IP version.
	table  *routeTable
	acl    *acl
}

// nic is a network interface of an object.
type nic struct {
	owner  *inventory.Object
	id     string
	subnet *subnet
	addrs  []netip.Addr // At most one per IP version.
	public netip.Addr   // The public IPv4 address that an internet gateway translates. It may be invalid.
	groups []string
}

// addr returns the interface's address of the version of another one. It may be invalid.
func (c *nic) addr(like netip.Addr) netip.Addr { return sameVersion(c.addrs, like) }

// sameVersion returns the first address of the IP version of another one. It may be invalid.
func sameVersion(addrs []netip.Addr, like netip.Addr) netip.Addr {
	for _, a := range addrs {
		if a.Is4() == like.Is4() {
			return a
		}
	}
	return netip.Addr{}
}

// topology is the account's networks, read once.
type topology struct {
	inv     *inventory.Inventory
	vpcs    map[string]*vpc
	subnets map[string]*subnet
	nics    map[string][]*nic // By the ID of the owner.
	public  map[netip.Addr]*nic
	groups  map[string]*group
	// services are the public addresses of AWS's services.
	services map[netip.Addr]service
	failed   string // The Availability Zone in which nothing works, or nothing.
}

// read returns the networks of an account.
func read(inv *inventory.Inventory) *topology {
	t := &topology{inv: inv, vpcs: map[string]*vpc{}, subnets: map[string]*subnet{}, nics: map[string][]*nic{},
		public: map[netip.Addr]*nic{}, groups: groupsOf(inv), services: servicesOf(inv)}
	for _, o := range inv.All(vpcType) {
		t.vpcs[o.ID] = &vpc{Object: o, blocks: prefixes(o.Out.String("cidrBlock"), o.Out.String("ipv6CidrBlock")),
			main: o.Out.String("mainRouteTableId"), nics: map[netip.Addr]*nic{}}
	}
	tables, acls := tablesOf(inv), aclsOf(inv)
	for _, o := range inv.All(subnetType) {
		s := &subnet{Object: o, vpc: t.vpcs[o.Out.String("vpcId")], zone: o.Out.String("availabilityZone"),
			blocks: prefixes(o.Out.String("cidrBlock"), o.Out.String("ipv6CidrBlock")), acl: acls[o.ID]}
		if s.vpc == nil {
			continue
		}
		s.table = tables.of(o.ID, s.vpc.main)
		t.subnets[o.ID] = s
	}
	t.readInterfaces(PublicAddrs(inv))
	return t
}

// interfaceOwners are the types whose objects have network interfaces that others can reach.
var interfaceOwners = []string{loadBalancerType, endpointType, natGatewayType, instanceType}

// readInterfaces adds the network interfaces with their public addresses.
func (t *topology) readInterfaces(public map[string]netip.Addr) {
	for _, token := range interfaceOwners {
		for _, o := range t.inv.All(token) {
			for _, eni := range o.Interfaces {
				t.addInterface(o, eni, public[eni.ID])
			}
		}
	}
}

func (t *topology) addInterface(owner *inventory.Object, eni cloud.Interface, public netip.Addr) {
	s := t.subnets[eni.Subnet]
	if s == nil {
		return
	}
	c := &nic{owner: owner, id: eni.ID, subnet: s, addrs: InterfaceAddrs(eni), public: public, groups: groupIDs(owner)}
	t.nics[owner.ID] = append(t.nics[owner.ID], c)
	for _, addr := range c.addrs {
		s.vpc.nics[addr] = c
		if addr.Is6() {
			t.public[addr] = c
		}
	}
	if public.IsValid() {
		t.public[public] = c
	}
}

// InterfaceAddrs returns the addresses of an interface, IPv4 first.
func InterfaceAddrs(eni cloud.Interface) []netip.Addr {
	var addrs []netip.Addr
	for _, text := range []string{eni.IPv4, eni.IPv6} {
		if addr, err := netip.ParseAddr(text); err == nil {
			addrs = append(addrs, addr)
		}
	}
	return addrs
}

// prefixes returns the ranges that texts name. It skips what is none.
func prefixes(texts ...string) []netip.Prefix {
	var all []netip.Prefix
	for _, text := range texts {
		if p, err := netip.ParsePrefix(text); err == nil {
			all = append(all, p.Masked())
		}
	}
	return all
}

// subnetOf returns the subnet of a VPC that contains an address, or nil.
func (t *topology) subnetOf(v *vpc, addr netip.Addr) *subnet {
	for _, o := range t.inv.Where(subnetType, "vpcId", v.ID) {
		for _, block := range t.subnets[o.ID].blocks {
			if block.Contains(addr) {
				return t.subnets[o.ID]
			}
		}
	}
	return nil
}
