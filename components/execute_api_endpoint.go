package components

import (
	"net/netip"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ExecuteApiEndpointArgs describes an interface endpoint for API Gateway. All
// fields except PrivateDnsEnabled and ClientCidrs are required.
type ExecuteApiEndpointArgs struct {
	VpcId       pulumi.StringInput
	ServiceName string       // See LookupExecuteApiService.
	Subnets     []Subnet     // One per zone.
	Addresses   []netip.Addr // The IPv4 address in each of Subnets.
	// PrivateDnsEnabled makes *.execute-api.<region>.amazonaws.com resolve to
	// this endpoint in the whole VPC. Regional and edge-optimized APIs then
	// answer 403 to callers there.
	// https://repost.aws/knowledge-center/api-gateway-vpc-connections
	PrivateDnsEnabled bool
	ClientCidrs       []netip.Prefix // Clients in the VPC that call the endpoint itself.
}

// ExecuteApiEndpoint is an interface endpoint for private APIs, and its security
// group:
//
//	client in the VPC ──▶ endpoint, one fixed IPv4 address per zone ──▶ API Gateway
//
// Its addresses are known at preview and survive a replacement. The security
// group admits ClientCidrs. Another component that calls the endpoint adds itself
// with allowIngress, as EndpointFront does. An endpoint costs by the hour and
// zone, and per unit of traffic.
type ExecuteApiEndpoint struct {
	pulumi.ResourceState
	childTracker

	EndpointId        pulumi.StringOutput
	SecurityGroupId   pulumi.StringOutput
	Addresses         []netip.Addr
	AvailabilityZones []string            // The zones of Addresses, in their order.
	DnsName           pulumi.StringOutput // The regional name, not one zone's.
	HostedZoneId      pulumi.StringOutput // The zone of DnsName, for alias records.
}

const executeApiEndpointType = typePrefix + "ExecuteApiEndpoint"

// NewExecuteApiEndpoint registers the endpoint and its security group.
func NewExecuteApiEndpoint(
	ctx *pulumi.Context, name string, args *ExecuteApiEndpointArgs, opts ...pulumi.ResourceOption,
) (*ExecuteApiEndpoint, error) {
	c := &ExecuteApiEndpoint{Addresses: args.Addresses, AvailabilityZones: AvailabilityZones(args.Subnets)}
	inputs := pulumi.Map{
		"vpcId":       args.VpcId,
		"serviceName": pulumi.String(args.ServiceName),
		"addresses":   stringsOf(args.Addresses),
	}
	err := ctx.RegisterComponentResourceV2(executeApiEndpointType, name, inputs, c, append(opts, c.track())...)
	if err != nil {
		return nil, err
	}
	// The addresses and the private DNS name are in use until the old endpoint is
	// deleted, so its successor cannot be created first.
	deleteFirst := pulumi.DeleteBeforeReplace(true)
	endpoint, group, err := newInterfaceEndpoint(scopeOf(ctx, name, c), args.endpoint(), deleteFirst)
	if err != nil {
		return nil, failed("ExecuteApiEndpoint", name, "interface endpoint", err)
	}
	c.EndpointId = endpoint.ID().ToStringOutput()
	c.SecurityGroupId = group.ID().ToStringOutput()
	regional := regionalDnsEntry(endpoint.DnsEntries)
	c.DnsName = regional.DnsName().Elem()
	c.HostedZoneId = regional.HostedZoneId().Elem()
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"endpointId": c.EndpointId, "dnsName": c.DnsName})
}

// endpoint returns the interface endpoint's arguments.
func (args *ExecuteApiEndpointArgs) endpoint() *interfaceEndpointArgs {
	return &interfaceEndpointArgs{
		description:       "API Gateway endpoint: HTTPS from its clients only",
		vpcId:             args.VpcId,
		serviceName:       pulumi.String(args.ServiceName),
		subnets:           args.Subnets,
		addresses:         args.Addresses,
		clientCidrs:       args.ClientCidrs,
		privateDnsEnabled: pulumi.Bool(args.PrivateDnsEnabled),
	}
}
