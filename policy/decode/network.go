package decode

import (
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

var networkReaders = map[string]reader{
	"aws:ec2/vpc:Vpc":                     {make: (*builder).makeVPC},
	"aws:ec2/eip:Eip":                     {make: (*builder).makeElasticIP},
	"aws:ec2/defaultVpc:DefaultVpc":       {make: (*builder).makeDefaultVPC},
	"aws:ec2/subnet:Subnet":               {make: (*builder).makeSubnet, link: (*builder).linkSubnet},
	"aws:ec2/defaultSubnet:DefaultSubnet": {make: (*builder).makeSubnet, link: (*builder).linkSubnet},
	"aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation":   {alias: (*builder).aliasRange},
	"aws:ec2/vpcEndpoint:VpcEndpoint":                                   {make: (*builder).makeEndpoint, link: (*builder).linkEndpoint},
	"aws:ec2/vpcEndpointSubnetAssociation:VpcEndpointSubnetAssociation": {link: (*builder).linkEndpointSubnet},
	"aws:ec2/securityGroupAssociation:SecurityGroupAssociation":         {link: (*builder).linkEndpointGroup},
	"aws:vpc/endpointPrivateDns:EndpointPrivateDns":                     {link: (*builder).linkPrivateDNS},
}

func (b *builder) makeVPC(n *node) { b.addVPC(n, false) }

// makeDefaultVPC reads the VPC that AWS has made, with DNS hostnames.
// https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc-components.html
func (b *builder) makeDefaultVPC(n *node) { b.addVPC(n, true) }

func (b *builder) addVPC(n *node, hostnames bool) {
	vpc := &model.VPC{
		Element:      n.element(),
		DNSSupport:   n.get("enableDnsSupport").boolean().Or(true),
		DNSHostnames: n.get("enableDnsHostnames").boolean().Or(hostnames),
		Range:        n.get("cidrBlock").prefix(),

		RangesComplete: true,
	}
	b.vpcs.add(n, vpc)
	b.addMainTable(n)
	b.defaultIDs[vpc] = n.get("defaultSecurityGroupId").str()
}

// aliasRange adds a range to a VPC. A subnet in that range names the VPC by way
// of the association, so that it waits for it.
func (b *builder) aliasRange(n *node) {
	vpc := b.vpcs.ref(n, "vpcId")
	if sole, certain := vpc.Sole(); certain {
		sole.MoreRanges = append(sole.MoreRanges, n.get("cidrBlock").prefix())
		b.vpcs.alias(n, sole)
		return
	}
	for _, v := range vpc.Among(b.vpcs.all) {
		v.RangesComplete = false
	}
}

func (b *builder) makeElasticIP(n *node) {
	b.elasticIPs.add(n, &model.ElasticIP{Element: n.element()})
}

// zoneNames are the two ways to name a subnet's zone. Names differ between
// accounts and ids do not, but within one account either will do.
// https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html
type zoneNames struct{ name, id model.Known[string] }

func (b *builder) makeSubnet(n *node) {
	subnet := &model.Subnet{
		Element: n.element(),
		Range:   n.get("cidrBlock").prefix(),
		Range6:  n.get("ipv6CidrBlock").prefix(),
	}
	b.subnets.add(n, subnet)
	b.zones[subnet] = zoneNames{n.get("availabilityZone").str(), n.get("availabilityZoneId").str()}
}

func (b *builder) linkSubnet(n *node) { elementOf(b.subnets, n).VPC = b.vpcs.ref(n, "vpcId") }

// zoneID is a zone's id as the account of a provider sees it.
type zoneID struct{ provider, id string }

// settleZones gives each subnet the one of the two names that the stack's
// subnets can be compared by.
func (b *builder) settleZones() {
	names := map[zoneID]model.Known[string]{}
	providers := map[string]map[string]bool{} // Those under which an id stands.
	onlyNamed := false
	for _, subnet := range b.subnets.all {
		z := b.zones[subnet]
		_, named := z.name.Get()
		id, identified := z.id.Get()
		if named && identified {
			names[zoneID{subnet.Provider, id}] = z.name
		}
		if providers[id] == nil {
			providers[id] = map[string]bool{}
		}
		providers[id][subnet.Provider] = true
		onlyNamed = onlyNamed || named && !identified
	}
	for _, subnet := range b.subnets.all {
		z := b.zones[subnet]
		id, _ := z.id.Get()
		subnet.Zone = z.settle(names[zoneID{subnet.Provider, id}], onlyNamed || len(providers[id]) > 1)
	}
}

// settle prefers the name, which the id may have at another subnet of the
// account. Else the id will do, unless a subnet may be in the same zone of which
// only the name is known, or the name in another account.
func (z zoneNames) settle(translated model.Known[string], ambiguous bool) model.Known[string] {
	for _, name := range []model.Known[string]{z.name, translated} {
		if _, known := name.Get(); known {
			return name
		}
	}
	if _, identified := z.id.Get(); identified && !ambiguous {
		return z.id
	}
	return model.Unknown[string]()
}

func (b *builder) makeEndpoint(n *node) {
	b.endpoints.add(n, &model.Endpoint{
		Element:    n.element(),
		Type:       as[model.EndpointType](n.get("vpcEndpointType").str()).Or(model.EndpointGateway),
		Service:    n.get("serviceName").str(),
		PrivateDNS: n.get("privateDnsEnabled").boolean().Or(false).Equals(true),

		StatesPrivateDNS: states(n, "privateDnsEnabled"),
	})
	for _, entry := range n.get("dnsEntries").list().items {
		b.endpoints.addHost(elementOf(b.endpoints, n), host(entry.field("dnsName")))
	}
}

func (b *builder) linkEndpoint(n *node) {
	e := elementOf(b.endpoints, n)
	e.VPC = b.vpcs.ref(n, "vpcId")
	e.EndpointService = b.serviceOf(n)
	e.Subnets = union(b.subnets.refs(n, "subnetIds", ""), e.Subnets)
	e.Groups = union(b.groups.refs(n, "securityGroupIds", ""), e.Groups)
	b.linkAddresses(n, e)
}

// states asks whether the program sets a property that the provider fills in
// otherwise. What a resource that exists has there may be the provider's.
func states(n *node, key string) model.Truth {
	v := n.get(key)
	switch {
	case v.absent:
		return model.False
	case v.hidden || n.exists():
		return model.Maybe
	}
	return model.True
}

// serviceOf finds the endpoint service that an endpoint connects to: its id ends
// the service's name.
func (b *builder) serviceOf(n *node) model.Ref[model.EndpointService] {
	name := n.get("serviceName").str()
	text, known := name.Get()
	if known && !strings.Contains(text, ".vpce-svc-") {
		return model.Ref[model.EndpointService]{}
	}
	id := mapped(name, func(name string) string { return name[strings.LastIndex(name, ".")+1:] })
	return b.endpointServices.resolve(id, n.sources("serviceName"))
}

// linkAddresses reads the addresses that the stack pins or, once the endpoint
// exists, those that it has.
func (b *builder) linkAddresses(n *node, e *model.Endpoint) {
	pins, listed := n.get("subnetConfigurations").list(), b.subnets.refs(n, "subnetIds", "")
	e.PinsComplete = !pins.open
	e.AddressesComplete = e.PinsComplete && e.Subnets.Rest == nil && len(pins.items) > 0 && len(pins.items) >= len(e.Subnets.Items)
	// A pin in a subnet that a change of subnetIds gives up stays until AWS has done so.
	kept := model.TruthOf(n.mayKeep("subnetConfigurations")).AtMostMaybe()
	var pinned model.Refs[model.Subnet]
	for _, item := range pins.items {
		subnet := b.subnets.resolve(item.field("subnetId").str(), n.sources("subnetConfigurations"))
		ip := item.field("ipv4").str()
		subnet = narrow(subnet, ip)
		isListed := listed.Any(subnet.Same).Or(kept)
		if ipv6 := item.field("ipv6").str(); !ipv6.IsAbsent() {
			e.Addresses = append(e.Addresses, model.Address{IP: ipv6, Subnet: subnet, Listed: isListed})
		}
		e.Addresses = append(e.Addresses, model.Address{IP: ip, Subnet: subnet, Listed: isListed})
		e.AddressesComplete = e.AddressesComplete && !ip.IsAbsent()
		pinned.Items = append(pinned.Items, subnet)
	}
	e.Subnets = refine(e.Subnets, pinned)
}

// narrow drops the candidates whose range does not hold the address.
func narrow(subnet model.Ref[model.Subnet], ip model.Known[string]) model.Ref[model.Subnet] {
	text, _ := ip.Get()
	address, err := netip.ParseAddr(text)
	if err != nil || len(subnet.Candidates) < 2 {
		return subnet
	}
	elsewhere := func(s *model.Subnet) bool {
		known, isKnown := s.Range.Get()
		return isKnown && !known.Contains(address)
	}
	if near := slices.DeleteFunc(slices.Clone(subnet.Candidates), elsewhere); len(near) > 0 {
		subnet.Candidates = near
	}
	return subnet
}

// refine puts the subnets of pinned addresses in the place of those that are
// not certain. Every pinned address is in one of the endpoint's subnets.
func refine(subnets, pinned model.Refs[model.Subnet]) model.Refs[model.Subnet] {
	certain := func(subnet model.Ref[model.Subnet]) bool {
		_, sole := subnet.Sole()
		return sole || !subnet.Value.IsUnknown()
	}
	oneEach := len(pinned.Items) == len(subnets.Items) || subnets.Rest != nil && len(subnets.Items) == 0
	if !oneEach || slices.ContainsFunc(subnets.Items, certain) {
		return subnets
	}
	return model.Refs[model.Subnet]{Items: pinned.Items, Rest: subnets.Rest}
}

// union adds elements to a set. One that may be in the set already does not
// add to its size.
func union[T any](set, more model.Refs[T]) model.Refs[T] {
	for _, element := range more.Items {
		switch set.Any(element.Same) {
		case model.False:
			set.Items = append(set.Items, element)
		case model.Maybe:
			set = set.WithMaybe(element)
		}
	}
	if more.Rest != nil {
		set = set.WithMaybe(*more.Rest)
	}
	return set
}

func (b *builder) linkEndpointSubnet(n *node) {
	endpoint, subnet := b.endpoints.ref(n, "vpcEndpointId"), b.subnets.ref(n, "subnetId")
	for _, e := range endpoint.Among(b.endpoints.all) {
		e.Subnets = join(e.Subnets, subnet, endpoint.Names(e))
	}
}

func (b *builder) linkEndpointGroup(n *node) {
	endpoint, group := b.endpoints.ref(n, "vpcEndpointId"), b.groups.ref(n, "securityGroupId")
	for _, e := range endpoint.Among(b.endpoints.all) {
		e.Groups = join(e.Groups, group, endpoint.Names(e))
	}
}

// join adds an element to a set of which it is an element for certain, or maybe.
func join[T any](set model.Refs[T], element model.Ref[T], certain model.Truth) model.Refs[T] {
	if certain == model.True {
		return union(set, model.Refs[T]{Items: []model.Ref[T]{element}})
	}
	return set.WithMaybe(element)
}

// linkPrivateDNS lets the resource of its own outweigh the endpoint's flag, in
// which the provider repeats what that had set.
func (b *builder) linkPrivateDNS(n *node) {
	endpoint := b.endpoints.ref(n, "vpcEndpointId")
	enabled := n.get("privateDnsEnabled").boolean().Equals(true)
	b.stack.PrivateDNS = append(b.stack.PrivateDNS, &model.PrivateDNSSetting{Element: n.element(), Endpoint: endpoint, On: enabled})
	for _, e := range endpoint.Among(b.endpoints.all) {
		if endpoint.Names(e) == model.True {
			e.PrivateDNS = enabled
		} else {
			e.PrivateDNS = e.PrivateDNS.Agree(enabled)
		}
	}
}
