package faults

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// Common begins the names of the resources that all networks share.
const Common = "common"

// buildCommon registers what the networks share: the settings with which API Gateway writes logs, a private API that
// answers everyone who has a private address, and a server on the internet. A client that reaches an endpoint sees the
// private API answer.
func (p *program) buildCommon() {
	n := &Network{program: p, prefix: Common}
	role := n.role("apigateway.amazonaws.com", "AmazonAPIGatewayPushToCloudWatchLogs")
	p.account = n.add("aws:apigateway/account:Account", "account", pulumi.Map{"cloudwatchRoleArn": role.Arn})
	p.hello = n.api("api", "PRIVATE", nil)
	n.policy(p.hello, inside)
	n.method("GET", p.hello)
	n.servePublic(p.hello, nil)
	n = &Network{program: p, prefix: Common + "-server"}
	api := n.publicAPI()
	orders := n.add("aws:apigateway/resource:Resource", "orders", pulumi.Map{
		"restApi": api.ID(), "parentId": api.RootResourceId, "pathPart": pulumi.String("orders"),
	})
	n.methodAt(orders.ID(), "GET", api)
	n.servePublic(api, nil)
}

// serverOnInternet is the URL of a server on the internet. It is an API, so its certificate is one of a public
// authority. It answers GET of orders with 200, and everything else with 403.
const serverOnInternet = "https://calls." + Common + "-server.example.org/prod/"

// hello is the URL of the API that all networks may call.
const hello = "https://${common-api}.execute-api.us-east-1.amazonaws.com/prod/"

// byID is the header that names that API, for requests with another host.
var byID = map[string]string{"X-Apigw-Api-Id": "${common-api}"}

// inside holds statements that let everyone with a private address call an API.
const inside = `
	{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
		"Condition": {"NotIpAddress": {"aws:VpcSourceIp": ["10.0.0.0/8", "192.168.0.0/16"]}}},
	{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}`
