package trace

import (
	"net/netip"

	"private-api-blueprints/policy/model"
)

// toOutside goes to a server on the internet that the stack does not have. The
// client finds the server by its name, so the resolver of its VPC must be on. Which
// addresses the server has does not matter.
func (w walk) toOutside(c call) []Trace {
	_, notName := netip.ParseAddr(c.sni)
	if vpc, certain := c.from.vpc.Sole(); certain && notName != nil && vpc.DNSSupport.Is(false) {
		return w.enter("resolver", model.Element{}).resolverOff(vpc)
	}
	w, ends := w.enter("network", model.Element{}).toInternet(c)
	if ends != nil {
		return ends
	}
	return w.deliver(model.Element{Name: fromInternet, NameInProgram: fromInternet},
		"a server on the internet gets the request")
}

// resolverOff ends the walk of a client in a VPC whose resolver does not answer.
func (w walk) resolverOff(vpc *model.VPC) []Trace {
	return w.stop(end{NameNotResolved, vpc.Element, vpc.At("enableDnsSupport"), "set enableDnsSupport to true"},
		"the resolver of VPC %s is off", vpc.Name)
}
