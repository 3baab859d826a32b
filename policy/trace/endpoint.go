package trace

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

// toEndpoint goes to all addresses of an endpoint, as a client does that has
// resolved its name.
func (w walk) toEndpoint(c call, e *model.Endpoint) []Trace {
	subnets := slices.Clone(e.Subnets.Items)
	if e.Subnets.Rest != nil {
		subnets = append(subnets, *e.Subnets.Rest)
	}
	if len(subnets) == 0 && e.IsInterface() == model.True {
		w = w.enter("endpoint", e.Element)
		return w.giveUp(e.At("subnetIds"), "the subnets of endpoint %s are not known yet", e.Name)
	}
	if len(subnets) == 0 {
		subnets = []model.Ref[model.Subnet]{model.UnknownRef[model.Subnet]()}
	}
	var all []Trace
	for _, subnet := range subnets {
		all = append(all, w.toInterface(c, e, subnet)...)
	}
	return all
}

// toZone goes to the address of an endpoint in one zone.
func (w walk) toZone(c call, e *model.Endpoint, zone string) []Trace {
	return w.inOneZone(e.Element, e.At("subnetIds"), e.Subnets, zone, func(s *model.Subnet) []Trace {
		return w.toInterface(c, e, refTo(s))
	})
}

// cutZone splits a zonal name of an endpoint into the name for all zones and the
// zone, which is empty for other names. The first label of a zonal name is vpce, the
// ID, a hash and the zone.
// https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
func cutZone(host string) (all, zone string) {
	label, domain, _ := strings.Cut(host, ".")
	parts := strings.SplitN(label, "-", 4)
	if parts[0] != "vpce" || len(parts) < 4 || !strings.Contains(domain, "vpce"+amazonaws) {
		return host, ""
	}
	return strings.TrimSuffix(label, "-"+parts[3]) + "." + domain, parts[3]
}

// toInterface goes to the address of an endpoint in a subnet.
func (w walk) toInterface(c call, e *model.Endpoint, subnet model.Ref[model.Subnet]) []Trace {
	w = w.enter("endpoint", e.Element)
	w, ends := w.require(e.IsInterface(), check{
		end: end{NotConnected, e.Element, e.At("vpcEndpointType"),
			"set vpcEndpointType of " + e.Name + " to Interface"},
		passes: "endpoint " + e.Name + " is an interface endpoint",
		stops:  "endpoint " + e.Name + " has no addresses, because it is no interface endpoint",
	})
	if ends != nil {
		return ends
	}
	at := endpointPlace(e, subnet, addressIn(e, subnet, c.ipv6))
	if s, sole := subnet.Sole(); sole {
		w = w.pass(e.At("subnetIds"), "the client takes the address in subnet %s%s", s.Name, addressText(at))
	}
	if c.from.internet && !c.from.gateway {
		return w.stop(end{NoRoute, e.Element, e.Origin, "call from inside the VPC, or put a load balancer in front"},
			"endpoint %s has no public address", e.Name)
	}
	if w, ends = w.cross(c, at); ends != nil {
		return ends
	}
	if w, ends = w.listens(c, e); ends != nil {
		return ends
	}
	return w.inside(c, e, subnet)
}

// addressIn returns the address of an endpoint in a subnet.
func addressIn(e *model.Endpoint, subnet model.Ref[model.Subnet], ipv6 bool) model.Known[netip.Addr] {
	for _, a := range e.Addresses {
		if a.Subnet.Same(subnet) != model.True {
			continue
		}
		if address, known := parsed(a.IP).Get(); known && address.Is6() == ipv6 {
			return model.Of(address)
		}
	}
	return model.Unknown[netip.Addr]()
}

// endpointPlace returns the place of an endpoint in a subnet.
func endpointPlace(e *model.Endpoint, subnet model.Ref[model.Subnet], address model.Known[netip.Addr]) place {
	vpc := e.VPC
	if vpc.IsAbsent() || !vpc.IsClosed() && subnet.IsClosed() {
		vpc = vpcOf(subnet)
	}
	return place{
		what: "endpoint " + e.Name, element: e.Element, vpc: vpc, subnet: subnet, address: address,
		groups: e.Groups, groupsAt: e.At("securityGroupIds"),
	}
}

// listens checks that an endpoint takes the connection on its port. An execute-api
// endpoint takes TLS on port 443 only.
func (w walk) listens(c call, e *model.Endpoint) (walk, []Trace) {
	if e.IsExecuteAPI() != model.True {
		return w, nil
	}
	if c.port != model.APIGatewayPort {
		return w, w.stop(end{NotListening, e.Element, e.Origin, fmt.Sprintf("use port %d", model.APIGatewayPort)},
			"endpoint %s answers on port %d only, and not on port %d", e.Name, model.APIGatewayPort, c.port)
	}
	if !c.tls {
		return w, w.stop(end{TLSFailed, e.Element, e.Origin, "speak TLS with endpoint " + e.Name},
			"endpoint %s expects TLS, and gets plain HTTP", e.Name)
	}
	return w.pass(e.Origin, "endpoint %s answers on port %d", e.Name, c.port), nil
}

// inside goes on behind an endpoint, in whose subnet a connection has arrived.
func (w walk) inside(c call, e *model.Endpoint, subnet model.Ref[model.Subnet]) []Trace {
	switch api, service := e.IsExecuteAPI(), e.IsForEndpointService(); {
	case api == model.True:
		return w.toGateway(c, e)
	case service == model.True:
		return w.toService(c, e, subnet)
	case api == model.False && service == model.False && strings.Contains(c.host, "."+executeAPI+"."):
		return w.stop(end{APINotFound, e.Element, e.At("serviceName"), "use the service execute-api"},
			"endpoint %s leads to another service of AWS, which has no APIs", e.Name)
	case api == model.False && service == model.False:
		return w.giveUp(e.At("serviceName"), "endpoint %s leads to another service of AWS", e.Name)
	}
	return w.giveUp(e.At("serviceName"), "the service of endpoint %s is not known yet", e.Name)
}

// toGateway goes on at API Gateway, with the APIs of the region that the endpoint is in.
func (w walk) toGateway(c call, e *model.Endpoint) []Trace {
	region, known := e.Region().Get()
	service, alsoKnown := e.Service.Get()
	if known && alsoKnown && !strings.Contains(service, "."+region+".") {
		return w.stop(end{NotConnected, e.Element, e.At("serviceName"), "use the service of region " + region},
			"endpoint %s is for service %s, which is not in region %s", e.Name, service, region)
	}
	return w.beyond(w, c, e)
}

// toService goes on from an endpoint to the load balancers of its endpoint service.
func (w walk) toService(c call, e *model.Endpoint, subnet model.Ref[model.Subnet]) []Trace {
	at := e.At("serviceName")
	return follow(w, at, "the endpoint service", e.EndpointService, func(s *model.EndpointService) []Trace {
		w, ends := w.accepted(e, s)
		if ends != nil {
			return ends
		}
		w = w.enter("endpoint service", s.Element)
		c.from.what, c.from.private = "the clients of endpoint "+e.Name, true
		at := s.At("networkLoadBalancerArns")
		var all []Trace
		for _, ref := range s.LoadBalancers.Items {
			all = append(all, follow(w, at, "the load balancer", ref, func(lb *model.LoadBalancer) []Trace {
				return w.toServiceNodes(c, e, lb, subnet)
			})...)
		}
		if s.LoadBalancers.Rest != nil || len(all) == 0 {
			all = append(all, w.giveUp(at, "the load balancers of %s are not known yet", s.Name)...)
		}
		return all
	})
}

// accepted checks that the owner of a service has agreed to an endpoint.
func (w walk) accepted(e *model.Endpoint, s *model.EndpointService) (walk, []Trace) {
	if s.AcceptanceRequired.IsNot(true) {
		return w, nil
	}
	accepted := e.Accepted.Or(e.AcceptsItself.Equals(true))
	for _, a := range w.stack.Acceptances {
		accepted = accepted.Or(a.Endpoint.Names(e))
	}
	accepted = accepted.Or(s.AcceptanceRequired.Equals(true).Not())
	return w.require(accepted, check{
		end: end{NotConnected, e.Element, s.At("acceptanceRequired"), "accept endpoint " + e.Name +
			" with a VpcEndpointConnectionAccepter"},
		passes: fmt.Sprintf("service %s accepts endpoint %s", s.Name, e.Name),
		stops:  fmt.Sprintf("service %s has not accepted endpoint %s", s.Name, e.Name),
	})
}

// toServiceNodes goes to the node of a load balancer in the zone of an endpoint's
// address, or to all of them if it uses targets in all zones. If the stack does not
// tell the zones, it goes to all nodes that may be near.
func (w walk) toServiceNodes(
	c call, e *model.Endpoint, lb *model.LoadBalancer, subnet model.Ref[model.Subnet],
) []Trace {
	var near []model.Node
	all := nodesOf(lb)
	for _, node := range all {
		if e.SameRegion(lb.Placement) != model.True || sameZone(node.Subnet, subnet) != model.False {
			near = append(near, node)
		}
	}
	if len(near) == 0 && len(all) > 0 {
		return w.stop(end{NotConnected, lb.Element, lb.At("subnets"), "give load balancer " + lb.Name +
			" a subnet in each zone of endpoint " + e.Name},
			"load balancer %s has no node in the zone of an address of endpoint %s", lb.Name, e.Name)
	}
	return w.overPrivateLink(c, lb, near)
}
