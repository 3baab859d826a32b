package faults

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

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

// mapped registers a custom domain that leads to an API, and its name in public DNS.
func (n *Network) mapped(api *Resource) { n.mappedBy(api, nil) }

// mappedBy does what mapped does, with more inputs of the domain.
func (n *Network) mappedBy(api *Resource, inputs pulumi.Map) {
	name := pulumi.String("calls." + n.ownDomain())
	domain := n.add("aws:apigateway/domainName:DomainName", "calls", merge(pulumi.Map{
		"domainName": name, "regionalCertificateArn": n.issuedCertificate("calls", name),
		"securityPolicy":        pulumi.String("TLS_1_2"),
		"endpointConfiguration": pulumi.Map{"types": pulumi.String("REGIONAL")},
	}, inputs))
	n.add("aws:apigateway/basePathMapping:BasePathMapping", "calls",
		pulumi.Map{"domainName": name, "restApi": api.ID()}, dependsOn([]*Resource{domain}))
	n.record("calls", "calls", n.publicZone(), alias(domain.RegionalName, domain.RegionalZone))
}

// calls returns the URL of the stage behind the custom domain of a network.
func calls(network string) string { return "https://calls." + domainOf(network) + "/prod/" }

// issuedCertificate registers a certificate that its domain's owner confirms by
// email, and returns its ARN once it is issued.
func (n *Network) issuedCertificate(role string, name pulumi.String) pulumi.StringOutput {
	certificate := n.add("aws:acm/certificate:Certificate", role,
		pulumi.Map{"domainName": name, "validationMethod": pulumi.String("EMAIL")})
	return n.add("aws:acm/certificateValidation:CertificateValidation", role,
		pulumi.Map{"certificateArn": certificate.Arn}).CertificateArn
}

// method registers a method that an API answers itself with 200, for everyone. It returns
// the method's integration.
func (n *Network) method(verb string, api *Resource, after ...*Resource) *Resource {
	return n.methodAt(api.RootResourceId, verb, api, after...)
}

// methodAt does what method does, for a resource of the API.
func (n *Network) methodAt(path pulumi.Input, verb string, api *Resource, after ...*Resource) *Resource {
	template := pulumi.Map{"application/json": pulumi.String(`{"statusCode": 200}`)}
	integration := n.answerAt(path, verb, api,
		pulumi.Map{"type": pulumi.String("MOCK"), "requestTemplates": template}, after...)
	inputs := func() pulumi.Map {
		return pulumi.Map{
			"restApi": api.ID(), "resourceId": path, "httpMethod": pulumi.String(verb),
			"statusCode": pulumi.String("200"),
		}
	}
	ok := n.add("aws:apigateway/methodResponse:MethodResponse", verb, inputs(), dependsOn([]*Resource{integration}))
	n.parts = append(n.parts, n.add("aws:apigateway/integrationResponse:IntegrationResponse", verb, inputs(),
		dependsOn([]*Resource{ok})))
	return integration
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
		authorization = cmp.Or(n.callers, "NONE")
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

// deployment registers a deployment that waits for some parts of an API, and for its policy and its responses.
func (n *Network) deployment(api *Resource, triggers pulumi.Map, after ...*Resource) *Resource {
	inputs := pulumi.Map{"restApi": api.ID()}
	if triggers != nil {
		inputs["triggers"] = triggers
	}
	return n.add("aws:apigateway/deployment:Deployment", "deployment", inputs,
		dependsOn(slices.Concat(after, n.parts)))
}

// serve deploys an API as its stage prod, which writes access logs and traces calls, when the API's parts exist.
func (n *Network) serve(api *Resource, triggers pulumi.Map, after ...*Resource) *Resource {
	triggers = merge(merge(pulumi.Map{"methods": pulumi.String("GET")}, n.texts), triggers)
	return n.stageOf(api, n.deployment(api, triggers, after...), nil)
}

// stageOf registers the stage prod of an API, which writes access logs and traces calls.
func (n *Network) stageOf(api, deployment *Resource, inputs pulumi.Map) *Resource {
	logs := n.add("aws:cloudwatch/logGroup:LogGroup", "stage-logs", nil)
	return n.add("aws:apigateway/stage:Stage", "stage", merge(pulumi.Map{
		"restApi": api.ID(), "deployment": deployment.ID(), "stageName": pulumi.String("prod"),
		"xrayTracingEnabled": pulumi.Bool(true),
		"accessLogSettings": pulumi.Map{
			"destinationArn": logs.Arn, "format": pulumi.String("$context.requestId $context.status"),
		},
	}, inputs), dependsOn([]*Resource{n.account}))
}

// servePublic does what serve does, and limits the requests to the stage.
func (n *Network) servePublic(api *Resource, triggers pulumi.Map, after ...*Resource) {
	n.limit(api, n.serve(api, triggers, after...), 50, 100)
}

// publicStage gives an API that the internet may reach a method for everyone, and deploys it.
func (n *Network) publicStage(api *Resource) {
	n.method("GET", api)
	n.servePublic(api, nil)
}

// answering gives an API a method for everyone, and deploys it.
func (n *Network) answering(api *Resource) {
	n.method("GET", api)
	n.serve(api, nil)
}

func dependsOn(resources []*Resource) pulumi.ResourceOption {
	var all []pulumi.Resource
	for _, r := range resources {
		all = append(all, r)
	}
	return pulumi.DependsOn(all)
}

// stage registers a compliant stage of a public API. Inputs replace others; nil removes one.
func (n *Network) stage(inputs pulumi.Map) *Resource {
	api, stage := n.unlimitedStage(inputs)
	n.limit(api, stage, 50, 100)
	return stage
}

// limit registers settings that limit the requests to a stage of an API, per second and at once.
func (n *Network) limit(api, stage *Resource, rate float64, burst int) {
	n.add("aws:apigateway/methodSettings:MethodSettings", "settings", pulumi.Map{
		"restApi": api.ID(), "stageName": pulumi.String("prod"), "methodPath": pulumi.String("*/*"),
		"settings": pulumi.Map{
			"throttlingRateLimit": pulumi.Float64(rate), "throttlingBurstLimit": pulumi.Int(burst),
		},
	}, dependsOn([]*Resource{stage}))
}

// unlimitedStage registers a stage that is compliant except that the account's
// limit is the only one. It also returns the stage's API.
func (n *Network) unlimitedStage(inputs pulumi.Map) (api, stage *Resource) {
	api = n.publicAPI()
	get := n.method("GET", api)
	return api, n.stageOf(api, n.deployment(api, pulumi.Map{"methods": pulumi.String("GET")}, get), inputs)
}

// role registers a role for a service, with a policy of AWS.
func (n *Network) role(service, policy string) *Resource {
	trust := fmt.Sprintf(`{"Effect": "Allow", "Principal": {"Service": "%s"}, "Action": "sts:AssumeRole"}`, service)
	return n.add("aws:iam/role:Role", "role", pulumi.Map{
		"assumeRolePolicy":  pulumi.String(document(trust)),
		"managedPolicyArns": pulumi.ToStringArray([]string{"arn:aws:iam::aws:policy/service-role/" + policy}),
	})
}

// invokes returns the inputs of an integration with a function.
func invokes(functionARN pulumi.StringOutput) pulumi.Map {
	const prefix = "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
	return pulumi.Map{
		"type": pulumi.String("AWS_PROXY"), "integrationHttpMethod": pulumi.String("POST"),
		"uri": pulumi.Sprintf(prefix+"%s/invocations", functionARN),
	}
}

// function registers the function that the blueprints deploy.
func (n *Network) function() *Resource {
	return n.functionWith(n.role("lambda.amazonaws.com", "AWSLambdaBasicExecutionRole"), nil)
}

// functionWith registers a function with a role and with further inputs.
func (n *Network) functionWith(role *Resource, inputs pulumi.Map) *Resource {
	archive, err := filepath.Abs("bin/hello.zip")
	if n.err == nil {
		n.err = err
	}
	return n.add("aws:lambda/function:Function", "function", merge(pulumi.Map{
		"role": role.Arn, "code": pulumi.NewFileArchive(archive), "runtime": pulumi.String("provided.al2023"),
		"handler": pulumi.String("bootstrap"), "architectures": pulumi.ToStringArray([]string{"arm64"}),
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

// privateDomain registers a private custom domain that leads to the API of all networks.
func (n *Network) privateDomain(inputs pulumi.Map) *Resource {
	policy := pulumi.Map{"policy": pulumi.String(document(inside))}
	domain := n.domain("PRIVATE", "certificateArn", merge(policy, inputs))
	n.add("aws:apigateway/basePathMapping:BasePathMapping", "domain", pulumi.Map{
		"domainName": pulumi.String(n.ownDomain()), "domainNameId": domain.DomainNameId, "restApi": n.hello.ID(),
	}, dependsOn([]*Resource{domain}))
	return domain
}

// access registers an endpoint that may use a private domain.
func (n *Network) access(domain *Resource) *Resource {
	return n.accessFrom(n.plainEndpoint(), domain)
}

// accessFrom lets an endpoint use a private domain.
func (n *Network) accessFrom(endpoint, domain *Resource) *Resource {
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
