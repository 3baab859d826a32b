package faults

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// deadEndFaults are about parts that lead to nothing that answers.
var deadEndFaults = []Fault{
	{
		Name:    "no-backend",
		Says:    "a method has no integration",
		Rules:   []string{"dead-ends"},
		Refused: "BadRequestException: No integration defined for method POST",
		Build: func(n *Network) {
			api := n.publicAPI()
			parts := []*Resource{n.method("GET", api), n.add("aws:apigateway/method:Method", "POST", pulumi.Map{
				"restApi": api.ID(), "resourceId": api.RootResourceId, "httpMethod": pulumi.String("POST"),
				"authorization": pulumi.String("AWS_IAM"),
			})}
			if !n.Faulty {
				parts = append(parts, n.add("aws:apigateway/integration:Integration", "POST", pulumi.Map{
					"restApi": api.ID(), "resourceId": api.RootResourceId, "httpMethod": pulumi.String("POST"),
					"type": pulumi.String("MOCK"),
				}, dependsOn(parts)))
			}
			n.deployment(api, pulumi.Map{"methods": pulumi.String("GET, POST")}, parts...)
		},
	},
	{
		Name:    "no-stage",
		Says:    "a mapping names a stage that its API does not have",
		Rules:   []string{"dead-ends"},
		Refused: "BadRequestException: Invalid stage identifier specified: production",
		Build: func(n *Network) {
			api, stage := n.unlimitedStage(nil)
			n.limit(api, stage, 50, 100)
			domain := n.domain("REGIONAL", "regionalCertificateArn", nil)
			n.add("aws:apigateway/basePathMapping:BasePathMapping", "mapping", pulumi.Map{
				"domainName": pulumi.String(n.ownDomain()), "restApi": api.ID(),
				"stageName": pulumi.String(either(n, "production", "prod")),
			}, dependsOn([]*Resource{domain, stage}))
		},
	},
	{
		Name:  "no-permission",
		Says:  "no permission lets an API invoke its function",
		Rules: []string{"dead-ends"},
		Clients: []Question{
			{
				From: "internet", URL: calls("no-permission"), Signed: true,
				Compliant: "200", Sees: "500 InternalServerErrorException",
			},
		},
		Build: func(n *Network) {
			api, function := n.publicAPI(), n.function()
			get := n.answer("GET", api, invokes(function.Arn))
			if !n.Faulty {
				n.add("aws:lambda/permission:Permission", "permission", pulumi.Map{
					"action": pulumi.String("lambda:InvokeFunction"), "function": function.Arn,
					"principal": pulumi.String("apigateway.amazonaws.com"),
					"sourceArn": pulumi.Sprintf("%s/*/*", api.ExecutionArn),
				})
			}
			n.servePublic(api, nil, get)
		},
	},
	{
		Name:  "other-port",
		Says:  "no listener behind a VPC link has the port of the integration",
		Rules: []string{"dead-ends"},
		Clients: []Question{
			{
				From: "another-vpc", URL: ownAPI, Signed: true,
				Compliant: "200", Sees: "504 InternalServerErrorException",
			},
		},
		Build: func(n *Network) {
			l := n.linkTo(n.logged())
			n.listener("listener", l.nlb, n.servers(l.vpc, l.subnets, l.group),
				n.tls(n.ownCertificate(), pulumi.Map{"port": pulumi.Int(either(n, 8443, 443))}))
			n.linked(n.fencedAPI(), l.link, n.backend("https"), nil)
		},
	},
	{
		Name:  "no-target",
		Says:  "a name leads to a load balancer, and no target is registered with its target group",
		Rules: []string{"dead-ends"},
		Clients: []Question{
			{From: "internet", URL: "http://www.no-target.example.org/", Compliant: "200", Sees: "503"},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			n.internet(vpc, a, b)
			front := n.groupFor("alb", vpc, pulumi.String("0.0.0.0/0"), 80)
			alb := n.balancerIn("alb", front, []*Resource{a, b}, pulumi.Map{
				"loadBalancerType": pulumi.String("application"), "internal": pulumi.Bool(false),
			})
			addresses := n.launch(vpc, []*Resource{a, b}, n.group("server", vpc, front.ID()), plainly)
			servers := n.targets("servers", vpc, pulumi.Map{"protocol": pulumi.String("HTTP"), "port": pulumi.Int(80)})
			n.listener("http", alb, servers, pulumi.Map{"protocol": pulumi.String("HTTP"), "port": pulumi.Int(80)})
			n.record("www", "www", n.publicZone(), alias(alb.DnsName, alb.ZoneId))
			if !n.Faulty {
				n.target("server", servers, addresses[0], pulumi.Map{"port": pulumi.Int(443)})
			}
		},
	},
}
