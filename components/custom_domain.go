package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// CustomDomainArgs names an API. All fields are required.
type CustomDomainArgs struct {
	Environment    Environment
	DomainName     string             // Fully qualified.
	CertificateArn pulumi.StringInput // Issued; covers DomainName; in the API's region.
	RestApiId      pulumi.StringInput
	StageName      pulumi.StringInput // The stage's output: a literal would not wait for it.
}

// RegionalDomain makes API Gateway accept a Host header that is not its own.
// A request that comes through an endpoint finds the private API by it; the
// regional name that AWS gives the domain is not used.
type RegionalDomain struct {
	pulumi.ResourceState
	parts
}

var regionalDomainType = typeToken("RegionalDomain")

// NewRegionalDomain registers the domain name and maps its root to the stage.
func NewRegionalDomain(ctx *pulumi.Context, name string, args *CustomDomainArgs, opts ...pulumi.ResourceOption) (*RegionalDomain, error) {
	c := &RegionalDomain{}
	if err := ctx.RegisterComponentResourceV2(regionalDomainType, name, args.inputs(), c, append(opts, c.collect())...); err != nil {
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
	if _, err := apigateway.NewBasePathMapping(ctx, name+"-mapping", args.mapping(domain), child); err != nil {
		return nil, failed("RegionalDomain", name, "mapping", err)
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

// PrivateDomain is a custom domain name that only an endpoint can use, and
// that endpoint's association with it. The endpoint must not serve a public
// custom domain too.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-tutorial.html
type PrivateDomain struct {
	pulumi.ResourceState
	parts
}

var privateDomainType = typeToken("PrivateDomain")

// NewPrivateDomain registers the domain name, its policy, its mapping and the
// access association of the endpoint.
func NewPrivateDomain(ctx *pulumi.Context, name string, args *CustomDomainArgs, endpointId pulumi.StringInput, opts ...pulumi.ResourceOption) (*PrivateDomain, error) {
	c := &PrivateDomain{}
	if err := ctx.RegisterComponentResourceV2(privateDomainType, name, args.inputs(), c, append(opts, c.collect())...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	e := args.Environment
	fence := func(endpointId string) string {
		return policydoc.InvokeFromEndpoint(e.Partition, e.Region, e.AccountId, endpointId).JSON()
	}
	domain, err := apigateway.NewDomainName(ctx, name+"-domain", &apigateway.DomainNameArgs{
		DomainName:            pulumi.String(args.DomainName),
		CertificateArn:        args.CertificateArn,
		SecurityPolicy:        pulumi.String("TLS_1_2"),
		EndpointConfiguration: &apigateway.DomainNameEndpointConfigurationArgs{Types: pulumi.String("PRIVATE")},
		Policy:                endpointId.ToStringOutput().ApplyT(fence).(pulumi.StringOutput),
	}, child)
	if err != nil {
		return nil, failed("PrivateDomain", name, "domain name", err)
	}
	if _, err := apigateway.NewDomainNameAccessAssociation(ctx, name+"-association", &apigateway.DomainNameAccessAssociationArgs{
		AccessAssociationSource:     endpointId,
		AccessAssociationSourceType: pulumi.String("VPCE"),
		DomainNameArn:               domain.Arn,
	}, child); err != nil {
		return nil, failed("PrivateDomain", name, "access association", err)
	}
	mapping := args.mapping(domain)
	mapping.DomainNameId = domain.DomainNameId
	if _, err := apigateway.NewBasePathMapping(ctx, name+"-mapping", mapping, child); err != nil {
		return nil, failed("PrivateDomain", name, "mapping", err)
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

func (args *CustomDomainArgs) inputs() pulumi.Map {
	return pulumi.Map{"domainName": pulumi.String(args.DomainName)}
}

func (args *CustomDomainArgs) mapping(domain *apigateway.DomainName) *apigateway.BasePathMappingArgs {
	return &apigateway.BasePathMappingArgs{
		DomainName: domain.DomainName,
		RestApi:    args.RestApiId,
		StageName:  args.StageName,
	}
}
