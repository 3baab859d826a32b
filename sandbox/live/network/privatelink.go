package network

import (
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/trail"
)

// serviceOf returns the name of the service of an endpoint, without its region: execute-api for
// com.amazonaws.us-east-1.execute-api, and vpce-svc-… for an endpoint service.
func serviceOf(endpoint *inventory.Object) string {
	name := endpoint.Out.String("serviceName")
	return name[strings.LastIndex(name, ".")+1:]
}

// throughEndpoint passes a packet on to the service of an interface endpoint.
// https://docs.aws.amazon.com/vpc/latest/privatelink/concepts.html
func (t *topology) throughEndpoint(p *packet, c *nic) (*landing, *Stopped) {
	endpoint := c.owner
	if state := endpoint.Out.String("state"); state != "available" {
		return nil, dropped(endpoint.ID, "%s is not available but %s", endpoint.ID, state)
	}
	name, region := serviceOf(endpoint), endpoint.Out.StringOr("serviceRegion", endpoint.Region)
	a := Arrival{To: netip.AddrPortFrom(c.addr(p.to.Addr()), p.to.Port()), Endpoint: endpoint.ID, VPC: c.subnet.vpc.ID,
		PrivateLink: true, Region: region}
	if !strings.HasPrefix(name, "vpce-svc-") {
		trail.Add(p.ctx, c.label(), endpoint.ID, "passes the connection on to %s",
			endpoint.Out.String("serviceName"))
		return &landing{object: name, arrival: a}, nil
	}
	service := t.inv.Find(serviceType, name)
	if service == nil {
		return nil, dropped(endpoint.ID, "the endpoint service %s is not in the account", name)
	}
	if p.to.Addr().Is6() && !slices.Contains(service.Out.Strings("supportedIpAddressTypes"), "ipv6") {
		return nil, dropped(name, "the endpoint service %s does not support IPv6", name)
	}
	zone := c.subnet.zone
	if service.Region != endpoint.Region {
		zone = ""
	}
	node := t.nodeIn(service.Out.Strings("networkLoadBalancerArns"), zone)
	if node == nil {
		return nil, dropped(name, "no load balancer of the endpoint service %s has a node in %s", name, zone)
	}
	return t.toNode(p, node, a)
}

// nodeIn returns the node of one of some load balancers in a zone, or nil. No zone means any.
func (t *topology) nodeIn(balancers []string, zone string) *nic {
	for _, arn := range balancers {
		for _, c := range t.nics[arn] {
			if zone == "" || c.subnet.zone == zone {
				return c
			}
		}
	}
	return nil
}

// toNode brings a packet through PrivateLink to a node of a load balancer. Its groups see the private address
// of the client, unless they do not hold for PrivateLink. The sandbox assumes that network ACLs do not see the
// packet: no page of AWS says that they do.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
func (t *topology) toNode(p *packet, node *nic, a Arrival) (*landing, *Stopped) {
	if stop := t.fails(node.subnet); stop != nil {
		return nil, stop
	}
	p.groups = nil
	if node.owner.Out.String("enforceSecurityGroupInboundRulesOnPrivateLinkTraffic") != "off" {
		if stop := t.enter(p, node); stop != nil {
			stop.Reason += ", and the rules hold for PrivateLink"
			return nil, stop
		}
	}
	a.To = netip.AddrPortFrom(node.addr(p.to.Addr()), p.to.Port())
	a.Region = node.owner.Region
	return &landing{object: node.owner.ID, node: node, arrival: a}, nil
}

// fromLink follows a packet of API Gateway through a VPC link of the first version, which leads to one load balancer.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/vpc-links-v1.html
func (t *topology) fromLink(p *packet) (*landing, *Stopped) {
	link := t.inv.Find(vpcLinkType, p.from.Owner)
	if link == nil {
		return nil, dropped(p.from.Owner, "the account has no VPC link %s", p.from.Owner)
	}
	for _, c := range t.nics[link.Out.String("targetArn")] {
		if c.addr(p.to.Addr()) == p.to.Addr() {
			return t.toNode(p, c, Arrival{PrivateLink: true})
		}
	}
	return nil, dropped(link.ID, "no node of the load balancer of VPC link %s has the address %s", link.ID, p.to.Addr())
}
