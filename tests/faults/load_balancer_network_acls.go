package faults

var loadBalancerNetworkACLsFaults = []Fault{
	{
		Name:  "load-balancer-network-acls", // It begins the names of the resources.
		Says:  "TODO: what is wrong, in a line",
		Rules: []string{"load-balancer-network-acls"},
		// Remove this if the rule has another level.
		Configuration: map[string]any{"load-balancer-network-acls": "advisory"},
		// TODO: a small network with the fault, and its compliant twin.
		Build: func(n *Network) {
			n.policy(n.api("api", either(n, "REGIONAL", "PRIVATE"), nil), fence)
		},
	},
}
