package faults

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

var endpointFaults = []Fault{
	{
		Name:      "promised-entry",
		Says:      "a component promises that clients on the internet reach an endpoint",
		Rules:     []string{"promised-paths"},
		Invisible: onlyPromise,
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), []*Resource{a, b}, nil)
			n.promise(pulumi.Map{
				"from": pulumi.String("internet"), "request": pulumi.String("GET https://api.example.com/"),
				"connectTo": pulumi.String(n.name("endpoint")),
				"expect":    pulumi.String(either(n, "delivered", "refused")),
			})
		},
	},
	{
		Name: "captured-api", Number: 1,
		Says:  "private DNS of an execute-api endpoint captures the name of a regional API",
		Rules: []string{"endpoint-private-dns-public-apis"},
		Clients: []Question{
			{From: "subnet-a", URL: ownAPI, Compliant: "200", Sees: "403 ForbiddenException"},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), []*Resource{a, b},
				pulumi.Map{"privateDnsEnabled": pulumi.Bool(n.Faulty)})
			n.internet(vpc, a, b)
			n.publicStage(n.api("api", "REGIONAL", nil))
		},
	},
	{
		Name:  "zone-of-apis",
		Says:  "a private zone captures the name of a regional API",
		Rules: []string{"endpoint-private-dns-public-apis"},
		Clients: []Question{
			{
				From: "vpc", URL: "${api}.execute-api.us-east-1.amazonaws.com", Records: "A",
				Compliant: "2 records", Sees: "the name does not resolve",
			},
		},
		Build: func(n *Network) {
			n.zoneOf(either(n, "", "a1b2c3d4e5.") + "execute-api.us-east-1.amazonaws.com")
			n.api("api", "REGIONAL", nil)
		},
	},
	{
		Name: "one-zone", Number: 5,
		Says:  "the endpoint is in one zone",
		Rules: []string{"endpoint-multiple-zones"},
		Clients: []Question{
			{
				From: "subnet-b", URL: hello, To: "endpoint", FailedZone: "us-east-1a",
				Compliant: "200", Sees: "time-out",
			},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			subnets := either(n, []*Resource{a}, []*Resource{a, b})
			n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), subnets, nil)
		},
	},
	{
		Name: "open-group", Number: 7,
		Says:     "the endpoint's security group admits the whole internet",
		Rules:    []string{"endpoint-security-group"},
		Advisory: true,
		Clients: []Question{
			{From: "on-premises subnet-a", URL: hello, To: "endpoint", Compliant: "time-out", Sees: "200"},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			clients := either(n, "0.0.0.0/0", "10.0.0.0/16")
			n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String(clients)), []*Resource{a, b}, nil)
		},
	},
	{
		Name: "other-group", Number: 8,
		Says:  "the endpoint admits a security group that the load balancer in front of it does not have",
		Rules: []string{"endpoint-security-group"},
		Clients: []Question{
			{From: "subnet-a", URL: hello, To: "nlb", Compliant: "200", Sees: "time-out"},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			front := n.group("nlb", vpc, pulumi.String("10.0.0.0/16"))
			clients := n.group("clients", vpc, pulumi.String("10.0.0.0/16"))
			securityGroup := n.group("endpoint", vpc, either(n, clients, front).ID())
			targets := n.endpointTargets(vpc, securityGroup, a, b, nil)
			n.listener("nlb", n.balancerIn("nlb", front, []*Resource{a, b}, nil), targets, nil)
		},
	},
	{
		Name:   "other-range",
		Says:   "the endpoint admits a range that the load balancer in front of it is not in",
		Rules:  []string{"endpoint-security-group"},
		Unseen: map[View]string{PreviewExisting: notSent},
		Clients: []Question{
			{From: "subnet-a", URL: hello, To: "nlb", Compliant: "200", Sees: "time-out"},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			front := n.group("nlb", vpc, pulumi.String("10.0.0.0/16"))
			securityGroup := n.group("endpoint", vpc, pulumi.String(either(n, "10.0.128.0/20", "10.0.0.0/20")))
			targets := n.endpointTargets(vpc, securityGroup, a, b, nil)
			n.listener("nlb", n.balancerIn("nlb", front, []*Resource{a, b}, nil), targets, nil)
		},
	},
	{
		Name: "dns-attributes", Number: 9,
		Says:   "the VPC of a private zone has DNS hostnames off",
		Rules:  []string{"vpc-dns-attributes"},
		Unseen: map[View]string{PreviewExisting: notSent},
		Clients: []Question{
			{
				From: "subnet-a", URL: "api.dns-attributes.example.org", Records: "A",
				Compliant: "1 record", Sees: "the name does not resolve",
			},
		},
		Build: func(n *Network) {
			vpc := n.vpc("vpc", map[string]any{"enableDnsHostnames": !n.Faulty})
			n.subnet(vpc, "a", "10.0.0.0/24")
			n.record("api", "api", n.privateZone(vpc), answer("10.0.0.10"))
		},
	},
	{
		Name:    "default-type",
		Says:    "the endpoint has no type, so it would be a gateway endpoint",
		Rules:   []string{"endpoint-interface-type"},
		Refused: "InvalidParameter: API Gateway has no gateway endpoints",
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), []*Resource{a, b},
				pulumi.Map{"vpcEndpointType": either[pulumi.Input](n, nil, pulumi.String("Interface"))})
		},
	},
	{
		Name:      "flag-and-setting",
		Says:      "the endpoint and a separate setting both turn private DNS on",
		Rules:     []string{"endpoint-private-dns-single-owner"},
		Advisory:  true,
		Unseen:    map[View]string{Deployed: flagRepeated, Analysis: flagRepeated},
		Invisible: onlyNextUpdate,
		Build: func(n *Network) {
			endpoint := n.tokenEndpoint(true)
			if n.Faulty {
				n.privateDNS("setting", endpoint)
			}
		},
	},
	{
		Name:      "two-settings",
		Says:      "two settings turn on the private DNS of one endpoint",
		Rules:     []string{"endpoint-private-dns-single-owner"},
		Advisory:  true,
		Invisible: onlyNextUpdate,
		Build: func(n *Network) {
			// Once the endpoint exists, a compliant twin with one setting would look
			// like the fault above.
			endpoint := n.tokenEndpoint(false)
			if n.Faulty {
				n.privateDNS("one", endpoint)
				n.privateDNS("two", endpoint)
			}
		},
	},
	{
		Name:    "name-twice",
		Says:    "two endpoints have the same private name in one VPC",
		Rules:   []string{"endpoint-private-dns-unique"},
		Refused: "InvalidParameter: the first endpoint already has the private name",
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			for _, role := range []string{"one", "two"} {
				on := role == "one" || n.Faulty
				n.add("aws:ec2/vpcEndpoint:VpcEndpoint", role,
					n.tokenService(vpc, a, b, pulumi.Map{"privateDnsEnabled": pulumi.Bool(on)}))
			}
		},
	},
	{
		Name:    "pinned-twice",
		Says:    "the endpoint pins one address in two subnets",
		Rules:   []string{"endpoint-pinned-addresses"},
		Refused: "InvalidParameterValue: the address is outside of the second subnet's range",
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			second := either(n, "10.0.0.10", "10.0.1.10")
			n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), []*Resource{a, b},
				pulumi.Map{"subnetConfigurations": pulumi.Array{pin(a, "10.0.0.10"), pin(b, second)}})
		},
	},
	{
		Name:  "one-way-peering",
		Says:  "one VPC of a peering connection has no route over it",
		Rules: []string{"vpc-peering-routes"},
		Clients: []Question{
			{From: "one-subnet", URL: hello, To: "endpoint", Compliant: "200", Sees: "time-out"},
		},
		Build: func(n *Network) {
			one, two := n.vpc("one", nil), n.vpc("two", map[string]any{"cidrBlock": "10.1.0.0/16"})
			peering := n.add("aws:ec2/vpcPeeringConnection:VpcPeeringConnection", "peering", pulumi.Map{
				"vpcId": one.ID(), "peerVpcId": two.ID(), "autoAccept": pulumi.Bool(true),
			})
			client := n.subnetIn(one, "one-subnet", "a", "10.0.0.0/24")
			a, b := n.subnetIn(two, "subnet-a", "a", "10.1.0.0/24"), n.subnetIn(two, "subnet-b", "b", "10.1.1.0/24")
			n.endpoint(two, n.group("endpoint", two, pulumi.String("10.0.0.0/16")), []*Resource{a, b}, nil)
			n.peeringRoute("one", one, peering, "10.1.0.0/16", client)
			n.peeringRoute("two", two, either(n, nil, peering), "10.0.0.0/16", a, b)
		},
	},
}

// flagRepeated is why nobody can see who set an endpoint's private DNS once the
// endpoint exists.
// https://www.pulumi.com/registry/packages/aws/api-docs/vpc/endpointprivatedns/
const flagRepeated = "policies get the outputs of existing resources, and there the endpoint's flag repeats what " +
	"the setting did"

// tokenService returns the inputs of an endpoint for a service other than API
// Gateway, whose private DNS would capture the APIs of other networks.
func (n *Network) tokenService(vpc, a, b *Resource, inputs pulumi.Map) pulumi.Map {
	return merge(pulumi.Map{
		"vpcId": vpc.ID(), "vpcEndpointType": pulumi.String("Interface"),
		"serviceName": pulumi.String("com.amazonaws.us-east-1.sts"),
		"subnetIds":   ids([]*Resource{a, b}),
	}, inputs)
}

// tokenEndpoint registers such an endpoint, with privateDnsEnabled on or left out.
func (n *Network) tokenEndpoint(on bool) *Resource {
	vpc, a, b := n.twoZones()
	inputs := pulumi.Map{}
	if on {
		inputs["privateDnsEnabled"] = pulumi.Bool(true)
	}
	return n.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", n.tokenService(vpc, a, b, inputs))
}

// privateDNS registers a separate setting for an endpoint's private DNS.
func (n *Network) privateDNS(role string, endpoint *Resource, opts ...pulumi.ResourceOption) {
	n.add("aws:vpc/endpointPrivateDns:EndpointPrivateDns", role,
		pulumi.Map{"vpcEndpointId": endpoint.ID(), "privateDnsEnabled": pulumi.Bool(true)}, opts...)
}

// peeringRoute registers a route table of subnets. Unless the peering connection is
// nil, the table has a route over it.
func (n *Network) peeringRoute(role string, vpc, peering *Resource, to string, subnets ...*Resource) {
	table := n.add("aws:ec2/routeTable:RouteTable", role, pulumi.Map{"vpcId": vpc.ID()})
	for i, subnet := range subnets {
		n.add("aws:ec2/routeTableAssociation:RouteTableAssociation", fmt.Sprint(role, i),
			pulumi.Map{"routeTableId": table.ID(), "subnetId": subnet.ID()})
	}
	if peering != nil {
		n.add("aws:ec2/route:Route", role, pulumi.Map{
			"routeTableId": table.ID(), "destinationCidrBlock": pulumi.String(to),
			"vpcPeeringConnectionId": peering.ID(),
		})
	}
}

// promise registers a component that says how a request ends.
func (n *Network) promise(promise pulumi.Map) {
	component, promises := &pulumi.ResourceState{}, pulumi.Map{"promises": pulumi.Array{promise}}
	if n.err == nil {
		n.err = n.ctx.RegisterComponentResourceV2("tests:faults:Promise", n.name("promise"), promises, component)
	}
	if n.err == nil {
		n.err = n.ctx.RegisterResourceOutputs(component, promises)
	}
}
