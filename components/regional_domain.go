package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RegionalDomain is a custom domain name in the Regional form, which makes API
// Gateway accept a Host header with a name of yours:
//
//	request with Host: {DomainName} ──▶ endpoint ──▶ the stage
//
// A request that comes through a VPC endpoint finds the private API by it. The
// regional name that AWS gives the domain is not used.
type RegionalDomain struct {
	pulumi.ResourceState
	childTracker
}

const regionalDomainType = typePrefix + "RegionalDomain"

// NewRegionalDomain registers the domain name and maps its root to the stage.
func NewRegionalDomain(
	ctx *pulumi.Context, name string, args *CustomDomainArgs, opts ...pulumi.ResourceOption,
) (*RegionalDomain, error) {
	c := &RegionalDomain{}
	err := ctx.RegisterComponentResourceV2(regionalDomainType, name, args.inputs(), c, append(opts, c.track())...)
	if err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	domain, err := apigateway.NewDomainName(ctx, name+"-domain", &apigateway.DomainNameArgs{
		DomainName:             pulumi.String(args.DomainName),
		RegionalCertificateArn: args.CertificateArn,
		SecurityPolicy:         pulumi.String("TLS_1_2"),
		EndpointConfiguration:  &apigateway.DomainNameEndpointConfigurationArgs{Types: pulumi.String("REGIONAL")},
	}, child)
	if err != nil {
		return nil, failed("RegionalDomain", name, "domain name", err)
	}
	if err := args.newMappings(scopeOf(ctx, name, c), domain, nil); err != nil {
		return nil, failed("RegionalDomain", name, "mapping", err)
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}
