package model

// Accelerator is a standard accelerator of AWS Global Accelerator. It has
// addresses on the internet, and brings connections to load balancers, also to
// internal ones.
// https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.html
type Accelerator struct {
	Element
	// Enabled is whether the accelerator accepts connections, which is the default.
	Enabled Known[bool]
	// LoadBalancers are the load balancers to which its endpoint groups lead.
	LoadBalancers Refs[LoadBalancer]
	// PreservesClientIP is whether the load balancers see the clients' addresses. If not, they see addresses in their
	// own network.
	// https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.html
	PreservesClientIP Truth
}

// LeadsTo asks whether the accelerator brings connections to a load balancer.
func (a *Accelerator) LeadsTo(lb *LoadBalancer) Truth {
	leads := a.LoadBalancers.Any(func(r Ref[LoadBalancer]) Truth { return r.Names(lb) })
	return leads.And(a.Enabled.Equals(true))
}
