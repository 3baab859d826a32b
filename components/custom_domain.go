package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// CustomDomainArgs describes a custom domain name of an API, for RegionalDomain
// and PrivateDomain. All fields except Further are required.
type CustomDomainArgs struct {
	Environment    Environment
	DomainName     string             // Fully qualified.
	CertificateArn pulumi.StringInput // Issued, covers DomainName, and is in the API's region.
	RestApiId      pulumi.StringInput
	// StageName is an output of the stage. With a literal, the mapping would not
	// wait for the stage.
	StageName pulumi.StringInput
	Further   []MappedApi // Further APIs, each under a path of the name.
}

// MappedApi is a stage of an API under a path of a custom domain name.
type MappedApi struct {
	BasePath             string // One segment.
	RestApiId, StageName pulumi.StringInput
}

// inputs returns what a domain's component shows in the state.
func (args *CustomDomainArgs) inputs() pulumi.Map {
	return pulumi.Map{"domainName": pulumi.String(args.DomainName)}
}

// newMappings registers the mapping of the domain's root to the stage, and those of
// paths to further APIs. id is that of a private domain name, or nil.
func (args *CustomDomainArgs) newMappings(s scope, domain *apigateway.DomainName, id pulumi.StringPtrInput) error {
	for _, mapped := range append([]MappedApi{{"", args.RestApiId, args.StageName}}, args.Further...) {
		name := s.name + "-mapping"
		if mapped.BasePath != "" {
			name += "/" + mapped.BasePath
		}
		if _, err := apigateway.NewBasePathMapping(s.ctx, name, &apigateway.BasePathMappingArgs{
			DomainName:   domain.DomainName,
			DomainNameId: id,
			BasePath:     optional(mapped.BasePath),
			RestApi:      mapped.RestApiId,
			StageName:    mapped.StageName,
		}, s.child); err != nil {
			return err
		}
	}
	return nil
}
