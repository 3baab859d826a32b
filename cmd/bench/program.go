package main

import (
	"fmt"
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/sandbox"
)

// perNetwork is the number of resources in one network of the program. Rules look at half of them. The other half only
// loads the engine and the model.
const perNetwork = 30

// program returns a program that registers this many resources, in networks that violate no rule. It adds security
// groups until the number is reached.
func program(resources int) sandbox.Program {
	return func(ctx *pulumi.Context, _ map[string]string) error {
		s := &stack{ctx: ctx}
		for i := range resources / perNetwork {
			s.network(i)
		}
		for s.err == nil && s.registered < resources {
			s.group(fmt.Sprintf("spare-%d", s.registered), nil)
		}
		return s.err
	}
}

// stack registers resources until one fails.
type stack struct {
	ctx        *pulumi.Context
	parent     pulumi.Resource // The component of the network. It is nil for resources outside the networks.
	registered int
	err        error
}

// add registers a resource, unless an earlier one failed, and returns its ID.
func (s *stack) add(token, name string, inputs pulumi.Map) pulumi.Input {
	var r pulumi.CustomResourceState
	if s.err == nil {
		s.registered++
		s.err = s.ctx.RegisterResource(token, name, inputs, &r, pulumi.Parent(s.parent))
	}
	return r.ID()
}

// component registers the component of a network, with its promises as inputs and outputs. The resources that follow
// are in it.
func (s *stack) component(name string, promises pulumi.Array) {
	if s.err != nil {
		return
	}
	var r pulumi.ResourceState
	properties := pulumi.Map{"promises": promises}
	s.registered++
	s.err = s.ctx.RegisterComponentResourceV2("bench:index:Network", name, properties, &r)
	if s.err == nil {
		s.parent, s.err = &r, s.ctx.RegisterResourceOutputs(&r, properties)
	}
}

// group registers a security group, in the default VPC if vpc is nil.
func (s *stack) group(name string, vpc pulumi.Input) pulumi.Input {
	inputs := pulumi.Map{"description": pulumi.String("of the benchmark")}
	if vpc != nil {
		inputs["vpcId"] = vpc
	}
	return s.add("aws:ec2/securityGroup:SecurityGroup", name, inputs)
}

// network registers a private API with its endpoint, and a load balancer in front of it.
func (s *stack) network(i int) {
	name := func(role string) string { return fmt.Sprintf("%s-%d", role, i) }
	last := s.registered + perNetwork
	s.component(name("network"), promises(name))
	vpc := s.add("aws:ec2/vpc:Vpc", name("vpc"), pulumi.Map{
		"cidrBlock":        pulumi.Sprintf("10.%d.0.0/16", i),
		"enableDnsSupport": pulumi.Bool(true), "enableDnsHostnames": pulumi.Bool(true),
	})
	subnets, pins := pulumi.Array{}, pulumi.Array{}
	for zone, letter := range []string{"a", "b"} {
		subnet := s.add("aws:ec2/subnet:Subnet", name(letter), pulumi.Map{
			"vpcId": vpc, "cidrBlock": pulumi.Sprintf("10.%d.%d.0/24", i, zone),
			"availabilityZone": pulumi.String("us-east-1" + letter),
		})
		subnets = append(subnets, subnet)
		pins = append(pins, pulumi.Map{"subnetId": subnet, "ipv4": pulumi.String(address(i, zone))})
	}
	front, behind := s.group(name("front"), vpc), s.group(name("behind"), vpc)
	s.allow(name("clients"), front, pulumi.Map{"cidrIpv4": pulumi.Sprintf("10.%d.0.0/16", i)})
	s.allow(name("balancer"), behind, pulumi.Map{"referencedSecurityGroupId": front})
	s.add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", name("out"), pulumi.Map{
		"securityGroupId": front, "referencedSecurityGroupId": behind, "ipProtocol": pulumi.String("tcp"),
		"fromPort": pulumi.Int(443), "toPort": pulumi.Int(443),
	})
	s.add("aws:ec2/vpcEndpoint:VpcEndpoint", name("endpoint"), pulumi.Map{
		"vpcId": vpc, "vpcEndpointType": pulumi.String("Interface"),
		"serviceName": pulumi.String("com.amazonaws.us-east-1.execute-api"),
		"subnetIds":   subnets, "subnetConfigurations": pins,
		"securityGroupIds": pulumi.Array{behind}, "privateDnsEnabled": pulumi.Bool(false),
	})
	s.balancer(i, vpc, front, subnets)
	s.api(name, pulumi.Sprintf(onlyFromOneRange, i))
	for s.err == nil && s.registered < last {
		s.group(fmt.Sprintf("more-%d", s.registered), vpc)
	}
	s.parent = nil
}

// promises returns what a network promises: as many promises for each resource as the blueprints make. Its clients
// reach the API through the load balancer. Nobody reaches it past the load balancer, from elsewhere, or at a path that
// does not exist.
func promises(name func(string) string) pulumi.Array {
	var all pulumi.Array
	add := func(from, connectTo, path, expect string) {
		all = append(all, pulumi.Map{
			"from":      pulumi.String(from),
			"request":   pulumi.String("https://${" + name("api") + "}.execute-api.us-east-1.amazonaws.com" + path),
			"connectTo": pulumi.String(name(connectTo)), "expect": pulumi.String(expect),
		})
	}
	for _, zone := range []string{"a", "b"} {
		add(name(zone), "balancer", "/prod/", "delivered")
		add(name(zone), "endpoint", "/prod/", "refused")
	}
	add("internet", "balancer", "/prod/", "refused")
	add(name("a"), "balancer", "/prod/other", "method-not-found")
	return all
}

// address returns the endpoint's address in one of the two zones of a network.
func address(network, zone int) string { return fmt.Sprintf("10.%d.%d.10", network, zone) }

// allow registers a rule that lets a source reach port 443 of a security group.
func (s *stack) allow(name string, group pulumi.Input, source pulumi.Map) {
	source["securityGroupId"], source["ipProtocol"] = group, pulumi.String("tcp")
	source["fromPort"], source["toPort"] = pulumi.Int(443), pulumi.Int(443)
	s.add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name, source)
}

// balancer registers a load balancer whose targets are the addresses of network i's endpoint.
func (s *stack) balancer(i int, vpc, group pulumi.Input, subnets pulumi.Array) {
	balancer := s.add("aws:lb/loadBalancer:LoadBalancer", fmt.Sprintf("balancer-%d", i), pulumi.Map{
		"loadBalancerType": pulumi.String("network"), "internal": pulumi.Bool(true),
		"subnets": subnets, "securityGroups": pulumi.Array{group},
	})
	targets := s.add("aws:lb/targetGroup:TargetGroup", fmt.Sprintf("targets-%d", i), pulumi.Map{
		"vpcId": vpc, "targetType": pulumi.String("ip"), "protocol": pulumi.String("TCP"), "port": pulumi.Int(443),
	})
	for zone := range 2 {
		s.add("aws:lb/targetGroupAttachment:TargetGroupAttachment", fmt.Sprintf("target-%d-%d", zone, i), pulumi.Map{
			"targetGroupArn": targets, "targetId": pulumi.String(address(i, zone)),
		})
	}
	s.add("aws:lb/listener:Listener", fmt.Sprintf("listener-%d", i), pulumi.Map{
		"loadBalancerArn": balancer, "protocol": pulumi.String("TCP"), "port": pulumi.Int(443),
		"defaultActions": pulumi.Array{pulumi.Map{"type": pulumi.String("forward"), "targetGroupArn": targets}},
	})
}

// api registers a private REST API with a resource policy, and a method that a function answers.
func (s *stack) api(name func(string) string, policy pulumi.Input) {
	api := s.add("aws:apigateway/restApi:RestApi", name("api"), pulumi.Map{
		"endpointConfiguration": pulumi.Map{"types": pulumi.String("PRIVATE")},
	})
	rules := s.add("aws:apigateway/restApiPolicy:RestApiPolicy", name("policy"),
		pulumi.Map{"restApiId": api, "policy": policy})
	part := func(kind, role string, inputs pulumi.Map) pulumi.Input {
		inputs["restApi"] = api
		return s.add("aws:apigateway/"+kind, name(role), inputs)
	}
	root := pulumi.Map{"resourceId": api, "httpMethod": pulumi.String("GET")}
	with := func(more pulumi.Map) pulumi.Map {
		all := maps.Clone(root)
		maps.Copy(all, more)
		return all
	}
	function := s.function(name, api)
	method := part("method:Method", "method", with(pulumi.Map{"authorization": pulumi.String("NONE")}))
	integration := part("integration:Integration", "integration", with(pulumi.Map{
		"type": pulumi.String("AWS_PROXY"), "integrationHttpMethod": pulumi.String("POST"),
		"uri": pulumi.Sprintf("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/%s/invocations", function),
	}))
	deployment := part("deployment:Deployment", "deployment", pulumi.Map{
		"triggers": pulumi.Map{"policy": rules, "method": method, "integration": integration},
	})
	part("stage:Stage", "stage", pulumi.Map{
		"deployment": deployment, "stageName": pulumi.String("prod"), "accessLogSettings": pulumi.Map{
			"destinationArn": pulumi.String("arn:aws:logs:us-east-1:123456789012:log-group:bench"),
			"format":         pulumi.String("$context.requestId $context.status"),
		},
	})
}

// function registers a function that the API may invoke, and returns its ID.
func (s *stack) function(name func(string) string, api pulumi.Input) pulumi.Input {
	role := s.add("aws:iam/role:Role", name("role"), pulumi.Map{"assumeRolePolicy": pulumi.String(mayBeFunction)})
	function := s.add("aws:lambda/function:Function", name("function"), pulumi.Map{
		"role": role, "handler": pulumi.String("bootstrap"), "runtime": pulumi.String("provided.al2023"),
	})
	s.add("aws:lambda/permission:Permission", name("permission"), pulumi.Map{
		"action": pulumi.String("lambda:InvokeFunction"), "principal": pulumi.String("apigateway.amazonaws.com"),
		"function": function, "sourceArn": pulumi.Sprintf("arn:aws:execute-api:us-east-1:123456789012:%s/*", api),
	})
	return function
}

// mayBeFunction is a trust policy for the roles of functions.
const mayBeFunction = `{"Version": "2012-10-17", "Statement": [
	{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`

// onlyFromOneRange is a resource policy that admits the calls from one network.
const onlyFromOneRange = `{"Version": "2012-10-17", "Statement": [
	{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
	 "Condition": {"NotIpAddress": {"aws:VpcSourceIp": "10.%d.0.0/16"}}},
	{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]}`
