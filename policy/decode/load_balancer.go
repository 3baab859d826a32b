package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeLoadBalancer(n *node) {
	privateLinkRules := n.get("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic")
	lb := &model.LoadBalancer{
		Element:          n.element(),
		DNSName:          n.output("dnsName").host(),
		Type:             text[model.LoadBalancerType](n.get("loadBalancerType")).Or(model.LoadBalancerApplication),
		Internal:         n.get("internal").boolean().Or(false),
		Addresses:        text[model.IPAddressType](n.get("ipAddressType")).Or(model.IPv4),
		CrossZone:        n.get("enableCrossZoneLoadBalancing").boolean().Or(false),
		PrivateLinkRules: text[model.PrivateLinkRules](privateLinkRules),
		AccessLogs:       n.get("accessLogs").only().field("enabled").boolean().Or(false),
		Naming:           naming(n),
	}
	b.stack.LoadBalancers = b.loadBalancers.add(n, lb)
	b.loadBalancers.addName(lb, lb.DNSName)
}

// naming reads the name, or the prefix of the name, that the program gives.
func naming(n *node) model.Naming {
	return model.Naming{Name: n.get("name").str(), Prefix: n.get("namePrefix").str()}
}

// linkLoadBalancer reads the subnets from one of two properties. A load balancer
// that exists has both, and they agree.
func (b *builder) linkLoadBalancer(n *node) {
	lb := elementOf(&b.loadBalancers, n)
	lb.Subnets = b.subnets.refs(n, "subnetMappings", "subnetId")
	if lb.Subnets.IsEmpty() {
		lb.Subnets = b.subnets.refs(n, "subnets", "")
	}
	lb.Groups = b.securityGroups.refs(n, "securityGroups", "")
	mappings, from := n.get("subnetMappings").list(), n.sources("subnetMappings")
	lb.NodesComplete = !mappings.open
	for _, m := range mappings.items {
		lb.Nodes = append(lb.Nodes, model.Node{
			Subnet:    b.subnets.resolve(m.field("subnetId").str(), from),
			ElasticIP: b.elasticIPs.resolve(m.field("allocationId").str(), from),
			IPv4:      m.field("privateIpv4Address").str(),
			IPv6:      m.field("ipv6Address").str(),
		})
	}
}
