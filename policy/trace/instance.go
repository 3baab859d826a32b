package trace

import (
	"net/netip"

	"private-api-blueprints/policy/model"
)

// instanceWith returns the instance that has an address, for a client at a place. In
// several VPCs, instances may have the same address: then the client's routes decide.
// It returns nil if the stack does not say which instance it is.
func (w walk) instanceWith(from place, address netip.Addr) *model.Instance {
	var found []*model.Instance
	for _, i := range w.stack.Instances {
		if i.Holds(address.String()) == model.True {
			found = append(found, i)
		}
	}
	if !from.internet && len(found) > 0 {
		if vpc, certain := w.vpcBeyond(from, address).Sole(); certain {
			for _, i := range found {
				if i.VPC().Names(vpc) == model.True {
					return i
				}
			}
			return nil
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	return nil
}

// toInstance goes to an address of an instance. The address may not be known yet.
func (w walk) toInstance(c call, i *model.Instance, address model.Known[netip.Addr]) []Trace {
	w = w.enter("instance", i.Element)
	at := instancePlace(i)
	at.address = address
	switch ip, known := address.Get(); {
	case c.from.internet && known && ip.IsPrivate():
		return w.stop(end{NoRoute, i.Element, i.Origin, "call from inside the VPC, or put a load balancer in front"},
			"%s is a private address of instance %s", ip, i.Name)
	case c.from.internet:
		return w.giveUp(i.Origin, "the stack does not say whether the internet leads to instance %s", i.Name)
	}
	w, ends := w.cross(c, at)
	if ends != nil {
		return ends
	}
	fails := end{TLSFailed, i.Element, i.Origin, "call it by " + c.request.Server}
	switch server := c.request.Server; {
	case server == "" || server == scheme(c.tls):
	case server == scheme(!c.tls):
		return w.stop(fails, "%s speaks %s, and the client %s", at.what, server, scheme(c.tls))
	default:
		fails.fix = "call it through a target group with proxyProtocolV2"
		return w.stop(fails, "%s wants each connection to begin with a PROXY header", at.what)
	}
	if c.tls && c.verifies {
		w = w.unsure(i.Origin, "the stack does not say which certificate %s has", at.what)
	}
	return w.deliver(i.Element, "%s gets the request on port %d", at.what, c.port)
}

// scheme returns how a URL begins that is called with TLS or without.
func scheme(tls bool) string {
	if tls {
		return "https"
	}
	return "http"
}
