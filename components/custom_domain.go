package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// CustomDomainArgs describes a custom domain name of an API, for RegionalDomain
// and PrivateDomain. All fields are required.
type CustomDomainArgs struct {
	Environment    Environment
	DomainName     string             // Fully qualified.
	CertificateArn pulumi.StringInput // Issued, covers DomainName, and is in the API's region.
	RestApiId      pulumi.StringInput
	// StageName is an output of the stage. With a literal, the mapping would not
	// wait for the stage.
	StageName pulumi.StringInput
}

// inputs returns what a domain's component shows in the state.
func (args *CustomDomainArgs) inputs() pulumi.Map {
	return pulumi.Map{"domainName": pulumi.String(args.DomainName)}
}

// mapping returns the mapping of the domain's root to the stage.
func (args *CustomDomainArgs) mapping(domain *apigateway.DomainName) *apigateway.BasePathMappingArgs {
	return &apigateway.BasePathMappingArgs{
		DomainName: domain.DomainName,
		RestApi:    args.RestApiId,
		StageName:  args.StageName,
	}
}
