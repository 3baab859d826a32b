package blueprints

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/settings"
)

// NameSettings is a name that clients call, and its certificate.
type NameSettings struct {
	Name string `config:"name"` // Fully qualified.
	CertificateSettings
}

// DomainSettings is a name that is a custom domain name of API Gateway.
type DomainSettings struct {
	NameSettings
	// EndpointType is the kind of custom domain name: regional (the API is found
	// by its Host header) or private (only the endpoint may use it, and AWS
	// checks).
	EndpointType string `config:"endpointType"`
}

const domainKey = namespace + ":domain"

func (s *DomainSettings) check(problems *settings.Problems) {
	c := checks{problems, domainKey + "."}
	c.choice("endpointType", s.EndpointType, "regional", "private")
	s.NameSettings.check(c, true)
}

// check requires a public zone where the blueprint makes a record in it.
func (s *NameSettings) check(c checks, zoneRequired bool) {
	c.text("name", s.Name, domainName)
	s.CertificateSettings.check(c, zoneRequired)
}

// resolve asks AWS whether the zone can hold the name.
func (s *NameSettings) resolve(ctx *pulumi.Context, environment *components.Environment, c checks) {
	s.CertificateSettings.resolve(ctx, environment, c, named{c.at("name"), s.Name})
}

// certificate returns the existing certificate, or registers one.
func (s *NameSettings) certificate(ctx *pulumi.Context, name string, child pulumi.ResourceOption) (pulumi.StringInput, error) {
	return s.certificateOf(ctx, name, s.Name, child)
}

// register registers the custom domain name of the configured kind.
func (s *DomainSettings) register(ctx *pulumi.Context, name string, args *components.CustomDomainArgs, endpoint *components.ExecuteApiEndpoint, child pulumi.ResourceOption) (pulumi.Resource, error) {
	if s.EndpointType == "private" {
		return components.NewPrivateDomain(ctx, name, args, endpoint.EndpointId, child)
	}
	return components.NewRegionalDomain(ctx, name, args, child)
}
