package faults

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// callerFaults are about what an API answers to callers.
var callerFaults = []Fault{
	{
		Name:  "open-backend",
		Says:  "anyone on the internet may call a method that leads through a VPC link",
		Rules: []string{"public-api-authorization"},
		Clients: []Question{
			{
				From: "internet", URL: calls("open-backend"),
				Compliant: "403 MissingAuthenticationTokenException", Sees: "200",
			},
		},
		Build: func(n *Network) {
			_, link := n.linkToServer()
			api := n.publicAPI()
			get := n.served(n.maybeOpen(api), merge(n.publicServer(string(n.backend("https"))), pulumi.Map{
				"connectionType": pulumi.String("VPC_LINK"), "connectionId": link.ID(),
			}))
			n.servePublic(api, pulumi.Map{"link": link.ID()}, get)
		},
	},
	{
		Name:     "open-method",
		Says:     "anyone on the internet may call a public server through an API",
		Rules:    []string{"public-api-authorization"},
		Advisory: true,
		Clients: []Question{
			{
				From: "internet", URL: calls("open-method"),
				Compliant: "403 MissingAuthenticationTokenException", Sees: "200",
			},
		},
		Build: func(n *Network) {
			api := n.publicAPI()
			n.servePublic(api, nil, n.served(n.maybeOpen(api), n.publicServer(serverOnInternet+"orders")))
		},
	},
	{
		Name:  "no-name",
		Says:  "the default endpoint of an API is off, and no domain leads to the API",
		Rules: []string{"api-default-endpoint-off"},
		Clients: []Question{
			{From: "internet", URL: calls("no-name"), Compliant: "200", Sees: "the name does not resolve"},
		},
		Build: func(n *Network) {
			api := n.unnamedAPI()
			if !n.Faulty {
				n.mapped(api)
			}
			n.publicStage(api)
		},
	},
	{
		Name:     "dropped-path",
		Says:     "an integration sends requests for every path to one URL",
		Rules:    []string{"integration-request-path"},
		Advisory: true,
		Clients: []Question{
			{
				From: "internet", URL: calls("dropped-path") + "orders", Signed: true,
				Compliant: "200", Sees: "403 MissingAuthenticationTokenException",
			},
		},
		Build: func(n *Network) {
			uri := either(n, serverOnInternet, serverOnInternet+"{proxy}")
			api := n.bytesAPI()
			get := n.served(n.anyPath(api, true), merge(n.publicServer(uri), either(n, nil, mapsPath())))
			n.servePublic(api, nil, get)
		},
	},
	{
		Name:  "unmapped-path",
		Says:  "no mapping gives a value to the path parameter in a URI",
		Rules: []string{"integration-request-path"},
		Clients: []Question{
			{
				From: "internet", URL: calls("unmapped-path") + "orders", Signed: true,
				Compliant: "200", Sees: "403 MissingAuthenticationTokenException",
			},
		},
		Build: func(n *Network) {
			server := n.publicServer(serverOnInternet + "{proxy}")
			api := n.bytesAPI()
			n.servePublic(api, nil, n.served(n.anyPath(api, true), merge(server, either(n, nil, mapsPath()))))
		},
	},
	{
		Name:  "undeclared-path",
		Says:  "an integration takes a path parameter that its method does not declare",
		Rules: []string{"integration-request-path"},
		Refused: "BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], " +
			"errors : [Invalid mapping expression parameter specified: method.request.path.proxy]",
		Build: func(n *Network) {
			server := n.publicServer(serverOnInternet + "{proxy}")
			n.served(n.anyPath(n.bytesAPI(), !n.Faulty), merge(server, mapsPath()))
		},
	},
	{
		Name:  "no-listener",
		Says:  "a private integration of an HTTP API names a load balancer instead of its listener",
		Rules: []string{"integration-listener-arn"},
		Refused: "BadRequestException: For VpcLink VPC_LINK, integration uri should be a valid ELB listener ARN or a " +
			"valid Cloud Map service ARN",
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			nlb := n.balancer("nlb", vpc, []*Resource{a, b}, nil)
			listener := n.listener("listener", nlb, n.targets("servers", vpc, nil), nil)
			link := n.add("aws:apigatewayv2/vpcLink:VpcLink", "link", pulumi.Map{
				"subnetIds": ids([]*Resource{a, b}), "securityGroupIds": pulumi.Array{},
			})
			n.add("aws:apigatewayv2/integration:Integration", "integration", pulumi.Map{
				"apiId": pulumi.String("h1t2t3p4a5"), "integrationType": pulumi.String("HTTP_PROXY"),
				"integrationMethod": pulumi.String("ANY"), "connectionType": pulumi.String("VPC_LINK"),
				"connectionId": link.ID(), "integrationUri": either(n, nlb.Arn, listener.Arn),
			})
		},
	},
}

// bytesAPI registers a public API that passes bodies on as they are.
func (n *Network) bytesAPI() *Resource {
	api := n.api("api", "REGIONAL", pulumi.Map{
		"disableExecuteApiEndpoint": pulumi.Bool(true), "binaryMediaTypes": pulumi.ToStringArray([]string{"*/*"}),
	})
	n.mapped(api)
	return api
}

// maybeOpen returns the inputs of a method of an API's root. Anyone may call the
// faulty one.
func (n *Network) maybeOpen(api *Resource) pulumi.Map {
	return pulumi.Map{
		"restApi": api.ID(), "resourceId": api.RootResourceId, "httpMethod": pulumi.String("GET"),
		"authorization": pulumi.String(either(n, "NONE", "AWS_IAM")),
	}
}

// anyPath registers a resource for every path of an API. It returns the inputs of
// a method there, which may declare the path.
func (n *Network) anyPath(api *Resource, declares bool) pulumi.Map {
	proxy := n.add("aws:apigateway/resource:Resource", "proxy", pulumi.Map{
		"restApi": api.ID(), "parentId": api.RootResourceId, "pathPart": pulumi.String("{proxy+}"),
	})
	method := pulumi.Map{
		"restApi": api.ID(), "resourceId": proxy.ID(), "httpMethod": pulumi.String("GET"),
		"authorization": pulumi.String("AWS_IAM"),
	}
	if declares {
		method["requestParameters"] = pulumi.Map{"method.request.path.proxy": pulumi.Bool(true)}
	}
	return method
}

// mapsPath returns the input that gives the path of a request to the path
// parameter of a URI.
func mapsPath() pulumi.Map {
	return pulumi.Map{"requestParameters": pulumi.Map{
		"integration.request.path.proxy": pulumi.String("method.request.path.proxy"),
	}}
}

// publicServer returns the inputs of an integration with a server on the internet.
func (n *Network) publicServer(uri string) pulumi.Map {
	return pulumi.Map{
		"type": pulumi.String("HTTP_PROXY"), "integrationHttpMethod": pulumi.String("GET"), "uri": pulumi.String(uri),
	}
}
