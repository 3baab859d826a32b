package faults

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

var apiFaults = []Fault{
	{
		Name: "endpoint-as-vpc", Number: 2,
		Says:  "a policy compares aws:SourceVpc with an endpoint's ID",
		Rules: []string{"resource-policy-vpc-key-mismatch"},
		Clients: []Question{
			{From: "another-vpc", URL: ownAPI, Compliant: "200", Sees: "403 AccessDeniedException"},
		},
		Build: func(n *Network) {
			id := either(n, "vpce-0123456789abcdef0", "vpc-0fedcba9876543210")
			api := n.api("api", "PRIVATE", nil)
			n.policy(api, denyUnless("StringNotEquals", "aws:SourceVpc", id)+","+allowAll)
			n.answering(api)
		},
	},
	{
		Name:  "new-endpoint-as-vpc",
		Says:  "a policy compares aws:SourceVpc with the ID of the stack's endpoint",
		Rules: []string{"resource-policy-vpc-key-mismatch"},
		Early: []string{"resource-policy-source-vpc"},
		Clients: []Question{
			{From: "another-vpc", URL: ownAPI, Compliant: "200", Sees: "403 AccessDeniedException"},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			endpoint := n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), []*Resource{a, b}, nil)
			text := pulumi.Sprintf(document(denyUnless("StringNotEquals", "aws:SourceVpc", "%s")+","+allowAll),
				endpoint.ID())
			api := n.api("api", "PRIVATE", nil)
			n.policyOf(api, either[pulumi.Input](n, text, pulumi.String(document(fence))))
			n.answering(api)
		},
	},
	{
		Name: "open-policy", Number: 3,
		Says:  "the policy of a private API has no condition on network or endpoint",
		Rules: []string{"resource-policy-restricts-network"},
		Clients: []Question{
			{From: "another-vpc", URL: ownAPI, Compliant: "403 AccessDeniedException", Sees: "200"},
		},
		Build: func(n *Network) {
			api := n.api("api", "PRIVATE", nil)
			n.policy(api, either(n, allowAll, foreignFence))
			n.publicStage(api)
		},
	},
	{
		Name:   "unfenced-arn",
		Says:   "the policy of a private API names the API, but no network",
		Rules:  []string{"resource-policy-restricts-network"},
		Unseen: unknownText,
		Clients: []Question{
			{From: "another-vpc", URL: ownAPI, Compliant: "403 AccessDeniedException", Sees: "200"},
		},
		Build: func(n *Network) {
			api := n.api("api", "PRIVATE", nil)
			text := pulumi.Sprintf(document(`{
				"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "%s/*"
			}`), api.ExecutionArn)
			n.policyOf(api, either[pulumi.Input](n, text, pulumi.String(document(foreignFence))))
			n.publicStage(api)
		},
	},
	{
		Name: "no-policy", Number: 4,
		Says:  "a private API has no resource policy",
		Rules: []string{"private-api-resource-policy"},
		Clients: []Question{
			{From: "another-vpc", URL: ownAPI, Compliant: "200", Sees: "403 ForbiddenException"},
		},
		Build: func(n *Network) {
			// AWS deploys no private API without a policy, so the faulty one has no stage.
			api := n.api("api", "PRIVATE", nil)
			if !n.Faulty {
				n.policy(api, fence)
				n.answering(api)
			}
		},
	},
	{
		Name:  "shut-policy",
		Says:  "the policy of a private API denies other networks and allows nobody",
		Rules: []string{"resource-policy-allows-calls"},
		Clients: []Question{
			{From: "another-vpc", URL: ownAPI, Compliant: "200", Sees: "403 AccessDeniedException"},
		},
		Build: func(n *Network) {
			api := n.api("api", "PRIVATE", nil)
			others := denyUnless("StringNotEquals", "aws:SourceVpc", "vpc-0fedcba9876543210")
			n.policy(api, either(n, others, others+","+allowAll))
			n.answering(api)
		},
	},
	{
		Name:      "two-policies",
		Says:      "two resources set the resource policy of an API",
		Rules:     []string{"resource-policy-single-owner"},
		Invisible: onlyNextUpdate,
		Build: func(n *Network) {
			text := fenceOf(n.vpc("vpc", nil))
			n.policyOf(n.api("api", "PRIVATE", either(n, pulumi.Map{"policy": text}, nil)), text)
		},
	},
	{
		Name:  "public-address",
		Says:  "the policy of a private API compares the address on the internet",
		Rules: []string{"resource-policy-condition-keys"},
		Clients: []Question{
			{From: "another-vpc", URL: ownAPI, Compliant: "200", Sees: "403 AccessDeniedException"},
		},
		Build: func(n *Network) {
			key := either(n, "aws:SourceIp", "aws:VpcSourceIp")
			api := n.api("api", "PRIVATE", nil)
			n.policy(api, denyUnless("NotIpAddress", key, "10.0.0.0/8")+","+fence)
			n.answering(api)
		},
	},
	{
		Name:  "signed-only",
		Says:  "the policy of a private API allows an account, but its method accepts unsigned calls",
		Rules: []string{"resource-policy-condition-keys"},
		Clients: []Question{
			{From: "another-vpc", URL: ownAPI, Compliant: "200", Sees: "403 AccessDeniedException"},
		},
		Build: func(n *Network) {
			api := n.api("api", "PRIVATE", nil)
			who := either(n, `{"AWS": "arn:aws:iam::123456789012:root"}`, `"*"`)
			n.policy(api, denyUnless("StringNotEquals", "aws:SourceVpc", "vpc-0fedcba9876543210")+
				`, {
					"Effect": "Allow", "Principal": `+who+`,
					"Action": "execute-api:Invoke", "Resource": "execute-api:/*"
				}`)
			n.answering(api)
		},
	},
	{
		Name: "stale-policy", Number: 20,
		Says:     "a change of the policy triggers no deployment",
		Rules:    []string{"api-deployment-triggers"},
		Advisory: true,
		Clients: []Question{
			{From: "another-vpc", URL: ownAPI, Updated: true, Compliant: "200", Sees: "403 AccessDeniedException"},
		},
		Build: func(n *Network) {
			text := fenceOf(n.vpc("vpc", nil))
			if n.Later {
				text = pulumi.String(document(fence)).ToStringOutput()
			}
			api := n.api("api", "PRIVATE", nil)
			policy, get := n.policyOf(api, text), n.method("GET", api)
			triggers := either(n, pulumi.Map{"method": get.ID()}, pulumi.Map{"method": get.ID(), "policy": text})
			n.stageOf(api, n.deployment(api, triggers, policy, get), nil)
		},
	},
	{
		Name:     "no-triggers",
		Says:     "no change of an API triggers a deployment",
		Rules:    []string{"api-deployment-triggers"},
		Advisory: true,
		Clients: []Question{
			{
				From: "internet", Method: "POST", URL: calls("no-triggers"), Updated: true,
				Compliant: "200", Sees: "403 MissingAuthenticationTokenException",
			},
		},
		Build: func(n *Network) {
			api := n.publicAPI()
			methods, parts := "GET", []*Resource{n.method("GET", api)}
			if n.Later {
				methods, parts = "GET POST", append(parts, n.method("POST", api, parts...))
			}
			triggers := either(n, nil, pulumi.Map{"methods": pulumi.String(methods)})
			n.limit(api, n.stageOf(api, n.deployment(api, triggers, parts...), nil), 50, 100)
		},
	},
	{
		Name:     "only-ids",
		Says:     "only new methods trigger a deployment, and changes of a method do not",
		Rules:    []string{"api-deployment-triggers"},
		Advisory: true,
		Unseen:   unknownIDs,
		Clients: []Question{
			{
				From: "internet", URL: calls("only-ids"), Updated: true,
				Compliant: "403 MissingAuthenticationTokenException", Sees: "200",
			},
		},
		Build: func(n *Network) {
			api := n.publicAPI()
			if n.Later {
				n.callers = "AWS_IAM"
			}
			get := n.method("GET", api)
			triggers := either[pulumi.Input](n, pulumi.Sprintf("%s", get.ID()),
				pulumi.Sprintf("%s MOCK %s", get.ID(), pulumi.String(n.callers)))
			n.limit(api, n.stageOf(api, n.deployment(api, pulumi.Map{"method": triggers}, get), nil), 50, 100)
		},
	},
	{
		Name:     "stale-endpoints",
		Says:     "an API's association with another endpoint triggers no deployment",
		Rules:    []string{"api-deployment-triggers"},
		Advisory: true,
		Clients: []Question{
			{
				From: "subnet-a", URL: "https://${api}-${second}.execute-api.us-east-1.amazonaws.com/prod/",
				Updated: true, Compliant: "200", Sees: "403 ForbiddenException",
			},
		},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			group := n.group("endpoint", vpc, pulumi.String("10.0.0.0/16"))
			endpoint := n.endpoint(vpc, group, []*Resource{a, b}, nil)
			if second := n.endpointAs("second", vpc, group, []*Resource{a, b}, nil); n.Later {
				endpoint = second
			}
			api := n.api("api", "", pulumi.Map{"endpointConfiguration": pulumi.Map{
				"types": pulumi.String("PRIVATE"), "vpcEndpointIds": pulumi.Array{endpoint.ID()},
			}})
			policy, get := n.policy(api, inside), n.method("GET", api)
			compliant := pulumi.Map{
				"policy": pulumi.String(inside), "api": pulumi.Sprintf("%v", api.EndpointConfiguration),
			}
			triggers := either(n, pulumi.Map{"policy": pulumi.String(inside)}, compliant)
			n.limit(api, n.stageOf(api, n.deployment(api, triggers, policy, get), nil), 50, 100)
		},
	},
	{
		Name:    "first-deployment",
		Says:    "a deployment comes before every method",
		Rules:   []string{"api-deployment-triggers"},
		Refused: "BadRequestException: The REST API doesn't contain any methods",
		Build: func(n *Network) {
			api := n.publicAPI()
			path := n.add("aws:apigateway/resource:Resource", "orders", pulumi.Map{
				"restApi": api.ID(), "parentId": api.RootResourceId, "pathPart": pulumi.String("orders"),
			})
			get := n.answerAt(path.ID(), "GET", api, pulumi.Map{"type": pulumi.String("MOCK")})
			n.deployment(api, pulumi.Map{"methods": pulumi.String("GET")}, either(n, nil, []*Resource{get})...)
		},
	},
	{
		Name:     "late-method",
		Says:     "a method is created after the deployment",
		Rules:    []string{"api-deployment-triggers"},
		Advisory: true,
		Clients: []Question{
			{
				From: "internet", Method: "POST", URL: calls("late-method"),
				Compliant: "200", Sees: "403 MissingAuthenticationTokenException",
			},
		},
		Build: func(n *Network) {
			api := n.publicAPI()
			get, triggers := n.method("GET", api), pulumi.Map{"methods": pulumi.String("GET POST")}
			if n.Faulty {
				deployment := n.deployment(api, triggers, get)
				n.method("POST", api, deployment)
				n.limit(api, n.stageOf(api, deployment, nil), 50, 100)
			} else {
				n.servePublic(api, triggers, get, n.method("POST", api, get))
			}
		},
	},
	{
		Name:  "no-logs",
		Says:  "a stage writes no access logs",
		Rules: []string{"stage-access-logs"}, Advisory: true,
		Invisible: onlyLogs,
		Build: func(n *Network) {
			n.stage(either(n, pulumi.Map{"accessLogSettings": nil}, nil))
		},
	},
	{
		Name:  "log-lines",
		Says:  "the log format of a stage has several lines",
		Rules: []string{"stage-access-logs"},
		Refused: "BadRequestException: Access Log format must be single line, new line character is allowed only " +
			"at end",
		Build: func(n *Network) {
			logs := n.add("aws:cloudwatch/logGroup:LogGroup", "lines", nil)
			format := either(n, "$context.requestId\n$context.status", "$context.requestId $context.status")
			n.stage(pulumi.Map{"accessLogSettings": pulumi.Map{
				"destinationArn": logs.Arn, "format": pulumi.String(format),
			}})
		},
	},
	{
		Name:     "unthrottled",
		Says:     "one client on the internet may use up the limit of all APIs",
		Rules:    []string{"stage-throttling"},
		Advisory: true,
		Clients: []Question{
			{
				From: "internet", URL: calls("unthrottled"), Times: 9,
				Compliant: "429 TooManyRequestsException", Sees: "200",
			},
		},
		Build: func(n *Network) {
			api, stage := n.unlimitedStage(nil)
			if !n.Faulty {
				n.limit(api, stage, 2, 2)
			}
		},
	},
	{
		Name:          "untraced",
		Says:          "nobody traces the calls of a stage",
		Rules:         []string{"stage-tracing"},
		Configuration: map[string]any{"stage-tracing": "advisory"},
		Invisible:     onlyLogs,
		Build: func(n *Network) {
			n.stage(either(n, pulumi.Map{"xrayTracingEnabled": nil}, nil))
		},
	},
	{
		Name:    "public-with-endpoint",
		Says:    "a regional API is associated with an endpoint",
		Rules:   []string{"api-endpoint-configuration"},
		Refused: "BadRequestException: VPCEndpoints can only be specified with PRIVATE apis",
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			endpoint := n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), []*Resource{a, b}, nil)
			configuration := pulumi.Map{"types": pulumi.String(either(n, "REGIONAL", "PRIVATE")),
				"vpcEndpointIds": pulumi.Array{endpoint.ID()}}
			api := n.api("api", "",
				pulumi.Map{"endpointConfiguration": configuration, "disableExecuteApiEndpoint": pulumi.Bool(n.Faulty)})
			if n.Faulty {
				n.mapped(api)
			}
			n.policy(api, fence)
		},
	},
	{
		Name:    "private-ipv4",
		Says:    "a private API excludes IPv6",
		Rules:   []string{"api-endpoint-configuration"},
		Refused: "BadRequestException: IP address type ipv4 is not supported for PRIVATE endpoints, only dualstack",
		Build: func(n *Network) {
			configuration := pulumi.Map{"types": pulumi.String("PRIVATE"),
				"ipAddressType": pulumi.String(either(n, "ipv4", "dualstack"))}
			n.policy(n.api("api", "", pulumi.Map{"endpointConfiguration": configuration}), fence)
		},
	},
	{
		Name:     "old-tls",
		Advisory: true,
		Says:     "a custom domain accepts TLS 1.0",
		Rules:    []string{"custom-domain-tls"},
		Clients: []Question{
			{From: "internet", URL: calls("old-tls"), TLSVersion: "1.0", Compliant: "TLS fails", Sees: "200"},
		},
		Build: func(n *Network) {
			api := n.unnamedAPI()
			n.mappedBy(api, pulumi.Map{"securityPolicy": pulumi.String(either(n, "TLS_1_0", "TLS_1_2"))})
			n.method("GET", api)
			n.servePublic(api, nil)
		},
	},
	{
		Name:     "unreachable-domain",
		Says:     "no endpoint may use a private domain",
		Rules:    []string{"private-domain-complete"},
		Advisory: true,
		Clients: []Question{
			{
				From: "subnet-a", URL: "https://unreachable-domain.example.org/prod/", To: "endpoint",
				Compliant: "200", Sees: "TLS fails",
			},
		},
		Build: func(n *Network) {
			domain, endpoint := n.privateDomain(nil), n.plainEndpoint()
			if !n.Faulty {
				n.accessFrom(endpoint, domain)
			}
		},
	},
	{
		Name:  "shut-domain",
		Says:  "a private domain has no policy",
		Rules: []string{"private-domain-complete"},
		Clients: []Question{
			{
				From: "subnet-a", URL: "https://shut-domain.example.org/prod/", To: "endpoint",
				Compliant: "200", Sees: "403 AccessDeniedException",
			},
		},
		Build: func(n *Network) {
			n.access(n.privateDomain(either(n, pulumi.Map{"policy": nil}, nil)))
		},
	},
	{
		Name:    "mapped-by-name",
		Says:    "a mapping names a private domain without its ID",
		Rules:   []string{"private-domain-complete"},
		Refused: "NotFoundException: Invalid domain name identifier specified",
		Build: func(n *Network) {
			domain := n.privateDomain(nil)
			n.access(domain)
			api := n.api("api", "PRIVATE", nil)
			n.policy(api, fence)
			mapping := pulumi.Map{
				"domainName": pulumi.String(n.ownDomain()), "basePath": pulumi.String("orders"), "restApi": api.ID(),
			}
			id := pulumi.Map{"domainNameId": domain.DomainNameId}
			n.add("aws:apigateway/basePathMapping:BasePathMapping", "mapping", merge(mapping, either(n, nil, id)),
				dependsOn([]*Resource{domain}))
		},
	},
	{
		Name:  "anyone",
		Says:  "anyone on the internet may call a private API, and any other one that trusts its VPC",
		Rules: []string{"endpoint-policy-restricts-apis", "public-load-balancer-authorization"},
		Clients: []Question{
			{From: "internet", URL: hello, To: "nlb", Compliant: "time-out", Sees: "200"},
		},
		Build: func(n *Network) {
			endpoint := n.publicFront(either(n, "0.0.0.0/0", "192.0.2.0/24"))
			args := pulumi.Map{"vpcEndpointId": endpoint.ID()}
			n.add("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", "apis", merge(args,
				either(n, nil, pulumi.Map{"policy": pulumi.String(document(ownAPIs))})))
			api := n.api("api", "", pulumi.Map{"endpointConfiguration": pulumi.Map{"types": pulumi.String("PRIVATE"),
				"vpcEndpointIds": pulumi.Array{endpoint.ID()}}})
			n.policy(api, fence)
			n.method("GET", api)
		},
	},
	{
		Name:  "any-gateway",
		Says:  "any API of any account may invoke a function",
		Rules: []string{"lambda-permission-source-arn"},
		Clients: []Question{
			{
				From: "internet", URL: calls("any-gateway"), Signed: true,
				Compliant: "500 InternalServerErrorException", Sees: "200",
			},
		},
		Build: func(n *Network) {
			const arn = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/*/GET/"
			source := pulumi.Map{"sourceArn": pulumi.String(arn)}
			function := n.function()
			n.add("aws:lambda/permission:Permission", "permission", merge(pulumi.Map{
				"action":    pulumi.String("lambda:InvokeFunction"),
				"principal": pulumi.String("apigateway.amazonaws.com"), "function": function.Arn,
			}, either(n, nil, source)))
			// This API stands for one of another account: nothing in the stack says that it invokes the function.
			api := n.publicAPI()
			get := n.answer("GET", api, invokes(pulumi.String("${stageVariables.function}").ToStringOutput()))
			deployment := n.deployment(api, pulumi.Map{"methods": pulumi.String("GET")}, get)
			variables := pulumi.Map{"variables": pulumi.Map{"function": function.Arn}}
			n.limit(api, n.stageOf(api, deployment, variables), 50, 100)
		},
	},
}

// unknownIDs is why nothing shows that triggers are IDs.
var unknownIDs = map[View]string{
	PreviewExisting: "what the triggers are made from is not known before the first deployment",
	PreviewCreated:  "what the triggers are made from is not known before the first deployment",
}

// unknownText is why the text of a policy is unknown if it contains an ID or ARN
// of a resource that does not exist yet.
var unknownText = map[View]string{PreviewExisting: notYetText, PreviewCreated: notYetText}

const notYetText = "a part of the policy's text is not known before the first deployment, so the whole text is not"

// allowAll is a statement that allows all calls.
const allowAll = `{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}`

// ownAPI is the URL of the network's API.
const ownAPI = "https://${api}.execute-api.us-east-1.amazonaws.com/prod/"

// denyUnless returns a statement that denies calls by a negated condition.
func denyUnless(operator, key, value string) string {
	return fmt.Sprintf(`{
		"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
		"Condition": {"%s": {"%s": "%s"}}}`, operator, key, value)
}

// fenceOf returns a policy that is made from a VPC's range. A first preview knows
// the range.
func fenceOf(vpc *Resource) pulumi.StringOutput {
	return pulumi.Sprintf(document(denyUnless("NotIpAddress", "aws:VpcSourceIp", "%s")+","+fence), vpc.CidrBlock)
}
