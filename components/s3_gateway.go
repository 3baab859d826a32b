package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// S3GatewayArgs describes a gateway endpoint for the repositories of Amazon Linux.
// All fields are required.
type S3GatewayArgs struct {
	Environment Environment
	VpcId       pulumi.StringInput
	Subnets     []Subnet // Each has its own route table, as those that awsx creates.
}

// S3Gateway is a gateway endpoint for Amazon S3, through which servers without a way
// to the internet install packages:
//
//	server in a private subnet ──▶ gateway endpoint ──▶ repositories of Amazon Linux 2023, in S3
//
// It admits requests to read the repositories of the region and no others. It costs
// nothing.
// https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html
type S3Gateway struct {
	pulumi.ResourceState

	PrefixListId pulumi.StringOutput // The prefix list with the addresses of S3 in the region.
}

const s3GatewayType = typePrefix + "S3Gateway"

// NewS3Gateway registers the endpoint with the subnets' route tables.
func NewS3Gateway(
	ctx *pulumi.Context, name string, args *S3GatewayArgs, opts ...pulumi.ResourceOption,
) (*S3Gateway, error) {
	c := &S3Gateway{}
	inputs := pulumi.Map{"vpcId": args.VpcId}
	if err := ctx.RegisterComponentResourceV2(s3GatewayType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	tables := pulumi.StringArray{}
	for _, subnet := range args.Subnets {
		tables = append(tables, lookupRouteTableOf(s, subnet.Id))
	}
	endpoint, err := ec2.NewVpcEndpoint(ctx, name+"-s3", &ec2.VpcEndpointArgs{
		VpcId:           args.VpcId,
		ServiceName:     pulumi.String(args.Environment.ReverseDnsPrefix + "." + args.Environment.Region + ".s3"),
		VpcEndpointType: pulumi.String("Gateway"),
		RouteTableIds:   tables,
		Policy:          pulumi.String(args.policy()),
	}, s.child)
	if err != nil {
		return nil, failed("S3Gateway", name, "endpoint", err)
	}
	c.PrefixListId = endpoint.PrefixListId
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

// policy returns the endpoint's policy. The name of the bucket is the same in every
// region, except for the region's part.
// https://docs.aws.amazon.com/emr/latest/ManagementGuide/private-subnet-iampolicy.html
func (args *S3GatewayArgs) policy() string {
	e := args.Environment
	return policydoc.Document{{
		Effect:    "Allow",
		Principal: policydoc.Everyone,
		Action:    "s3:GetObject",
		Resource:  "arn:" + e.Partition + ":s3:::al2023-repos-" + e.Region + "-de612dc2/*",
	}}.JSON()
}
