package decode

import (
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

func (b *builder) makeEndpoint(n *node) {
	endpoint := &model.Endpoint{
		Element:          n.element(),
		Type:             text[model.EndpointType](n.get("vpcEndpointType")).Or(model.EndpointGateway),
		Service:          n.get("serviceName").str(),
		AsksPrivateDNS:   n.get("privateDnsEnabled").boolean().Or(false).Equals(true),
		StatesPrivateDNS: n.states("privateDnsEnabled"),
		Accepted:         n.accepted(),
		AcceptsItself:    n.get("autoAccept").boolean().Or(false),
	}
	endpoint.PrivateDNS = endpoint.AsksPrivateDNS
	b.stack.Endpoints = b.endpoints.add(n, endpoint)
	names := n.output("dnsEntries").list()
	endpoint.DNSNames.Complete = !names.open
	for _, entry := range names.items {
		host := entry.field("dnsName").host()
		b.endpoints.addName(endpoint, host)
		endpoint.DNSNames.Items = append(endpoint.DNSNames.Items, endpointName(host))
	}
}

// endpointName reads a name of an endpoint. The first label of a zonal name is vpce, the ID, a hash and the zone.
// https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
func endpointName(host model.Known[string]) model.Known[model.EndpointName] {
	text, known := host.Get()
	if !known {
		return model.Unknown[model.EndpointName]()
	}
	name := model.EndpointName{Host: text}
	label, _, _ := strings.Cut(strings.TrimPrefix(text, "*."), ".")
	if parts := strings.SplitN(label, "-", 4); parts[0] == "vpce" && len(parts) == 4 {
		name.Zone = parts[3]
	}
	return model.Of(name)
}

// pendingAcceptance is the state of an endpoint that its service has not accepted.
// https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html
const pendingAcceptance = "pendingAcceptance"

// accepted asks whether the service has accepted an endpoint.
func (n *node) accepted() model.Truth {
	state, known := n.get("state").str().Get()
	switch {
	case known:
		return model.TruthOf(state != pendingAcceptance)
	case n.exists():
		return model.Maybe
	}
	return model.False
}

func (b *builder) linkEndpoint(n *node) {
	e := elementOf(&b.endpoints, n)
	e.VPC = b.vpcs.ref(n, "vpcId")
	e.EndpointService = b.serviceOf(n)
	e.Subnets = union(b.subnets.refs(n, "subnetIds", ""), e.Subnets)
	e.Groups = union(b.securityGroups.refs(n, "securityGroupIds", ""), e.Groups)
	b.linkAddresses(n, e)
}

// serviceOf returns the endpoint service that an endpoint connects to. The
// service's name ends in its ID.
func (b *builder) serviceOf(n *node) model.Ref[model.EndpointService] {
	name := n.get("serviceName").str()
	if service, known := name.Get(); known && !model.IsEndpointServiceName(service) {
		return model.Ref[model.EndpointService]{}
	}
	id := mapped(name, func(name string) string { return name[strings.LastIndex(name, ".")+1:] })
	return b.endpointServices.resolve(id, n.sources("serviceName"))
}

// linkAddresses reads the addresses that the program pins or, once the endpoint
// exists, the addresses that it has. If the program removes a subnet from
// subnetIds, the address there stays until AWS has removed it.
func (b *builder) linkAddresses(n *node, e *model.Endpoint) {
	const configurations = "subnetConfigurations"
	pins, listed := n.get(configurations).list(), b.subnets.refs(n, "subnetIds", "")
	e.PinsComplete = !pins.open
	allPinned := len(pins.items) > 0 && len(pins.items) >= len(e.Subnets.Items)
	e.AddressesComplete = e.PinsComplete && e.Subnets.Rest == nil && allPinned
	kept := model.TruthOf(n.mayKeep(configurations)).AtMostMaybe()
	var pinned model.Refs[model.Subnet]
	for _, item := range pins.items {
		ip := item.field("ipv4").str()
		subnet := narrow(b.subnets.resolve(item.field("subnetId").str(), n.sources(configurations)), ip)
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

// narrow drops candidates whose range does not contain the address.
func narrow(subnet model.Ref[model.Subnet], ip model.Known[string]) model.Ref[model.Subnet] {
	s, _ := ip.Get()
	address, err := netip.ParseAddr(s)
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

// refine replaces subnets that are not certain by the subnets of the pinned
// addresses. Each pinned address is in one of the endpoint's subnets.
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

func (b *builder) linkEndpointSubnet(n *node) {
	endpoint, subnet := b.endpoints.ref(n, "vpcEndpointId"), b.subnets.ref(n, "subnetId")
	for _, e := range endpoint.Among(b.stack.Endpoints) {
		e.Subnets = join(e.Subnets, subnet, endpoint.Names(e))
	}
}

func (b *builder) linkEndpointGroup(n *node) {
	endpoint, group := b.endpoints.ref(n, "vpcEndpointId"), b.securityGroups.ref(n, "securityGroupId")
	for _, e := range endpoint.Among(b.stack.Endpoints) {
		e.Groups = join(e.Groups, group, endpoint.Names(e))
	}
}

// aliasAcceptance lets the accepter of an endpoint stand for the endpoint: a
// program may take the endpoint's ID from it, to wait for it.
func (b *builder) aliasAcceptance(n *node) {
	if endpoint, certain := b.endpoints.ref(n, "vpcEndpointId").Sole(); certain {
		b.endpoints.alias(n, endpoint)
	}
}

func (b *builder) linkAcceptance(n *node) {
	b.stack.Acceptances = append(b.stack.Acceptances, &model.EndpointAcceptance{
		Element: n.element(), Endpoint: b.endpoints.ref(n, "vpcEndpointId"),
	})
}

// linkPrivateDNS reads a dedicated setting. It overrides the endpoint's own
// flag, in which the provider repeats what the setting has done.
func (b *builder) linkPrivateDNS(n *node) {
	setting := &model.PrivateDNSSetting{
		Element:  n.element(),
		Endpoint: b.endpoints.ref(n, "vpcEndpointId"),
		On:       n.get("privateDnsEnabled").boolean().Equals(true),
	}
	b.stack.PrivateDNSSettings = append(b.stack.PrivateDNSSettings, setting)
	for _, e := range setting.Endpoint.Among(b.stack.Endpoints) {
		if setting.Endpoint.Names(e) == model.True {
			e.PrivateDNS = setting.On
		} else {
			e.PrivateDNS = e.PrivateDNS.Agree(setting.On)
		}
	}
}
