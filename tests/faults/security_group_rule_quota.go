package faults

var securityGroupRuleQuotaFaults = []Fault{
	{
		Name:  "security-group-rule-quota", // It begins the names of the resources.
		Says:  "TODO: what is wrong, in a line",
		Rules: []string{"security-group-rule-quota"},
		// Remove this if the rule has another level.
		Configuration: map[string]any{"security-group-rule-quota": "advisory"},
		// TODO: a small network with the fault, and its compliant twin.
		Build: func(n *Network) {
			n.policy(n.api("api", either(n, "REGIONAL", "PRIVATE"), nil), fence)
		},
	},
}
