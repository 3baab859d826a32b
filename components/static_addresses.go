package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// StaticAddressesArgs describes the zones that get an Elastic IP each. Its field
// is required.
type StaticAddressesArgs struct {
	AvailabilityZones []string
}

// StaticAddresses are the Elastic IPs that partners enter in their firewalls.
// They are separate from the resources that use them, so that no replacement
// takes them along. They are protected from deletion, because an address
// released to AWS does not come back. Each costs by the hour.
type StaticAddresses struct {
	pulumi.ResourceState

	AllocationIds []pulumi.StringInput // One per zone, in the order of args.
	PublicIps     pulumi.StringArrayOutput
}

const staticAddressesType = typePrefix + "StaticAddresses"

// NewStaticAddresses registers a protected Elastic IP per zone, named after the
// zone.
func NewStaticAddresses(
	ctx *pulumi.Context, name string, args *StaticAddressesArgs, opts ...pulumi.ResourceOption,
) (*StaticAddresses, error) {
	c := &StaticAddresses{}
	inputs := pulumi.Map{"availabilityZones": pulumi.ToStringArray(args.AvailabilityZones)}
	if err := ctx.RegisterComponentResourceV2(staticAddressesType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	ips := pulumi.StringArray{}
	for _, zone := range args.AvailabilityZones {
		eip, err := ec2.NewEip(ctx, name+"-"+zone, &ec2.EipArgs{
			Domain: pulumi.String("vpc"),
			Tags:   pulumi.StringMap{"Name": pulumi.String(name + "-" + zone)},
		}, pulumi.Parent(c), pulumi.Protect(true))
		if err != nil {
			return nil, failed("StaticAddresses", name, "Elastic IP for "+zone, err)
		}
		c.AllocationIds = append(c.AllocationIds, eip.AllocationId)
		ips = append(ips, eip.PublicIp)
	}
	c.PublicIps = ips.ToStringArrayOutput()
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"publicIps": c.PublicIps})
}
