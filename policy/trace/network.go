package trace

import (
	"net/netip"

	"private-api-blueprints/policy/model"
)

// toAddress goes to an address: that of a node of a load balancer, of an endpoint,
// of an instance, or one outside the stack.
func (w walk) toAddress(c call, address netip.Addr) []Trace {
	return w.giveUp(model.Origin{}, "addresses are not walked")
}

// toInternet leaves the VPC of the connection's sender for the internet. If that is
// not possible, it returns the traces with which the walk ends.
func (w walk) toInternet(c call) (walk, []Trace) {
	return w, nil
}
