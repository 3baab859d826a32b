package faults

var loadBalancerInternetRouteFaults = []Fault{
	{
		Name:  "load-balancer-internet-route", // It begins the names of the resources.
		Says:  "TODO: what is wrong, in a line",
		Rules: []string{"load-balancer-internet-route"},
		// Remove this if the rule has another level.
		Configuration: map[string]any{"load-balancer-internet-route": "advisory"},
		// TODO: a small network with the fault, and its compliant twin.
		Build: func(n *Network) {
			n.policy(n.api("api", either(n, "REGIONAL", "PRIVATE"), nil), fence)
		},
	},
}
