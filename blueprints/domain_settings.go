package blueprints

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/settings"
)

// NameSettings is a name that clients call, and its certificate: exactly one of
// an existing one and one to create.
type NameSettings struct {
	Name              string `config:"name"`         // Fully qualified.
	PublicZoneId      string `config:"publicZoneId"` // A public zone that holds the name.
	CertificateArn    string `config:"certificateArn"`
	CreateCertificate bool   `config:"createCertificate"` // Validated in the public zone.
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
	if zoneRequired || s.CreateCertificate || s.PublicZoneId != "" {
		c.text("publicZoneId", s.PublicZoneId, zoneId)
	}
	switch {
	case c.Any(c.at("certificateArn")) || c.Any(c.at("createCertificate")):
	case s.CreateCertificate && s.CertificateArn != "":
		c.Add(c.at("certificateArn"), s.CertificateArn, "want either certificateArn or createCertificate: true, not both")
	case !s.CreateCertificate:
		c.text("certificateArn", s.CertificateArn, format{certificateArn.pattern, certificateArn.want + "; or createCertificate: true"})
	}
}

// resolve asks AWS whether the zone can hold the name. It also refuses a
// certificate of another region or account, which neither the load balancer nor API
// Gateway would take.
func (s *NameSettings) resolve(ctx *pulumi.Context, environment *components.Environment, c checks) {
	if parts := strings.Split(s.CertificateArn, ":"); s.CertificateArn != "" && !c.Any(c.at("certificateArn")) &&
		(parts[3] != environment.Region || parts[4] != environment.AccountId) {
		c.Add(c.at("certificateArn"), s.CertificateArn, "want a certificate in the stack's region %s and account %s", environment.Region, environment.AccountId)
	}
	if s.PublicZoneId == "" || c.Any(c.at("publicZoneId")) || c.Any(c.at("name")) {
		return
	}
	zone, err := components.LookupHostedZone(ctx, s.PublicZoneId)
	switch {
	case err != nil:
		c.Add(c.at("publicZoneId"), s.PublicZoneId, "want a hosted zone of this account: %v", err)
	case zone.Private:
		c.Add(c.at("publicZoneId"), s.PublicZoneId, "is the private zone %s; want a public zone", zone.Name)
	case s.Name == zone.Name:
		c.Add(c.at("name"), s.Name, "is the public zone itself; want a name in it, such as api.%s: a private zone of this name would hide all others in the VPC", zone.Name)
	case !strings.HasSuffix(s.Name, "."+zone.Name):
		c.Add(c.at("name"), s.Name, "want a name in the public zone %s (%s)", zone.Name, s.PublicZoneId)
	}
}

// certificate returns the existing certificate, or registers one.
func (s *NameSettings) certificate(ctx *pulumi.Context, name string, child pulumi.ResourceOption) (pulumi.StringInput, error) {
	if !s.CreateCertificate {
		return pulumi.String(s.CertificateArn), nil
	}
	certificate, err := components.NewCertificate(ctx, name, &components.CertificateArgs{DomainName: s.Name, PublicZoneId: s.PublicZoneId}, child)
	if err != nil {
		return nil, err
	}
	return certificate.Arn, nil
}

// register registers the custom domain name of the configured kind.
func (s *DomainSettings) register(ctx *pulumi.Context, name string, args *components.CustomDomainArgs, endpoint *components.ExecuteApiEndpoint, child pulumi.ResourceOption) (pulumi.Resource, error) {
	if s.EndpointType == "private" {
		return components.NewPrivateDomain(ctx, name, args, endpoint.EndpointId, child)
	}
	return components.NewRegionalDomain(ctx, name, args, child)
}
