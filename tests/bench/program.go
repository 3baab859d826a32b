package main

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/sandbox"
)

// perNetwork is how many resources a network of the program has: half of them
// are what the rules are about, half a load on the engine and on the model.
const perNetwork = 30

// program creates as many resources, in networks that no rule objects to. What
// does not fill a network are security groups.
func program(resources int) sandbox.Program {
	return func(ctx *pulumi.Context, _ map[string]string) error {
		p := &stack{ctx: ctx}
		for i := range resources / perNetwork {
			p.network(i)
		}
		for p.err == nil && p.made < resources {
			p.group(fmt.Sprintf("spare-%d", p.made), nil)
		}
		return p.err
	}
}

// stack is the program's resources as far as they are registered.
type stack struct {
	ctx  *pulumi.Context
	made int
	err  error
}

// add registers a resource, unless an earlier one failed, and gives its id.
func (p *stack) add(token, name string, inputs pulumi.Map) pulumi.Input {
	var r pulumi.CustomResourceState
	if p.err == nil {
		p.made++
		p.err = p.ctx.RegisterResource(token, name, inputs, &r)
	}
	return r.ID()
}

func (p *stack) group(name string, vpc pulumi.Input) pulumi.Input {
	inputs := pulumi.Map{"description": pulumi.String("of the benchmark")}
	if vpc != nil {
		inputs["vpcId"] = vpc
	}
	return p.add("aws:ec2/securityGroup:SecurityGroup", name, inputs)
}

// network is a private API with its endpoint, and a load balancer in front of it.
func (p *stack) network(i int) {
	name := func(role string) string { return fmt.Sprintf("%s-%d", role, i) }
	last := p.made + perNetwork
	vpc := p.add("aws:ec2/vpc:Vpc", name("vpc"), pulumi.Map{
		"cidrBlock": pulumi.Sprintf("10.%d.0.0/16", i), "enableDnsSupport": pulumi.Bool(true), "enableDnsHostnames": pulumi.Bool(true),
	})
	subnets, pins := pulumi.Array{}, pulumi.Array{}
	for zone, letter := range []string{"a", "b"} {
		subnet := p.add("aws:ec2/subnet:Subnet", name(letter), pulumi.Map{
			"vpcId": vpc, "cidrBlock": pulumi.Sprintf("10.%d.%d.0/24", i, zone), "availabilityZone": pulumi.String("us-east-1" + letter),
		})
		subnets = append(subnets, subnet)
		pins = append(pins, pulumi.Map{"subnetId": subnet, "ipv4": pulumi.String(address(i, zone))})
	}
	front, behind := p.group(name("front"), vpc), p.group(name("behind"), vpc)
	p.admit(name("clients"), front, pulumi.Map{"cidrIpv4": pulumi.Sprintf("10.%d.0.0/16", i)})
	p.admit(name("balancer"), behind, pulumi.Map{"referencedSecurityGroupId": front})
	p.add("aws:ec2/vpcEndpoint:VpcEndpoint", name("endpoint"), pulumi.Map{
		"vpcId": vpc, "vpcEndpointType": pulumi.String("Interface"), "serviceName": pulumi.String("com.amazonaws.us-east-1.execute-api"),
		"subnetIds": subnets, "subnetConfigurations": pins, "securityGroupIds": pulumi.Array{behind}, "privateDnsEnabled": pulumi.Bool(false),
	})
	p.balancer(i, name, vpc, front, subnets)
	p.api(name)
	for p.err == nil && p.made < last {
		p.group(fmt.Sprintf("more-%d", p.made), vpc)
	}
}

// address is the endpoint's in one of the two zones.
func address(network, zone int) string { return fmt.Sprintf("10.%d.%d.10", network, zone) }

func (p *stack) admit(name string, group pulumi.Input, source pulumi.Map) {
	source["securityGroupId"], source["ipProtocol"] = group, pulumi.String("tcp")
	source["fromPort"], source["toPort"] = pulumi.Int(443), pulumi.Int(443)
	p.add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name, source)
}

func (p *stack) balancer(i int, name func(string) string, vpc, group pulumi.Input, subnets pulumi.Array) {
	balancer := p.add("aws:lb/loadBalancer:LoadBalancer", name("balancer"), pulumi.Map{
		"loadBalancerType": pulumi.String("network"), "internal": pulumi.Bool(true), "subnets": subnets, "securityGroups": pulumi.Array{group},
	})
	targets := p.add("aws:lb/targetGroup:TargetGroup", name("targets"), pulumi.Map{
		"vpcId": vpc, "targetType": pulumi.String("ip"), "protocol": pulumi.String("TCP"), "port": pulumi.Int(443),
	})
	for zone := range 2 {
		p.add("aws:lb/targetGroupAttachment:TargetGroupAttachment", name(fmt.Sprintf("target-%d", zone)), pulumi.Map{
			"targetGroupArn": targets, "targetId": pulumi.String(address(i, zone)),
		})
	}
	p.add("aws:lb/listener:Listener", name("listener"), pulumi.Map{
		"loadBalancerArn": balancer, "protocol": pulumi.String("TCP"), "port": pulumi.Int(443),
		"defaultActions": pulumi.Array{pulumi.Map{"type": pulumi.String("forward"), "targetGroupArn": targets}},
	})
}

func (p *stack) api(name func(string) string) {
	api := p.add("aws:apigateway/restApi:RestApi", name("api"), pulumi.Map{"endpointConfiguration": pulumi.Map{"types": pulumi.String("PRIVATE")}})
	p.add("aws:apigateway/restApiPolicy:RestApiPolicy", name("api"), pulumi.Map{"restApiId": api, "policy": pulumi.String(
		`{"Version": "2012-10-17", "Statement": [
			{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*", "Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-0123456789abcdef0"}}},
			{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]}`)})
}
