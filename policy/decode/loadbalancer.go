package decode

import (
	"slices"

	"private-api-blueprints/policy/model"
)

var balancerReaders = map[string]reader{
	"aws:lb/loadBalancer:LoadBalancer":                   {make: (*builder).makeLoadBalancer, link: (*builder).linkLoadBalancer},
	"aws:lb/targetGroup:TargetGroup":                     {make: (*builder).makeTargetGroup, link: (*builder).linkTargetGroup},
	"aws:lb/targetGroupAttachment:TargetGroupAttachment": {link: (*builder).linkTarget},
	"aws:lb/listener:Listener":                           {make: (*builder).makeListener, link: (*builder).linkListener},
	"aws:lb/listenerCertificate:ListenerCertificate":     {link: (*builder).linkListenerCertificate},
}

func (b *builder) makeLoadBalancer(n *node) {
	b.loadBalancers.add(n, &model.LoadBalancer{
		Element:          n.element(),
		Type:             as[model.LoadBalancerType](n.get("loadBalancerType").str()).Or(model.LoadBalancerApplication),
		Internal:         n.get("internal").boolean().Or(false),
		Addresses:        as[model.IPAddressType](n.get("ipAddressType").str()).Or(model.IPv4),
		CrossZone:        n.get("enableCrossZoneLoadBalancing").boolean().Or(false),
		PrivateLinkRules: as[model.PrivateLinkRules](n.get("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic").str()),
		AccessLogs:       n.get("accessLogs").only().field("enabled").boolean().Or(false),
		Naming:           naming(n),
	})
	b.loadBalancers.addHost(elementOf(b.loadBalancers, n), host(n.get("dnsName")))
}

func naming(n *node) model.Naming {
	return model.Naming{Name: n.get("name").str(), Prefix: n.get("namePrefix").str()}
}

// linkLoadBalancer reads the subnets from the one of two spellings that is set:
// a load balancer that exists has both, and they agree.
func (b *builder) linkLoadBalancer(n *node) {
	lb := elementOf(b.loadBalancers, n)
	lb.Subnets = b.subnets.refs(n, "subnetMappings", "subnetId")
	if lb.Subnets.IsEmpty() {
		lb.Subnets = b.subnets.refs(n, "subnets", "")
	}
	lb.Groups = b.groups.refs(n, "securityGroups", "")
	mappings := n.get("subnetMappings").list()
	lb.NodesComplete = !mappings.open
	for _, m := range mappings.items {
		lb.Nodes = append(lb.Nodes, model.Node{
			Subnet:    b.subnets.resolve(m.field("subnetId").str(), n.sources("subnetMappings")),
			ElasticIP: b.elasticIPs.resolve(m.field("allocationId").str(), n.sources("subnetMappings")),
			IPv4:      m.field("privateIpv4Address").str(),
		})
	}
}

func (b *builder) makeTargetGroup(n *node) {
	b.targetGroups.add(n, &model.TargetGroup{
		Element:          n.element(),
		TargetType:       as[model.TargetType](n.get("targetType").str()).Or(model.TargetInstance),
		Protocol:         as[model.Protocol](n.get("protocol").str()),
		Port:             n.get("port").integer(),
		CrossZone:        as[model.CrossZone](n.get("loadBalancingCrossZoneEnabled").str()),
		PreserveClientIP: n.get("preserveClientIp").boolean(),
		ProxyProtocol:    n.get("proxyProtocolV2").boolean().Or(false),
		HealthCheck:      healthCheck(n.get("healthCheck").only()),
		Naming:           naming(n),
	})
}

// healthCheck reads a block. Where there is one, the provider's default protocol
// stands in for AWS's.
// https://www.pulumi.com/registry/packages/aws/api-docs/lb/targetgroup/#targetgrouphealthcheck
func healthCheck(block value) model.HealthCheck {
	protocol := as[model.Protocol](block.field("protocol").str())
	if !block.absent {
		protocol = protocol.Or(model.ProtocolHTTP)
	}
	return model.HealthCheck{Protocol: protocol, Path: block.field("path").str(), Codes: block.field("matcher").str()}
}

func (b *builder) linkTargetGroup(n *node) {
	elementOf(b.targetGroups, n).VPC = b.vpcs.ref(n, "vpcId")
}

func (b *builder) makeListener(n *node) {
	b.listeners.add(n, &model.Listener{
		Element:   n.element(),
		Protocol:  as[model.Protocol](n.get("protocol").str()),
		Port:      n.get("port").integer(),
		SSLPolicy: n.get("sslPolicy").str(),
		ALPN:      as[model.ALPNPolicy](n.get("alpnPolicy").str()).Or(model.ALPNNone),
	})
}

// linkListener reads where a listener sends traffic: an action names one target
// group or several with weights.
func (b *builder) linkListener(n *node) {
	listener := elementOf(b.listeners, n)
	listener.LoadBalancer = b.loadBalancers.ref(n, "loadBalancerArn")
	listener.Certificate = b.certificates.ref(n, "certificateArn")
	actions := n.get("defaultActions").list()
	from := n.sources("defaultActions")
	for _, action := range actions.items {
		listener.TargetGroups = union(listener.TargetGroups, b.targetGroups.refsIn(action.field("targetGroupArn").sole(), "", from))
		weighted := action.field("forward").field("targetGroups").list()
		listener.TargetGroups = union(listener.TargetGroups, b.targetGroups.refsIn(weighted, "arn", from))
	}
	if actions.open {
		rest := b.targetGroups.resolve(model.Unknown[string](), from)
		listener.TargetGroups = listener.TargetGroups.WithMaybe(rest)
	}
}

func (b *builder) linkListenerCertificate(n *node) {
	listener, certificate := b.listeners.ref(n, "listenerArn"), b.certificates.ref(n, "certificateArn")
	for _, l := range listener.Among(b.listeners.all) {
		l.MoreCertificates = join(l.MoreCertificates, certificate, listener.Names(l))
	}
}

func (b *builder) linkTarget(n *node) {
	b.stack.Targets = append(b.stack.Targets, &model.Target{
		Element:     n.element(),
		TargetGroup: b.targetGroups.ref(n, "targetGroupArn"),
		Address:     n.get("targetId").str(),
		Port:        n.get("port").integer(),
		Zone:        n.get("availabilityZone").str(),
		Endpoint:    b.endpoints.ref(n, "targetId"),
	})
}

// matchTarget finds the endpoint that holds a target's address: by the address
// where it is known, else linkTarget has followed what it comes from.
func (b *builder) matchTarget(t *model.Target) {
	if address, known := t.Address.Get(); known {
		t.Endpoint = b.holders(t, address)
	}
	t.Subnet = model.Ref[model.Subnet]{Value: model.Unknown[string]()}
	for _, e := range t.Endpoint.Among(b.endpoints.all) {
		at := addressSubnet(e, t.Address)
		t.Subnet.Candidates = append(t.Subnet.Candidates, at.Candidates...)
		t.Subnet.Open = t.Subnet.Open || at.Open
		t.Subnet.Value = at.Value
	}
	if len(t.Endpoint.Candidates) != 1 {
		t.Subnet.Value = model.Unknown[string]()
	}
	t.Subnet.Open = t.Subnet.Open || t.Endpoint.Open || len(t.Endpoint.Candidates) == 0
}

// holders are the endpoints that have an address. Where two networks use the
// same addresses, the target group's network decides. An endpoint whose
// addresses are not all known may have it.
func (b *builder) holders(t *model.Target, address string) model.Ref[model.Endpoint] {
	found := map[model.Truth][]*model.Endpoint{}
	for _, e := range b.endpoints.all {
		holds := e.Holds(address)
		found[holds] = append(found[holds], e)
	}
	if near := nearest(found[model.True], t); len(near) > 0 {
		sure := func(e *model.Endpoint) bool { return sharesVPC(t, e) == model.True }
		return model.Ref[model.Endpoint]{Value: t.Address, Candidates: near, Open: !slices.ContainsFunc(near, sure)}
	}
	return model.Ref[model.Endpoint]{Value: t.Address, Candidates: found[model.Maybe], Open: true}
}

// nearest drops the endpoints of other networks than the target group's. Only a
// target of all zones may be in another network.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html
func nearest(holders []*model.Endpoint, t *model.Target) []*model.Endpoint {
	elsewhere := func(e *model.Endpoint) bool { return sharesVPC(t, e) == model.False }
	near := slices.DeleteFunc(slices.Clone(holders), elsewhere)
	if len(near) == 0 && !t.Zone.IsNot(model.AllZones) {
		return holders
	}
	return near
}

// sharesVPC asks whether a target is registered in an endpoint's network. A
// stack that does not say which that is has no reason to have two.
func sharesVPC(t *model.Target, e *model.Endpoint) model.Truth {
	return t.TargetGroup.Ask(func(tg *model.TargetGroup) model.Truth {
		return model.TruthOf(tg.VPC.IsAbsent() || e.VPC.IsAbsent()).Or(tg.VPC.Same(e.VPC))
	})
}

// addressSubnet is the subnet that an endpoint has an address in: any of its
// subnets where the address does not tell.
func addressSubnet(e *model.Endpoint, address model.Known[string]) model.Ref[model.Subnet] {
	if ip, known := address.Get(); known {
		for _, a := range e.Addresses {
			if a.IP.Is(ip) {
				return a.Subnet
			}
		}
	}
	somewhere := model.Ref[model.Subnet]{Value: model.Unknown[string]()}
	sets := e.Subnets.Items
	if e.Subnets.Rest != nil {
		sets = append(slices.Clone(sets), *e.Subnets.Rest)
	}
	for _, subnet := range sets {
		somewhere.Candidates = append(somewhere.Candidates, subnet.Candidates...)
		somewhere.Open = somewhere.Open || subnet.Open
	}
	return somewhere
}
