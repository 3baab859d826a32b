package decode

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"private-api-blueprints/policy/model"
)

// addMainTable lets routes refer to a VPC's main route table. It is a resource of
// the stack only if the stack has a DefaultRouteTable, so it is not listed in the
// model.
func (b *builder) addMainTable(n *node, vpc *model.VPC) {
	main := &model.RouteTable{Element: n.element(), VPC: itself(&b.vpcs, n)}
	for _, key := range []string{"mainRouteTableId", "defaultRouteTableId"} {
		b.routeTables.addName(main, n.get(key).str())
	}
	b.routeTables.aliasPart(n, main)
	vpc.MainTable = itself(&b.routeTables, n)
}

func (b *builder) makeRouteTable(n *node) {
	b.stack.RouteTables = b.routeTables.add(n, &model.RouteTable{Element: n.element()})
}

// aliasDefaultTable makes a DefaultRouteTable the main table of its VPC. It does
// not name the VPC: its defaultRouteTableId is an output of the VPC.
func (b *builder) aliasDefaultTable(n *node) {
	table := elementOf(&b.routeTables, n)
	for _, main := range b.routeTables.ref(n, "defaultRouteTableId").Candidates {
		vpc, certain := main.VPC.Sole()
		if main == table || !certain {
			continue
		}
		table.VPC = main.VPC
		vpc.MainTable = itself(&b.routeTables, n)
		b.routeTables.replace(main, table, resource.URN(main.URN))
	}
}

// linkRouteTable reads a route table and the routes in it.
func (b *builder) linkRouteTable(n *node) {
	table := elementOf(&b.routeTables, n)
	table.VPC = b.vpcOf(n, table.VPC)
	routes, from := n.get("routes").list(), n.sources("routes")
	table.RoutesComplete = !routes.open
	for _, item := range routes.items {
		b.addRoute(n, item.path, itself(&b.routeTables, n), targets{item.field, inlineDestinations, from})
	}
	if routes.open {
		unknown := func(string) value { return value{hidden: true} }
		b.addRoute(n, "routes", itself(&b.routeTables, n), targets{unknown, inlineDestinations, from})
	}
}

func (b *builder) linkRoute(n *node) {
	var from []resource.URN
	for _, target := range routeTargets {
		from = append(from, n.sources(target.key)...)
	}
	b.addRoute(n, "", b.routeTables.ref(n, "routeTableId"), targets{n.get, destinations, from})
}

// The names of a route's destination, in a table and in a resource.
var (
	inlineDestinations = []string{"cidrBlock", "ipv6CidrBlock"}
	destinations       = []string{"destinationCidrBlock", "destinationIpv6CidrBlock"}
)

// routeTargets are the properties of a route that name its target, and the kind
// of the target.
var routeTargets = []struct {
	key  string
	kind model.RouteTarget
}{
	{"carrierGatewayId", model.RouteToCarrierGateway},
	{"coreNetworkArn", model.RouteToCoreNetwork},
	{"egressOnlyGatewayId", model.RouteToEgressOnlyGateway},
	{"gatewayId", model.RouteToInternetGateway},
	{"localGatewayId", model.RouteToLocalGateway},
	{"natGatewayId", model.RouteToNATGateway},
	{"networkInterfaceId", model.RouteToAppliance},
	{"transitGatewayId", model.RouteToTransitGateway},
	{"vpcEndpointId", model.RouteToAppliance},
	{"vpcPeeringConnectionId", model.RouteToPeering},
}

// targetTypes are the resource types whose IDs lead to a kind of target. Those of
// no kind give a route something else, such as its destination.
var targetTypes = map[tokens.Type]model.RouteTarget{
	"aws:ec2/carrierGateway:CarrierGateway":                             model.RouteToCarrierGateway,
	"aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway":       model.RouteToEgressOnlyGateway,
	"aws:ec2/internetGateway:InternetGateway":                           model.RouteToInternetGateway,
	"aws:ec2/internetGatewayAttachment:InternetGatewayAttachment":       model.RouteToInternetGateway,
	"aws:ec2/natGateway:NatGateway":                                     model.RouteToNATGateway,
	"aws:ec2/networkInterface:NetworkInterface":                         model.RouteToAppliance,
	"aws:ec2/vpcEndpoint:VpcEndpoint":                                   model.RouteToAppliance,
	"aws:ec2/vpcPeeringConnection:VpcPeeringConnection":                 model.RouteToPeering,
	"aws:ec2/vpcPeeringConnectionAccepter:VpcPeeringConnectionAccepter": model.RouteToPeering,
	"aws:ec2/vpnGateway:VpnGateway":                                     model.RouteToVirtualPrivateGateway,
	"aws:ec2/vpnGatewayAttachment:VpnGatewayAttachment":                 model.RouteToVirtualPrivateGateway,
	"aws:ec2transitgateway/transitGateway:TransitGateway":               model.RouteToTransitGateway,
	"aws:ec2transitgateway/vpcAttachment:VpcAttachment":                 model.RouteToTransitGateway,

	"aws:ec2/managedPrefixList:ManagedPrefixList": model.RouteToUnknown,
	"aws:ec2/subnet:Subnet":                       model.RouteToUnknown,
	"aws:ec2/vpc:Vpc":                             model.RouteToUnknown,
}

// targets are the properties of a route.
type targets struct {
	get          func(key string) value
	destinations []string
	from         []resource.URN
}

// sources returns those URNs that may give the ID of a kind of target.
func (t targets) sources(kinds ...model.RouteTarget) []resource.URN {
	return slices.DeleteFunc(slices.Clone(t.from), func(urn resource.URN) bool {
		if !urn.IsValid() {
			return false
		}
		kind, listed := targetTypes[urn.Type()]
		return listed && !slices.Contains(kinds, kind)
	})
}

// prefixListKey names the prefix list that is a route's destination, in a table and in a resource.
const prefixListKey = "destinationPrefixListId"

// listSources returns those URNs that may give the ID of a prefix list.
func (t targets) listSources(n *node) []resource.URN {
	return slices.DeleteFunc(slices.Concat(t.from, n.sources(prefixListKey)), func(urn resource.URN) bool {
		return isAWS(urn) && urn.Type() != "aws:ec2/managedPrefixList:ManagedPrefixList"
	})
}

// addRoute adds a route. Its path is empty if the resource is the route.
func (b *builder) addRoute(n *node, path string, table model.Ref[model.RouteTable], t targets) {
	route := &model.VPCRoute{Element: n.element(), Table: table, Destination: t.destination()}
	route.Origin = n.origin(path)
	set := 0
	for _, target := range routeTargets {
		if v := t.get(target.key); !v.absent {
			route.Target, set = target.kind, set+1
		}
	}
	gateway := t.get("gatewayId").str()
	route.InternetGateway = b.internetGateways.resolve(gateway, t.sources(
		model.RouteToInternetGateway, model.RouteToVirtualPrivateGateway))
	route.NATGateway = b.natGateways.resolve(t.get("natGatewayId").str(), t.sources(model.RouteToNATGateway))
	route.Peering = b.peerings.resolve(t.get("vpcPeeringConnectionId").str(), t.sources(model.RouteToPeering))
	route.PrefixList = b.prefixLists.resolve(t.get(prefixListKey).str(), t.listSources(n))
	switch {
	case set > 1:
		route.Target = model.RouteToUnknown
	case !gateway.IsAbsent():
		route.Target = gatewayKind(gateway, route.InternetGateway, t)
	}
	b.stack.AddVPCRoute(route)
}

// destination reads the range that is the route's destination.
func (t targets) destination() model.Known[netip.Prefix] {
	ipv4, ipv6 := t.get(t.destinations[0]), t.get(t.destinations[1])
	if !ipv4.absent {
		return ipv4.prefix()
	}
	return ipv6.prefix()
}

// gatewayKinds are the kinds of gateways that have the property gatewayId in
// common, by the beginnings of their IDs.
var gatewayKinds = map[string]model.RouteTarget{
	"cagw": model.RouteToCarrierGateway, "igw": model.RouteToInternetGateway, "local": model.RouteToVPC,
	"vgw": model.RouteToVirtualPrivateGateway, "vpce": model.RouteToAppliance,
}

// gatewayKind returns the kind of a gateway, by its ID or by where its ID comes
// from.
func gatewayKind(
	id model.Known[string], gateway model.Ref[model.InternetGateway], t targets,
) model.RouteTarget {
	if text, known := id.Get(); known {
		prefix, _, _ := strings.Cut(text, "-")
		return gatewayKinds[prefix]
	}
	if gateway.IsClosed() {
		return model.RouteToInternetGateway
	}
	from := t.sources(model.RouteToInternetGateway, model.RouteToVirtualPrivateGateway)
	other := func(urn resource.URN) bool {
		return !urn.IsValid() || targetTypes[urn.Type()] != model.RouteToVirtualPrivateGateway
	}
	if len(from) > 0 && !slices.ContainsFunc(from, other) {
		return model.RouteToVirtualPrivateGateway
	}
	return model.RouteToUnknown
}

// aliasTableAssociation lets references to the association of a subnet lead to the
// subnet.
func (b *builder) aliasTableAssociation(n *node) {
	if sole, certain := b.subnets.ref(n, "subnetId").Sole(); certain {
		b.subnets.alias(n, sole)
	}
}

// linkTableAssociation reads the association of a subnet, and not that of a
// gateway.
func (b *builder) linkTableAssociation(n *node) {
	subnet := b.subnets.ref(n, "subnetId")
	if subnet.IsAbsent() {
		return
	}
	b.stack.AddTableAssociation(model.Association[model.RouteTable]{
		Subnet: subnet, To: b.routeTables.ref(n, "routeTableId"),
	})
}

func (b *builder) linkMainTable(n *node) {
	vpc, table := b.vpcs.ref(n, "vpcId"), b.routeTables.ref(n, "routeTableId")
	for _, v := range vpc.Among(b.stack.VPCs) {
		if vpc.Names(v) == model.True {
			v.MainTable = table
			continue
		}
		v.MainTable.Candidates = append(slices.Clone(v.MainTable.Candidates), table.Candidates...)
		v.MainTable.Open = v.MainTable.Open || table.Open
	}
}

// completeMainTables decides which main tables that the stack does not manage
// have no other routes. A VPC that exists may only be read, unless the program
// attaches its internet gateway. A stack without any route table of the VPC leaves
// its routes to another one.
func (b *builder) completeMainTables() {
	managed := map[*model.VPC]bool{}
	for _, table := range b.stack.RouteTables {
		if vpc, certain := table.VPC.Sole(); certain {
			managed[vpc] = true
		}
	}
	for _, vpc := range b.stack.VPCs {
		if main, certain := vpc.MainTable.Sole(); certain && main.URN == vpc.URN {
			main.RoutesComplete = managed[vpc] && (vpc.IsNew == model.True || b.attached[vpc])
		}
	}
}
