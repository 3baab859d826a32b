package faults

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

var linkFaults = []Fault{
	{
		Name: "balancer-name", Number: 17,
		Says:  "the host of a private integration is the load balancer's own name",
		Rules: []string{"integration-vpc-link-host"},
		Clients: []Question{
			{
				From: "another-vpc", URL: ownAPI, Signed: true,
				Compliant: "200", Sees: "500 InternalServerErrorException",
			},
		},
		Build: func(n *Network) {
			nlb, link := n.linkToServer()
			uri := either[pulumi.Input](n, pulumi.Sprintf("https://%s/", nlb.DnsName), n.backend("https"))
			n.linked(n.fencedAPI(), link, uri, nil)
		},
	},
	{
		Name:   "some-scheme",
		Says:   "so is it if the load balancer passes TCP connections on",
		Rules:  []string{"integration-vpc-link-host"},
		Unseen: map[View]string{PreviewExisting: unknownScheme, PreviewCreated: unknownScheme},
		Clients: []Question{
			{
				From: "another-vpc", URL: ownAPI, Signed: true,
				Compliant: "200", Sees: "500 InternalServerErrorException",
			},
		},
		Build: func(n *Network) {
			nlb, link := n.linkToAPI()
			uri := either[pulumi.Input](n, pulumi.Sprintf("https://%s/prod/", nlb.DnsName),
				n.helloURI())
			n.linked(n.fencedAPI(), link, uri, nil)
		},
	},
	{
		Name:  "address-host",
		Says:  "the host of a private integration is an address",
		Rules: []string{"integration-vpc-link-host"},
		Clients: []Question{
			{
				From: "another-vpc", URL: ownAPI, Signed: true,
				Compliant: "200", Sees: "500 InternalServerErrorException",
			},
		},
		Build: func(n *Network) {
			_, link := n.linkToAPI()
			n.linked(n.fencedAPI(), link,
				either[pulumi.Input](n, pulumi.String("https://10.0.0.10/prod/"), n.helloURI()), nil)
		},
	},
	{
		Name:    "no-link",
		Says:    "a private integration names no VPC link",
		Rules:   []string{"integration-vpc-link-host"},
		Refused: "BadRequestException: Connection ID must be specified for connection type VPC_LINK",
		Build: func(n *Network) {
			_, link := n.link()
			n.proxy(n.publicAPI(), link, n.backend("https"), either(n, pulumi.Map{"connectionId": nil}, nil))
		},
	},
	{
		Name: "any-certificate", Number: 18,
		Says:  "an integration does not verify the server's certificate",
		Rules: []string{"integration-tls-verification"},
		Clients: []Question{
			{
				From: "another-vpc", URL: ownAPI, Signed: true,
				Compliant: "500 InternalServerErrorException", Sees: "200",
			},
		},
		Build: func(n *Network) {
			l := n.linkTo(nil)
			n.listener("nlb", l.nlb, n.serversThat(l.vpc, l.subnets, l.group, encrypted, nil), nil)
			skips := pulumi.Map{"tlsConfig": pulumi.Map{"insecureSkipVerification": pulumi.Bool(n.Faulty)}}
			n.linked(n.fencedAPI(), l.link, n.backend("https"), skips)
		},
	},
	{
		Name:      "plain-http",
		Says:      "a private integration does not encrypt",
		Rules:     []string{"integration-tls-verification"},
		Invisible: onlyReaders,
		Build: func(n *Network) {
			_, link := n.link()
			n.proxy(n.publicAPI(), link, n.backend(either(n, "http", "https")), nil)
		},
	},
	{
		Name:      "plain-internet",
		Says:      "an integration sends plain HTTP over the internet",
		Rules:     []string{"integration-internet-https"},
		Invisible: onlyReaders,
		Build: func(n *Network) {
			n.answer("GET", n.publicAPI(), pulumi.Map{
				"type": pulumi.String("HTTP_PROXY"), "integrationHttpMethod": pulumi.String("GET"),
				"uri": n.backend(either(n, "http", "https")),
			})
		},
	},
	{
		Name:  "text-bodies",
		Says:  "an API reads the compressed answers of a server as text",
		Rules: []string{"api-binary-media-types"},
		Clients: []Question{
			{
				From: "another-vpc", URL: ownAPI, Header: map[string]string{"Accept-Encoding": "gzip"}, Signed: true,
				Compliant: "200", Sees: "200 with a body that is not gzip",
			},
		},
		Build: func(n *Network) {
			types := pulumi.Map{"binaryMediaTypes": pulumi.ToStringArray([]string{"*/*"})}
			api := n.api("api", "PRIVATE", either(n, nil, types))
			n.policy(api, fence)
			_, link := n.linkToServer()
			n.serve(api, pulumi.Map{"link": link.ID()}, n.answer("ANY", api, pulumi.Map{
				"type": pulumi.String("HTTP_PROXY"), "integrationHttpMethod": pulumi.String("ANY"),
				"uri": n.backend("https"), "connectionType": pulumi.String("VPC_LINK"), "connectionId": link.ID(),
			}))
		},
	},
	{
		Name:      "stale-link",
		Says:      "a new VPC link triggers no deployment",
		Rules:     []string{"integration-vpc-link-redeployment"},
		Invisible: onlyNextUpdate,
		Build: func(n *Network) {
			_, link := n.link()
			api := n.publicAPI()
			uri := n.backend("https")
			triggers := either(n, pulumi.Map{"uri": uri}, pulumi.Map{"uri": uri, "link": link.ID()})
			n.deployment(api, triggers, n.proxy(api, link, uri, nil))
		},
	},
}

// unknownScheme is why nothing shows that a uri says https.
const unknownScheme = "the uri is not known before the first deployment, and may say http"

// linkage is a VPC link with its load balancer, and where servers for it can be.
type linkage struct {
	vpc, group, nlb, link *Resource
	subnets               []*Resource
}

// link registers a VPC link and its internal load balancer.
func (n *Network) link() (nlb, link *Resource) {
	l := n.linkTo(nil)
	return l.nlb, l.link
}

// linkTo registers a VPC link and its internal load balancer, with more inputs.
func (n *Network) linkTo(inputs pulumi.Map) linkage {
	vpc, a, b := n.twoZones()
	l := linkage{vpc: vpc, subnets: []*Resource{a, b}, group: n.group("nlb", vpc, pulumi.String("10.0.0.0/16"))}
	l.nlb = n.balancerIn("nlb", l.group, l.subnets, merge(
		pulumi.Map{privateLinkRules: pulumi.String("off")}, inputs))
	l.link = n.add("aws:apigateway/vpcLink:VpcLink", "link", pulumi.Map{"targetArn": l.nlb.Arn})
	return l
}

// linkToServer registers a VPC link to a server behind a load balancer, which ends TLS for the network's domain.
func (n *Network) linkToServer() (nlb, link *Resource) {
	l := n.linkTo(n.logged())
	n.listener("nlb", l.nlb, n.servers(l.vpc, l.subnets, l.group), n.tls(n.ownCertificate(), nil))
	return l.nlb, l.link
}

// ownCertificate registers a certificate for the network's domain that API Gateway trusts.
func (n *Network) ownCertificate() pulumi.StringOutput {
	return n.issuedCertificate("own", pulumi.String(n.ownDomain()))
}

// linkToAPI registers a VPC link to an execute-api endpoint behind a load balancer that passes TCP connections on.
func (n *Network) linkToAPI() (nlb, link *Resource) {
	vpc, a, b := n.twoZones()
	group := n.group("nlb", vpc, pulumi.String("10.0.0.0/16"))
	targets := n.endpointTargets(vpc, n.group("endpoint", vpc, group.ID()), a, b, nil)
	nlb = n.balancerIn("nlb", group, []*Resource{a, b}, pulumi.Map{privateLinkRules: pulumi.String("off")})
	n.listener("nlb", nlb, targets, nil)
	return nlb, n.add("aws:apigateway/vpcLink:VpcLink", "link", pulumi.Map{"targetArn": nlb.Arn})
}

// helloURI returns the URI of the API that all networks may call.
func (n *Network) helloURI() pulumi.StringOutput {
	return pulumi.Sprintf("https://%s.execute-api.us-east-1.amazonaws.com/prod/", n.hello.ID())
}

// fencedAPI registers a private API that admits one VPC.
func (n *Network) fencedAPI() *Resource {
	api := n.api("api", "PRIVATE", nil)
	n.policy(api, fence)
	return api
}

// linked does what proxy does, and deploys the API.
func (n *Network) linked(api, link *Resource, uri pulumi.Input, inputs pulumi.Map) {
	n.serve(api, pulumi.Map{"link": link.ID(), "uri": uri}, n.proxy(api, link, uri, inputs))
}

// backend returns the URI of a server by the name in its certificate.
func (n *Network) backend(scheme string) pulumi.String {
	return pulumi.String(scheme + "://" + n.ownDomain() + "/")
}

// proxy registers a method that passes requests to a server behind a VPC link. It
// returns the integration.
func (n *Network) proxy(api, link *Resource, uri pulumi.Input, inputs pulumi.Map) *Resource {
	return n.answer("GET", api, merge(pulumi.Map{
		"type": pulumi.String("HTTP_PROXY"), "integrationHttpMethod": pulumi.String("GET"),
		"connectionType": pulumi.String("VPC_LINK"), "connectionId": link.ID(), "uri": uri,
	}, inputs))
}
