package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// PrivateDomain is a custom domain name that only one VPC endpoint can use, and
// that endpoint's association with it:
//
//	request with Host: {DomainName} ──▶ associated endpoint ──▶ the stage
//
// The endpoint must not also serve a public custom domain name.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-tutorial.html
type PrivateDomain struct {
	pulumi.ResourceState
	childTracker

	InvokeArn pulumi.StringOutput // The ARN that a policy of the endpoint allows.
}

const privateDomainType = typePrefix + "PrivateDomain"

// NewPrivateDomain registers the domain name, its policy, its mapping and the
// access association of the endpoint.
func NewPrivateDomain(
	ctx *pulumi.Context, name string, args *CustomDomainArgs, endpointId pulumi.StringInput,
	opts ...pulumi.ResourceOption,
) (*PrivateDomain, error) {
	c := &PrivateDomain{}
	err := ctx.RegisterComponentResourceV2(privateDomainType, name, args.inputs(), c, append(opts, c.track())...)
	if err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	domain, err := apigateway.NewDomainName(ctx, name+"-domain", &apigateway.DomainNameArgs{
		DomainName:            pulumi.String(args.DomainName),
		CertificateArn:        args.CertificateArn,
		SecurityPolicy:        pulumi.String("TLS_1_2"),
		EndpointConfiguration: &apigateway.DomainNameEndpointConfigurationArgs{Types: pulumi.String("PRIVATE")},
		Policy:                endpointId.ToStringOutput().ApplyT(args.policy).(pulumi.StringOutput),
	}, child)
	if err != nil {
		return nil, failed("PrivateDomain", name, "domain name", err)
	}
	association := &apigateway.DomainNameAccessAssociationArgs{
		AccessAssociationSource:     endpointId,
		AccessAssociationSourceType: pulumi.String("VPCE"),
		DomainNameArn:               domain.Arn,
	}
	if _, err := apigateway.NewDomainNameAccessAssociation(ctx, name+"-association", association, child); err != nil {
		return nil, failed("PrivateDomain", name, "access association", err)
	}
	id := domain.DomainNameId.ToStringPtrOutput() // AWS wants it for private domains.
	if err := args.newMappings(scopeOf(ctx, name, c), domain, id); err != nil {
		return nil, failed("PrivateDomain", name, "mapping", err)
	}
	c.InvokeArn = args.invokeArn(domain)
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

// invokeArn returns the ARN of the domain name as policies of execute-api write
// it. The output arn of the domain name belongs to API Gateway's control plane.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html
func (args *CustomDomainArgs) invokeArn(domain *apigateway.DomainName) pulumi.StringOutput {
	e := args.Environment
	return pulumi.Sprintf("arn:%s:execute-api:%s:%s:/domainnames/%s+%s",
		e.Partition, e.Region, e.AccountId, args.DomainName, domain.DomainNameId)
}

// policy returns the domain's resource policy, which admits one endpoint.
func (args *CustomDomainArgs) policy(endpointId string) string {
	e := args.Environment
	return policydoc.InvokeFromEndpoint(e.Partition, e.Region, e.AccountId, endpointId).JSON()
}
