package faults

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

var linkFaults = []Fault{
	{
		Name: "balancer-name", Number: 17,
		Says:  "the host of a private integration is the load balancer's own name",
		Rules: []string{"integration-vpc-link-host"},
		Build: func(n *Network) {
			vpc, nlb, link := n.linkTo(n.logged())
			certificate := n.tls(n.privateCertificate(n.ownDomain()), nil)
			n.listener("listener", nlb, n.targets("targets", vpc, nil), certificate)
			uri := either[pulumi.Input](n, pulumi.Sprintf("https://%s/", nlb.DnsName), n.backend("https"))
			n.proxy(n.publicAPI(), link, uri, nil)
		},
	},
	{
		Name:   "some-scheme",
		Says:   "so is it if the load balancer passes TCP connections on",
		Rules:  []string{"integration-vpc-link-host"},
		Unseen: map[View]string{PreviewExisting: unknownScheme, PreviewCreated: unknownScheme},
		Build: func(n *Network) {
			nlb, link := n.link()
			uri := either[pulumi.Input](n, pulumi.Sprintf("https://%s/", nlb.DnsName), n.backend("https"))
			n.proxy(n.publicAPI(), link, uri, nil)
		},
	},
	{
		Name:  "address-host",
		Says:  "the host of a private integration is an address",
		Rules: []string{"integration-vpc-link-host"},
		Build: func(n *Network) {
			_, link := n.link()
			n.proxy(n.publicAPI(), link,
				either[pulumi.Input](n, pulumi.String("https://10.0.0.10/"), n.backend("https")), nil)
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
		Build: func(n *Network) {
			_, link := n.link()
			skips := pulumi.Map{"tlsConfig": pulumi.Map{"insecureSkipVerification": pulumi.Bool(n.Faulty)}}
			n.proxy(n.publicAPI(), link, n.backend("https"), skips)
		},
	},
	{
		Name:  "plain-http",
		Says:  "a private integration does not encrypt",
		Rules: []string{"integration-tls-verification"},
		Build: func(n *Network) {
			_, link := n.link()
			n.proxy(n.publicAPI(), link, n.backend(either(n, "http", "https")), nil)
		},
	},
	{
		Name:  "plain-internet",
		Says:  "an integration sends plain HTTP over the internet",
		Rules: []string{"integration-internet-https"},
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
		Build: func(n *Network) {
			types := pulumi.Map{"binaryMediaTypes": pulumi.ToStringArray([]string{"*/*"})}
			off := pulumi.Map{"disableExecuteApiEndpoint": pulumi.Bool(true)}
			api := n.api("api", "REGIONAL", merge(off, either(n, nil, types)))
			n.mapped(api)
			n.answer("ANY", api, pulumi.Map{
				"type": pulumi.String("HTTP_PROXY"), "integrationHttpMethod": pulumi.String("ANY"),
				"uri": n.backend("https"),
			})
		},
	},
	{
		Name:  "stale-link",
		Says:  "a new VPC link triggers no deployment",
		Rules: []string{"integration-vpc-link-redeployment"},
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

// link registers a VPC link and its internal load balancer.
func (n *Network) link() (nlb, link *Resource) {
	_, nlb, link = n.linkTo(nil)
	return nlb, link
}

// linkTo registers a VPC link and its internal load balancer, with more inputs. It
// also returns their VPC.
func (n *Network) linkTo(inputs pulumi.Map) (vpc, nlb, link *Resource) {
	vpc, a, b := n.twoZones()
	off := pulumi.Map{"enforceSecurityGroupInboundRulesOnPrivateLinkTraffic": pulumi.String("off")}
	nlb = n.balancer("nlb", vpc, []*Resource{a, b}, merge(off, inputs))
	return vpc, nlb, n.add("aws:apigateway/vpcLink:VpcLink", "link", pulumi.Map{"targetArn": nlb.Arn})
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
