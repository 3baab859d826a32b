package faults

var loadBalancerOutboundRulesFaults = []Fault{
	{
		Name:  "load-balancer-outbound-rules", // It begins the names of the resources.
		Says:  "TODO: what is wrong, in a line",
		Rules: []string{"load-balancer-outbound-rules"},
		// Remove this if the rule has another level.
		Configuration: map[string]any{"load-balancer-outbound-rules": "advisory"},
		// TODO: a small network with the fault, and its compliant twin.
		Build: func(n *Network) {
			n.policy(n.api("api", either(n, "REGIONAL", "PRIVATE"), nil), fence)
		},
	},
}
