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
		Build: func(n *Network) {
			id := either(n, "vpce-0123456789abcdef0", "vpc-0123456789abcdef0")
			n.policy(n.api("api", "PRIVATE", nil), denyUnless("StringNotEquals", "aws:SourceVpc", id)+","+allowAll)
		},
	},
	{
		Name:  "new-endpoint-as-vpc",
		Says:  "a policy compares aws:SourceVpc with the ID of the stack's endpoint",
		Rules: []string{"resource-policy-vpc-key-mismatch"},
		Early: []string{"resource-policy-source-vpc"},
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			endpoint := n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), []*Resource{a, b}, nil)
			text := pulumi.Sprintf(document(denyUnless("StringNotEquals", "aws:SourceVpc", "%s")+","+allowAll),
				endpoint.ID())
			n.policyOf(n.api("api", "PRIVATE", nil), either[pulumi.Input](n, text, pulumi.String(document(fence))))
		},
	},
	{
		Name: "open-policy", Number: 3, Advisory: true,
		Says:  "the policy of a private API has no condition on network or endpoint",
		Rules: []string{"resource-policy-restricts-network"},
		Build: func(n *Network) {
			n.policy(n.api("api", "PRIVATE", nil), either(n, allowAll, fence))
		},
	},
	{
		Name:     "unfenced-arn",
		Advisory: true,
		Says:     "the policy of a private API names the API, but no network",
		Rules:    []string{"resource-policy-restricts-network"},
		Unseen:   unknownText,
		Build: func(n *Network) {
			api := n.api("api", "PRIVATE", nil)
			text := pulumi.Sprintf(document(`{
				"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "%s/*"
			}`), api.ExecutionArn)
			n.policyOf(api, either[pulumi.Input](n, text, pulumi.String(document(fence))))
		},
	},
	{
		Name: "no-policy", Number: 4,
		Says:  "a private API has no resource policy",
		Rules: []string{"private-api-resource-policy"},
		Build: func(n *Network) {
			api := n.api("api", "PRIVATE", nil)
			if !n.Faulty {
				n.policy(api, fence)
			}
		},
	},
	{
		Name:  "shut-policy",
		Says:  "the policy of a private API denies other networks and allows nobody",
		Rules: []string{"resource-policy-allows-calls"},
		Build: func(n *Network) {
			api := n.api("api", "PRIVATE", nil)
			n.method("GET", api)
			others := denyUnless("StringNotEquals", "aws:SourceVpc", "vpc-0123456789abcdef0")
			n.policy(api, either(n, others, others+","+allowAll))
		},
	},
	{
		Name:  "two-policies",
		Says:  "two resources set the resource policy of an API",
		Rules: []string{"resource-policy-single-owner"},
		Build: func(n *Network) {
			text := fenceOf(n.vpc("vpc", nil))
			n.policyOf(n.api("api", "PRIVATE", either(n, pulumi.Map{"policy": text}, nil)), text)
		},
	},
	{
		Name:  "public-address",
		Says:  "the policy of a private API compares the address on the internet",
		Rules: []string{"resource-policy-condition-keys"},
		Build: func(n *Network) {
			key := either(n, "aws:SourceIp", "aws:VpcSourceIp")
			n.policy(n.api("api", "PRIVATE", nil), denyUnless("NotIpAddress", key, "10.0.0.0/16")+","+fence)
		},
	},
	{
		Name:  "signed-only",
		Says:  "the policy of a private API allows an account, but its method accepts unsigned calls",
		Rules: []string{"resource-policy-condition-keys"},
		Build: func(n *Network) {
			api := n.api("api", "PRIVATE", nil)
			n.method("GET", api)
			who := either(n, `{"AWS": "arn:aws:iam::123456789012:root"}`, `"*"`)
			n.policy(api, denyUnless("StringNotEquals", "aws:SourceVpc", "vpc-0123456789abcdef0")+
				`, {
					"Effect": "Allow", "Principal": `+who+`,
					"Action": "execute-api:Invoke", "Resource": "execute-api:/*"
				}`)
		},
	},
	{
		Name: "stale-policy", Number: 20,
		Says:     "a change of the policy triggers no deployment",
		Rules:    []string{"api-deployment-triggers"},
		Advisory: true,
		Build: func(n *Network) {
			text := fenceOf(n.vpc("vpc", nil))
			api := n.api("api", "PRIVATE", nil)
			policy, get := n.policyOf(api, text), n.method("GET", api)
			triggers := either(n, pulumi.Map{"method": get.ID()}, pulumi.Map{"method": get.ID(), "policy": text})
			n.deployment(api, triggers, policy, get)
		},
	},
	{
		Name:     "no-triggers",
		Says:     "no change of an API triggers a deployment",
		Rules:    []string{"api-deployment-triggers"},
		Advisory: true,
		Build: func(n *Network) {
			api := n.publicAPI()
			get := n.method("GET", api)
			n.deployment(api, either(n, nil, pulumi.Map{"methods": pulumi.String("GET")}), get)
		},
	},
	{
		Name:     "only-ids",
		Says:     "only new methods trigger a deployment, and changes of a method do not",
		Rules:    []string{"api-deployment-triggers"},
		Advisory: true,
		Unseen:   unknownIDs,
		Build: func(n *Network) {
			api := n.publicAPI()
			get := n.method("GET", api)
			triggers := either[pulumi.Input](n, pulumi.Sprintf("%s", get.ID()), pulumi.Sprintf("%s MOCK", get.ID()))
			n.deployment(api, pulumi.Map{"method": triggers}, get)
		},
	},
	{
		Name:     "stale-endpoints",
		Says:     "an API's association with another endpoint triggers no deployment",
		Rules:    []string{"api-deployment-triggers"},
		Advisory: true,
		Build: func(n *Network) {
			vpc, a, b := n.twoZones()
			endpoint := n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), []*Resource{a, b}, nil)
			api := n.api("api", "", pulumi.Map{"endpointConfiguration": pulumi.Map{
				"types": pulumi.String("PRIVATE"), "vpcEndpointIds": pulumi.Array{endpoint.ID()},
			}})
			policy, get := n.policy(api, fence), n.method("GET", api)
			compliant := pulumi.Map{
				"policy": pulumi.String(fence), "api": pulumi.Sprintf("%v", api.EndpointConfiguration),
			}
			n.deployment(api, either(n, pulumi.Map{"policy": pulumi.String(fence)}, compliant), policy, get)
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
		Build: func(n *Network) {
			api := n.publicAPI()
			get, triggers := n.method("GET", api), pulumi.Map{"methods": pulumi.String("GET POST")}
			if n.Faulty {
				n.method("POST", api, n.deployment(api, triggers, get))
			} else {
				n.deployment(api, triggers, get, n.method("POST", api, get))
			}
		},
	},
	{
		Name:  "no-logs",
		Says:  "a stage writes no access logs",
		Rules: []string{"stage-access-logs"}, Advisory: true,
		Build: func(n *Network) {
			n.stage(n.gatewayAccount(), either(n, pulumi.Map{"accessLogSettings": nil}, nil))
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
			n.stage(n.gatewayAccount(), pulumi.Map{"accessLogSettings": pulumi.Map{
				"destinationArn": logs.Arn, "format": pulumi.String(format),
			}})
		},
	},
	{
		Name:     "unthrottled",
		Says:     "one client on the internet may use up the limit of all APIs",
		Rules:    []string{"stage-throttling"},
		Advisory: true,
		Build: func(n *Network) {
			api, stage := n.unlimitedStage(n.gatewayAccount(), nil)
			if !n.Faulty {
				n.limit(api, stage)
			}
		},
	},
	{
		Name:          "untraced",
		Says:          "nobody traces the calls of a stage",
		Rules:         []string{"stage-tracing"},
		Configuration: map[string]any{"stage-tracing": "advisory"},
		Build: func(n *Network) {
			n.stage(n.gatewayAccount(), either(n, pulumi.Map{"xrayTracingEnabled": nil}, nil))
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
		Build: func(n *Network) {
			n.domain("REGIONAL", "regionalCertificateArn",
				pulumi.Map{"securityPolicy": pulumi.String(either(n, "TLS_1_0", "TLS_1_2"))})
		},
	},
	{
		Name:     "unreachable-domain",
		Says:     "no endpoint may use a private domain",
		Rules:    []string{"private-domain-complete"},
		Advisory: true,
		Build: func(n *Network) {
			domain := n.privateDomain(nil)
			if !n.Faulty {
				n.access(domain)
			}
		},
	},
	{
		Name:  "shut-domain",
		Says:  "a private domain has no policy",
		Rules: []string{"private-domain-complete"},
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
			mapping := pulumi.Map{"domainName": pulumi.String(n.ownDomain()), "restApi": api.ID()}
			id := pulumi.Map{"domainNameId": domain.DomainNameId}
			n.add("aws:apigateway/basePathMapping:BasePathMapping", "mapping", merge(mapping, either(n, nil, id)),
				dependsOn([]*Resource{domain}))
		},
	},
	{
		Name:  "anyone",
		Says:  "anyone on the internet may call a private API, and any other one that trusts its VPC",
		Rules: []string{"endpoint-policy-restricts-apis", "public-load-balancer-authorization"},
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
		Build: func(n *Network) {
			const arn = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/*/GET/"
			source := pulumi.Map{"sourceArn": pulumi.String(arn)}
			n.add("aws:lambda/permission:Permission", "permission", merge(pulumi.Map{
				"action":    pulumi.String("lambda:InvokeFunction"),
				"principal": pulumi.String("apigateway.amazonaws.com"), "function": n.function().Arn,
			}, either(n, nil, source)))
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

// publicAPI registers a regional API with a custom domain. It has no default
// name, because endpoints with private DNS would capture that.
func (n *Network) publicAPI() *Resource {
	api := n.unnamedAPI()
	n.mapped(api)
	return api
}

// unnamedAPI registers a regional API that no name leads to. It passes bodies of
// any type on unchanged.
func (n *Network) unnamedAPI() *Resource {
	return n.api("api", "REGIONAL", pulumi.Map{
		"disableExecuteApiEndpoint": pulumi.Bool(true), "binaryMediaTypes": pulumi.ToStringArray([]string{"*/*"}),
	})
}

// mapped registers a custom domain that leads to an API.
func (n *Network) mapped(api *Resource) {
	name := pulumi.String("calls." + n.ownDomain())
	domain := n.add("aws:apigateway/domainName:DomainName", "calls", pulumi.Map{
		"domainName": name, "regionalCertificateArn": n.issuedCertificate("calls", name),
		"securityPolicy":        pulumi.String("TLS_1_2"),
		"endpointConfiguration": pulumi.Map{"types": pulumi.String("REGIONAL")},
	})
	n.add("aws:apigateway/basePathMapping:BasePathMapping", "calls",
		pulumi.Map{"domainName": name, "restApi": api.ID()}, dependsOn([]*Resource{domain}))
}

// issuedCertificate registers a certificate that its domain's owner confirms by
// email, and returns its ARN once it is issued.
func (n *Network) issuedCertificate(role string, name pulumi.String) pulumi.StringOutput {
	certificate := n.add("aws:acm/certificate:Certificate", role,
		pulumi.Map{"domainName": name, "validationMethod": pulumi.String("EMAIL")})
	return n.add("aws:acm/certificateValidation:CertificateValidation", role,
		pulumi.Map{"certificateArn": certificate.Arn}).CertificateArn
}

// method registers a method that an API answers itself, for everyone. It returns
// the method's integration.
func (n *Network) method(verb string, api *Resource, after ...*Resource) *Resource {
	return n.answer(verb, api, pulumi.Map{"type": pulumi.String("MOCK")}, after...)
}

// answer registers a method of an API's root, and returns its integration.
func (n *Network) answer(verb string, api *Resource, integration pulumi.Map, after ...*Resource) *Resource {
	return n.answerAt(api.RootResourceId, verb, api, integration, after...)
}

// answerAt registers a method of a resource, and returns its integration. A method
// that API Gateway does not answer itself is for signed calls only.
func (n *Network) answerAt(
	path pulumi.Input, verb string, api *Resource, integration pulumi.Map, after ...*Resource,
) *Resource {
	authorization := "AWS_IAM"
	if integration["type"] == pulumi.String("MOCK") {
		authorization = "NONE"
	}
	return n.served(pulumi.Map{
		"restApi": api.ID(), "resourceId": path, "httpMethod": pulumi.String(verb),
		"authorization": pulumi.String(authorization),
	}, integration, after...)
}

// served registers a method and its integration. It returns the integration.
func (n *Network) served(method, integration pulumi.Map, after ...*Resource) *Resource {
	name := string(method["httpMethod"].(pulumi.String))
	first := n.add("aws:apigateway/method:Method", name, method, dependsOn(after))
	place := pulumi.Map{
		"restApi": method["restApi"], "resourceId": method["resourceId"], "httpMethod": method["httpMethod"],
	}
	return n.add("aws:apigateway/integration:Integration", name, merge(place, integration),
		dependsOn([]*Resource{first}))
}

// deployment registers a deployment that waits for the parts of an API.
func (n *Network) deployment(api *Resource, triggers pulumi.Map, after ...*Resource) *Resource {
	inputs := pulumi.Map{"restApi": api.ID()}
	if triggers != nil {
		inputs["triggers"] = triggers
	}
	return n.add("aws:apigateway/deployment:Deployment", "deployment", inputs, dependsOn(after))
}

func dependsOn(resources []*Resource) pulumi.ResourceOption {
	var all []pulumi.Resource
	for _, r := range resources {
		all = append(all, r)
	}
	return pulumi.DependsOn(all)
}

// gatewayAccount registers the settings that let API Gateway write logs. All APIs
// of a region share them.
func (n *Network) gatewayAccount() *Resource {
	role := n.role("apigateway.amazonaws.com", "AmazonAPIGatewayPushToCloudWatchLogs")
	return n.add("aws:apigateway/account:Account", "account", pulumi.Map{"cloudwatchRoleArn": role.Arn})
}

// stage registers a compliant stage of a public API, after the settings of the
// account. Inputs replace others; nil removes one.
func (n *Network) stage(account *Resource, inputs pulumi.Map) *Resource {
	api, stage := n.unlimitedStage(account, inputs)
	n.limit(api, stage)
	return stage
}

// limit registers settings that limit the requests to a stage of an API.
func (n *Network) limit(api, stage *Resource) {
	n.add("aws:apigateway/methodSettings:MethodSettings", "settings", pulumi.Map{
		"restApi": api.ID(), "stageName": pulumi.String("prod"), "methodPath": pulumi.String("*/*"),
		"settings": pulumi.Map{"throttlingRateLimit": pulumi.Float64(50), "throttlingBurstLimit": pulumi.Int(100)},
	}, dependsOn([]*Resource{stage}))
}

// unlimitedStage registers a stage that is compliant except that the account's
// limit is the only one. It also returns the stage's API.
func (n *Network) unlimitedStage(account *Resource, inputs pulumi.Map) (api, stage *Resource) {
	api = n.publicAPI()
	get := n.method("GET", api)
	logs := n.add("aws:cloudwatch/logGroup:LogGroup", "logs", nil)
	return api, n.add("aws:apigateway/stage:Stage", "stage", merge(pulumi.Map{
		"restApi": api.ID(), "deployment": n.deployment(api, pulumi.Map{"methods": pulumi.String("GET")}, get).ID(),
		"stageName": pulumi.String("prod"), "xrayTracingEnabled": pulumi.Bool(true),
		"accessLogSettings": pulumi.Map{
			"destinationArn": logs.Arn, "format": pulumi.String("$context.requestId $context.status"),
		},
	}, inputs), dependsOn([]*Resource{account}))
}

// role registers a role for a service, with a policy of AWS.
func (n *Network) role(service, policy string) *Resource {
	trust := fmt.Sprintf(`{"Effect": "Allow", "Principal": {"Service": "%s"}, "Action": "sts:AssumeRole"}`, service)
	return n.add("aws:iam/role:Role", "role", pulumi.Map{
		"assumeRolePolicy":  pulumi.String(document(trust)),
		"managedPolicyArns": pulumi.ToStringArray([]string{"arn:aws:iam::aws:policy/service-role/" + policy}),
	})
}

// function registers a function from an image. Nothing depends on its code.
func (n *Network) function() *Resource {
	return n.functionWith(n.role("lambda.amazonaws.com", "AWSLambdaBasicExecutionRole"), nil)
}

// functionWith registers a function with a role and with further inputs.
func (n *Network) functionWith(role *Resource, inputs pulumi.Map) *Resource {
	return n.add("aws:lambda/function:Function", "function", merge(pulumi.Map{
		"role": role.Arn, "packageType": pulumi.String("Image"),
		"imageUri": pulumi.String("123456789012.dkr.ecr.us-east-1.amazonaws.com/hello:latest"),
	}, inputs))
}

// domain registers a custom domain, with a certificate that AWS validates by
// e-mail.
func (n *Network) domain(endpointType, certificateKey string, inputs pulumi.Map) *Resource {
	name := pulumi.String(n.ownDomain())
	return n.add("aws:apigateway/domainName:DomainName", "domain", merge(pulumi.Map{
		"domainName": name, certificateKey: n.issuedCertificate("domain", name),
		"endpointConfiguration": pulumi.Map{"types": pulumi.String(endpointType)},
		"securityPolicy":        pulumi.String("TLS_1_2"),
	}, inputs))
}

// privateDomain registers a private custom domain.
func (n *Network) privateDomain(inputs pulumi.Map) *Resource {
	return n.domain("PRIVATE", "certificateArn", merge(pulumi.Map{"policy": pulumi.String(document(fence))}, inputs))
}

// access registers an endpoint that may use a private domain.
func (n *Network) access(domain *Resource) *Resource {
	vpc, a, b := n.twoZones()
	endpoint := n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), []*Resource{a, b}, nil)
	return n.add("aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation", "access", pulumi.Map{
		"accessAssociationSource": endpoint.ID(), "accessAssociationSourceType": pulumi.String("VPCE"),
		"domainNameArn": domain.Arn,
	})
}

// publicFront registers a load balancer on the internet that admits some clients,
// and the endpoint behind it. It returns the endpoint.
func (n *Network) publicFront(clients string) *Resource {
	vpc, a, b := n.twoZones()
	n.internet(vpc, a, b)
	endpoint := n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), []*Resource{a, b}, pulumi.Map{
		"subnetConfigurations": pulumi.Array{pin(a, "10.0.0.10"), pin(b, "10.0.1.10")},
	})
	nlb := n.add("aws:lb/loadBalancer:LoadBalancer", "nlb", pulumi.Map{
		"loadBalancerType": pulumi.String("network"), "internal": pulumi.Bool(false),
		"securityGroups": pulumi.Array{n.group("clients", vpc, pulumi.String(clients)).ID()},
		"subnetMappings": pulumi.Array{n.mapping("a", a), n.mapping("b", b)},
	})
	targets := n.targets("targets", vpc, pulumi.Map{"preserveClientIp": pulumi.String("false")})
	n.listener("listener", nlb, targets, nil)
	n.target("a", targets, "10.0.0.10", nil)
	n.target("b", targets, "10.0.1.10", nil)
	return endpoint
}

// mapping registers a fixed public address for a load balancer in a subnet.
func (n *Network) mapping(zone string, subnet *Resource) pulumi.Map {
	address := n.add("aws:ec2/eip:Eip", zone, pulumi.Map{"domain": pulumi.String("vpc")})
	return pulumi.Map{"subnetId": subnet.ID(), "allocationId": address.ID()}
}
