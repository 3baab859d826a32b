package faults

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

var endpointFaults = []Fault{
	{
		Name: "one-zone", Number: 5, Says: "the endpoint is in one zone", Rules: []string{"vpce-multi-az"},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			subnets := either(n, []*Resource{a}, []*Resource{a, b})
			n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), subnets, nil)
		},
	},
	{
		Name: "open-group", Number: 7, Says: "the endpoint's security group admits the world", Rules: []string{"vpce-sg-443"},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			clients := either(n, "0.0.0.0/0", "10.0.0.0/16")
			n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String(clients)), []*Resource{a, b}, nil)
		},
	},
	{
		Name: "dns-attributes", Number: 9, Says: "the VPC of a private name has DNS hostnames off", Rules: []string{"vpc-dns-attributes"},
		Unseen: map[View]string{PreviewExisting: notSent},
		Build: func(n *Network) {
			vpc := n.vpc("vpc", map[string]any{"enableDnsHostnames": !n.Faulty})
			a, b := n.subnet(vpc, "a", "10.0.0.0/24"), n.subnet(vpc, "b", "10.0.1.0/24")
			group := n.group("endpoint", vpc, pulumi.String("10.0.0.0/16"))
			n.endpoint(vpc, group, []*Resource{a, b}, pulumi.Map{"privateDnsEnabled": pulumi.Bool(true)})
		},
	},
}
