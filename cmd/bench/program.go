package main

import (
	"fmt"

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
	registered int
	err        error
}

// add registers a resource, unless an earlier one failed, and returns its ID.
func (s *stack) add(token, name string, inputs pulumi.Map) pulumi.Input {
	var r pulumi.CustomResourceState
	if s.err == nil {
		s.registered++
		s.err = s.ctx.RegisterResource(token, name, inputs, &r)
	}
	return r.ID()
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
	s.api(name("api"))
	for s.err == nil && s.registered < last {
		s.group(fmt.Sprintf("more-%d", s.registered), vpc)
	}
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

// api registers a private REST API with a resource policy.
func (s *stack) api(name string) {
	api := s.add("aws:apigateway/restApi:RestApi", name, pulumi.Map{
		"endpointConfiguration": pulumi.Map{"types": pulumi.String("PRIVATE")},
	})
	s.add("aws:apigateway/restApiPolicy:RestApiPolicy", name, pulumi.Map{
		"restApiId": api, "policy": pulumi.String(onlyFromOneVPC),
	})
}

// onlyFromOneVPC is a resource policy that admits the calls from one VPC.
const onlyFromOneVPC = `{"Version": "2012-10-17", "Statement": [
	{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
	 "Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-0123456789abcdef0"}}},
	{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]}`
