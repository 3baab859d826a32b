package faults

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/sandbox/cloud"
)

// program is what the networks of a program share.
type program struct {
	Options
	ctx *pulumi.Context
	err error // The error of the first registration that failed. Later ones do nothing.

	account *Resource // The settings that let API Gateway write logs.
	hello   *Resource // The private API that all networks may call.
}

// Network registers the resources of one fault.
type Network struct {
	*program
	prefix string
	pinned []pulumi.Resource // The endpoints with fixed addresses.
	proof  *Resource         // The record that proves control of the domain, if there is one.
	zone   *Resource         // The public zone of the network's domain, if there is one.
	tables []*Resource       // The route tables of subnets.
	parts  []*Resource       // What deployments of APIs wait for.
	// callers is the authorization of methods that an API answers itself: NONE if empty.
	callers string
	texts   pulumi.Map // What triggers deployments of APIs.
}

// Resource is any resource, with the outputs that other resources use.
type Resource struct {
	pulumi.CustomResourceState
	Fqdn                         pulumi.StringOutput `pulumi:"fqdn"`
	CertificateArn               pulumi.StringOutput `pulumi:"certificateArn"`
	DomainValidationOptions      pulumi.ArrayOutput  `pulumi:"domainValidationOptions"`
	PrivateDnsNameConfigurations pulumi.ArrayOutput  `pulumi:"privateDnsNameConfigurations"`

	Arn          pulumi.StringOutput `pulumi:"arn"`
	DnsName      pulumi.StringOutput `pulumi:"dnsName"`
	ZoneId       pulumi.StringOutput `pulumi:"zoneId"`
	ServiceName  pulumi.StringOutput `pulumi:"serviceName"`
	ExecutionArn pulumi.StringOutput `pulumi:"executionArn"`
	DnsEntries   pulumi.ArrayOutput  `pulumi:"dnsEntries"`

	EndpointConfiguration pulumi.AnyOutput `pulumi:"endpointConfiguration"`

	RootResourceId pulumi.StringOutput `pulumi:"rootResourceId"`
	CidrBlock      pulumi.StringOutput `pulumi:"cidrBlock"`
	MainTable      pulumi.StringOutput `pulumi:"mainRouteTableId"`
	RegionalName   pulumi.StringOutput `pulumi:"regionalDomainName"`
	RegionalZone   pulumi.StringOutput `pulumi:"regionalZoneId"`
	DomainNameId   pulumi.StringOutput `pulumi:"domainNameId"`
}

// Existing holds networks that someone created before the stack, in a simulated
// account. All runs of a program share it.
type Existing struct {
	Account *cloud.Account
	ids     map[string]string // By name.
}

// add registers a resource. Its role in the network is part of its name. A load
// balancer waits for the pinned endpoints registered before it: AWS could
// otherwise give it one of their addresses.
func (n *Network) add(token, role string, inputs pulumi.Map, opts ...pulumi.ResourceOption) *Resource {
	r := &Resource{}
	if token == "aws:lb/loadBalancer:LoadBalancer" {
		opts = append(opts, pulumi.DependsOn(n.pinned))
	}
	if n.err == nil {
		n.err = n.ctx.RegisterResource(token, n.name(role), inputs, r, opts...)
	}
	if inputs["subnetConfigurations"] != nil {
		n.pinned = append(n.pinned, r)
	}
	return r
}

func (n *Network) name(role string) string { return fmt.Sprintf("%s-%s", n.prefix, role) }

// find reads a resource of the surrounding network if that exists, and otherwise
// registers it. Inputs are plain values, or other such resources for their IDs.
func (n *Network) find(token, role string, inputs map[string]any) *Resource {
	if n.Existing == nil {
		return n.add(token, role, pulumi.ToMap(withIDs(inputs, func(r *Resource) any { return r.ID() })))
	}
	r := &Resource{}
	if n.err == nil {
		idOf := func(o *Resource) any { return n.Existing.ids[o.PulumiResourceName()] }
		var id string
		if id, n.err = n.Existing.create(token, n.name(role), withIDs(inputs, idOf)); n.err == nil {
			n.err = n.ctx.ReadResource(token, n.name(role), pulumi.ID(id), nil, r)
		}
	}
	return r
}

// withIDs replaces resources among the inputs with their IDs.
func withIDs(inputs map[string]any, id func(*Resource) any) map[string]any {
	all := map[string]any{}
	for key, value := range inputs {
		if r, is := value.(*Resource); is {
			value = id(r)
		}
		all[key] = value
	}
	return all
}

// create returns the ID of a resource in the account. It creates the resource
// once.
func (e *Existing) create(token, name string, inputs map[string]any) (id string, err error) {
	if id, made := e.ids[name]; made {
		return id, nil
	}
	if e.ids == nil {
		e.ids = map[string]string{}
	}
	e.ids[name], _, err = e.Account.Create("us-east-1", "", token, resource.NewPropertyMapFromMap(inputs))
	return e.ids[name], err
}

// either returns the value for the fault, or the one for its compliant twin.
func either[T any](n *Network, fault, compliant T) T {
	if n.Faulty {
		return fault
	}
	return compliant
}

// vpc finds a VPC with DNS on. Inputs are added or replace others.
func (n *Network) vpc(role string, inputs map[string]any) *Resource {
	all := map[string]any{"cidrBlock": "10.0.0.0/16", "enableDnsSupport": true, "enableDnsHostnames": true}
	for key, value := range inputs {
		all[key] = value
	}
	return n.find("aws:ec2/vpc:Vpc", role, all)
}

// subnet finds a subnet in a zone of us-east-1, such as "a".
func (n *Network) subnet(vpc *Resource, zone, block string) *Resource {
	return n.subnetIn(vpc, "subnet-"+zone, zone, block)
}

// subnetIn finds a subnet with a name. Its clients have public addresses, which they need if it has a route to the
// internet.
func (n *Network) subnetIn(vpc *Resource, role, zone, block string) *Resource {
	return n.find("aws:ec2/subnet:Subnet", role, map[string]any{
		"vpcId": vpc, "cidrBlock": block, "availabilityZone": "us-east-1" + zone, "mapPublicIpOnLaunch": true,
	})
}

// twoZones finds a VPC with a subnet in each of two zones.
func (n *Network) twoZones() (vpc, a, b *Resource) {
	vpc = n.vpc("vpc", nil)
	return vpc, n.subnet(vpc, "a", "10.0.0.0/24"), n.subnet(vpc, "b", "10.0.1.0/24")
}

// vpcWithSubnet finds a VPC with a subnet, in which clients can be.
func (n *Network) vpcWithSubnet() *Resource {
	vpc := n.vpc("vpc", nil)
	n.subnet(vpc, "a", "10.0.0.0/24")
	return vpc
}

// internet gives subnets a route to a new internet gateway, which it returns.
func (n *Network) internet(vpc *Resource, subnets ...*Resource) *Resource {
	gateway := n.add("aws:ec2/internetGateway:InternetGateway", "gateway", pulumi.Map{"vpcId": vpc.ID()})
	n.route(n.table(vpc, subnets...), pulumi.Map{"gatewayId": gateway.ID()})
	return gateway
}

// table registers a route table of subnets.
func (n *Network) table(vpc *Resource, subnets ...*Resource) *Resource {
	table := n.add("aws:ec2/routeTable:RouteTable", "table", pulumi.Map{"vpcId": vpc.ID()})
	n.tables = append(n.tables, table)
	for i, subnet := range subnets {
		n.add("aws:ec2/routeTableAssociation:RouteTableAssociation", fmt.Sprint("association-", i),
			pulumi.Map{"routeTableId": table.ID(), "subnetId": subnet.ID()})
	}
	return table
}

// route registers a route to a target for all IPv4 addresses.
func (n *Network) route(table *Resource, target pulumi.Map) *Resource {
	return n.add("aws:ec2/route:Route", "route", merge(pulumi.Map{
		"routeTableId": table.ID(), "destinationCidrBlock": pulumi.String("0.0.0.0/0"),
	}, target))
}

// group registers a security group that admits a source on port 443. The source
// is a range, or the ID of a group. The group lets everything out.
func (n *Network) group(role string, vpc *Resource, source pulumi.Input) *Resource {
	return n.groupOut(role, vpc, source, pulumi.Map{"ipProtocol": pulumi.String("-1")})
}

// groupOut registers a security group that admits a source on port 443, and lets
// some protocols and ports out.
func (n *Network) groupOut(role string, vpc *Resource, source pulumi.Input, out pulumi.Map) *Resource {
	return n.groupOn(role, vpc, source, 443, out)
}

// groupFor registers a security group that admits a source on a port, and lets everything out.
func (n *Network) groupFor(role string, vpc *Resource, source pulumi.Input, port int) *Resource {
	return n.groupOn(role, vpc, source, port, pulumi.Map{"ipProtocol": pulumi.String("-1")})
}

// groupOn does what groupOut does for another port.
func (n *Network) groupOn(role string, vpc *Resource, source pulumi.Input, port int, out pulumi.Map) *Resource {
	group := n.add("aws:ec2/securityGroup:SecurityGroup", role, pulumi.Map{"vpcId": vpc.ID()})
	key := "cidrIpv4"
	if _, isID := source.(pulumi.IDOutput); isID {
		key = "referencedSecurityGroupId"
	}
	n.add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", role, pulumi.Map{
		"securityGroupId": group.ID(), "ipProtocol": pulumi.String("tcp"),
		"fromPort": pulumi.Int(port), "toPort": pulumi.Int(port), key: source,
	})
	n.add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", role, merge(pulumi.Map{
		"securityGroupId": group.ID(), "cidrIpv4": pulumi.String("0.0.0.0/0"),
	}, out))
	return group
}

// endpoint registers an endpoint for execute-api without private DNS, whose policy
// allows the APIs of the account. Inputs replace others; nil removes one.
func (n *Network) endpoint(vpc, group *Resource, subnets []*Resource, inputs pulumi.Map) *Resource {
	return n.endpointAs("endpoint", vpc, group, subnets, inputs)
}

// endpointAs does what endpoint does, with a name.
func (n *Network) endpointAs(
	role string, vpc, group *Resource, subnets []*Resource, inputs pulumi.Map,
) *Resource {
	return n.add("aws:ec2/vpcEndpoint:VpcEndpoint", role, merge(pulumi.Map{
		"vpcId": vpc.ID(), "vpcEndpointType": pulumi.String("Interface"),
		"serviceName": pulumi.String("com.amazonaws.us-east-1.execute-api"),
		"subnetIds":   ids(subnets), "securityGroupIds": pulumi.Array{group.ID()},
		"privateDnsEnabled": pulumi.Bool(false), "policy": pulumi.String(document(ownAPIs)),
	}, inputs))
}

// plainEndpoint registers an endpoint in two zones that admits its VPC.
func (n *Network) plainEndpoint() *Resource {
	vpc, a, b := n.twoZones()
	return n.endpoint(vpc, n.group("endpoint", vpc, pulumi.String("10.0.0.0/16")), []*Resource{a, b}, nil)
}

// ownAPIs is a statement that allows calls of all APIs of the account.
const ownAPIs = `{
	"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke",
	"Resource": "arn:aws:execute-api:us-east-1:123456789012:*"
}`

// balancer registers an internal network load balancer with its security group.
func (n *Network) balancer(
	role string, vpc *Resource, subnets []*Resource, inputs pulumi.Map, opts ...pulumi.ResourceOption,
) *Resource {
	return n.balancerIn(role, n.group(role, vpc, pulumi.String("10.0.0.0/16")), subnets, inputs, opts...)
}

// balancerIn registers an internal network load balancer in a security group.
func (n *Network) balancerIn(
	role string, group *Resource, subnets []*Resource, inputs pulumi.Map, opts ...pulumi.ResourceOption,
) *Resource {
	return n.add("aws:lb/loadBalancer:LoadBalancer", role, merge(pulumi.Map{
		"loadBalancerType": pulumi.String("network"), "internal": pulumi.Bool(true),
		"subnets": ids(subnets), "securityGroups": ids([]*Resource{group}),
	}, inputs), opts...)
}

// targets registers a target group of addresses on TCP port 443.
func (n *Network) targets(role string, vpc *Resource, inputs pulumi.Map) *Resource {
	return n.add("aws:lb/targetGroup:TargetGroup", role, merge(pulumi.Map{
		"vpcId": vpc.ID(), "targetType": pulumi.String("ip"), "protocol": pulumi.String("TCP"), "port": pulumi.Int(443),
	}, inputs))
}

// target registers an address in a target group.
func (n *Network) target(role string, group *Resource, address string, inputs pulumi.Map) *Resource {
	return n.add("aws:lb/targetGroupAttachment:TargetGroupAttachment", role, merge(pulumi.Map{
		"targetGroupArn": group.Arn, "targetId": pulumi.String(address),
	}, inputs))
}

// listener registers a listener that passes TCP port 443 on to a target group.
func (n *Network) listener(role string, balancer, group *Resource, inputs pulumi.Map) *Resource {
	return n.add("aws:lb/listener:Listener", role, merge(pulumi.Map{
		"loadBalancerArn": balancer.Arn, "protocol": pulumi.String("TCP"), "port": pulumi.Int(443),
		"defaultActions": pulumi.Array{pulumi.Map{"type": pulumi.String("forward"), "targetGroupArn": group.Arn}},
	}, inputs))
}

// api registers a REST API of a type: PRIVATE, REGIONAL or EDGE.
func (n *Network) api(role, endpointType string, inputs pulumi.Map) *Resource {
	return n.add("aws:apigateway/restApi:RestApi", role, merge(pulumi.Map{
		"endpointConfiguration": pulumi.Map{"types": pulumi.String(endpointType)},
	}, inputs))
}

// policy gives an API a resource policy with these statements, as JSON.
func (n *Network) policy(api *Resource, statements string) *Resource {
	return n.policyOf(api, pulumi.String(document(statements)))
}

// policyOf gives an API a resource policy. Its text may depend on other resources.
func (n *Network) policyOf(api *Resource, text pulumi.Input) *Resource {
	policy := n.add("aws:apigateway/restApiPolicy:RestApiPolicy", "policy",
		pulumi.Map{"restApiId": api.ID(), "policy": text})
	n.parts, n.texts = append(n.parts, policy), pulumi.Map{"policy": text}
	return policy
}

// document returns a policy with these statements.
func document(statements string) string {
	return `{"Version": "2012-10-17", "Statement": [` + statements + `]}`
}

// fence holds statements that let everyone in one VPC call an API, and nobody
// else. The VPC's ID is a literal: a text with an ID that does not exist yet is
// unknown as a whole.
const fence = `
	{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
		"Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-0fedcba9876543210"}}},
	{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}`

// foreignFence does what fence does, for a VPC in which no client is.
const foreignFence = `
	{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
		"Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-0123456789abcdef0"}}},
	{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}`

func ids(resources []*Resource) pulumi.Array {
	all := pulumi.Array{}
	for _, r := range resources {
		all = append(all, r.ID())
	}
	return all
}

// tls returns the inputs of a TLS listener.
func (n *Network) tls(certificate pulumi.StringInput, inputs pulumi.Map) pulumi.Map {
	return merge(pulumi.Map{
		"protocol": pulumi.String("TLS"), "certificateArn": certificate,
		"sslPolicy": pulumi.String("ELBSecurityPolicy-TLS13-1-2-2021-06"),
	}, inputs)
}

// logged returns the inputs of a load balancer that writes access logs, and
// registers the bucket for them.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html
func (n *Network) logged() pulumi.Map {
	bucket := n.add("aws:s3/bucketV2:BucketV2", "logs", nil)
	text := pulumi.Sprintf(`{
		"Version": "2012-10-17",
		"Statement": [{
			"Effect": "Allow", "Principal": {"Service": "delivery.logs.amazonaws.com"},
			"Action": ["s3:GetBucketAcl", "s3:PutObject"], "Resource": ["%[1]s", "%[1]s/*"]
		}]
	}`, bucket.Arn)
	policy := n.add("aws:s3/bucketPolicy:BucketPolicy", "logs", pulumi.Map{"bucket": bucket.ID(), "policy": text})
	return pulumi.Map{"accessLogs": pulumi.Map{"bucket": policy.ID(), "enabled": pulumi.Bool(true)}}
}

// merge replaces inputs with others. nil removes one.
func merge(inputs, others pulumi.Map) pulumi.Map {
	for key, value := range others {
		if inputs[key] = value; value == nil {
			delete(inputs, key)
		}
	}
	return inputs
}
