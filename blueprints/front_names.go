package blueprints

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
)

// frontPath is a path of a name that leads to an API.
type frontPath struct {
	config.FurtherName
	url string // Everything before the path of a route.
	api servedApi
	own bool // Whether the settings of the stack have the API in api or apis.
}

// checkFrontDomain checks the certificates, the zones and the private zones of all
// names of a front.
func (l *lookup) checkFrontDomain(s *config.FrontDomain, network *config.Network) {
	c := l.section("domain")
	l.checkDomain(c, &s.Domain)
	l.checkPrivateZone(c, &s.PrivateZone, s.Name, network)
	for i := range s.Names {
		name := &s.Names[i]
		item := c.Group(settings.Item("names", i))
		certificate := &config.Certificate{CertificateArn: name.CertificateArn, ZoneRoleArn: s.ZoneRoleArn}
		// Without its provider, the role or the zone of the domain is a problem already.
		if s.ZoneRoleArn == "" || l.zoneProvider != nil {
			certificate.PublicZoneId = name.PublicZoneId
		}
		l.checkCertificate(item, certificate, certificateName{item, "name", name.Name})
		l.checkPrivateZone(item, &name.PrivateZone, name.Name, network)
	}
}

// namePart returns what the names of the resources of a front's name have after the
// name of the blueprint. domain is the first name of the front.
func namePart(domain *config.FrontDomain, name string) string {
	if name == domain.Name {
		return ""
	}
	return "-" + name
}

// customDomains registers the custom domain names of a front, and holds what depends on
// them.
type customDomains struct {
	domain       *config.FrontDomain
	endpointType string
	apis         *stackApis
	endpoint     *components.ExecuteApiEndpoint
	certificate  pulumi.StringInput // The certificate of the domain.

	byName     map[string]pulumi.Resource
	invokeArns []pulumi.StringInput // What clients may call through the endpoint in addition to the APIs of the stack.
}

// register registers the custom domain names, regional or private as configured.
func (d *customDomains) register(b builder) error {
	d.byName = map[string]pulumi.Resource{}
	for _, name := range d.domain.AllNames() {
		at := b.part(namePart(d.domain, name.Name))
		further, err := d.furtherApis(at, name.Apis)
		if err != nil {
			return err
		}
		api := d.apis.named(name.Api)
		args := &components.CustomDomainArgs{
			Environment:    b.environment,
			DomainName:     name.Name,
			CertificateArn: d.certificate,
			RestApiId:      api.ApiId,
			StageName:      api.PrivateRestApi.StageName,
			Further:        further,
		}
		if name.CertificateArn != "" {
			args.CertificateArn = pulumi.String(name.CertificateArn)
		}
		if err := d.registerDomain(at, args); err != nil {
			return err
		}
	}
	return nil
}

// registerDomain registers a custom domain name.
func (d *customDomains) registerDomain(b builder, args *components.CustomDomainArgs) (err error) {
	if d.endpointType == "regional" {
		d.byName[args.DomainName], err = components.NewRegionalDomain(b.ctx, b.name, args, b.child)
		return err
	}
	private, err := components.NewPrivateDomain(b.ctx, b.name, args, d.endpoint.EndpointId, b.child)
	if err != nil {
		return err
	}
	d.byName[args.DomainName], d.invokeArns = private, append(d.invokeArns, private.InvokeArn)
	return nil
}

// furtherApis returns the further APIs behind a name. It registers those that exist.
func (d *customDomains) furtherApis(b builder, apis []config.MappedApi) ([]components.MappedApi, error) {
	var further []components.MappedApi
	for _, mapped := range apis {
		at := components.MappedApi{BasePath: mapped.BasePath}
		if existing := mapped.Existing(); existing != nil {
			api, err := b.part("-base-" + mapped.BasePath).newExistingApi(existing)
			if err != nil {
				return nil, err
			}
			at.RestApiId, at.StageName = api.ApiId, api.StageName
			d.invokeArns = append(d.invokeArns, api.InvokeArn)
		} else {
			api := d.apis.named(mapped.Api)
			at.RestApiId, at.StageName = api.ApiId, api.PrivateRestApi.StageName
		}
		further = append(further, at)
	}
	return further, nil
}

// newFrontCertificate returns the ARN of the certificate of a front. If the settings
// ask for a new certificate, it covers all names that have no other one.
func (b builder) newFrontCertificate(s *config.FrontDomain) (pulumi.StringInput, error) {
	var further []components.CertificateName
	for _, name := range s.Names {
		if name.CertificateArn == "" {
			further = append(further, components.CertificateName{
				DomainName: name.Name, PublicZoneId: name.PublicZoneId,
			})
		}
	}
	return b.newCertificate(&s.Certificate, s.Name, further...)
}

// frontPaths returns all paths of all names that lead to APIs, each name's own API
// first. served returns an API by its name.
func frontPaths(s *config.FrontDomain, served func(name string) servedApi) []frontPath {
	var paths []frontPath
	for _, name := range s.AllNames() {
		base := "https://" + name.Name + "/"
		paths = append(paths, frontPath{name, base, served(name.Api), true})
		for _, mapped := range name.Apis {
			api, own := servedApi{settings: &config.RestApi{Existing: mapped.Existing()}}, mapped.Api != ""
			if own {
				api = served(mapped.Api)
			}
			paths = append(paths, frontPath{name, base + mapped.BasePath + "/", api, own})
		}
	}
	return paths
}

// commands returns commands that call each route of the stack's APIs at each path.
func commands(paths []frontPath, callers map[string]caller, options string) pulumi.StringArray {
	all := pulumi.StringArray{}
	for _, path := range paths {
		if !path.own {
			continue
		}
		all = append(all, callers[path.api.name].curls(path.api.settings, func(route string) pulumi.StringOutput {
			return pulumi.Sprintf("%s%s%s", options, path.url, route)
		})...)
	}
	return all
}

// byFront returns a function that completes a promise about a client on the internet.
// Without a record of the stack, public DNS may not lead to the load balancer yet, so
// the client knows the address. name is the name of the blueprint.
func (path *frontPath) byFront(name string) func(promise) promise {
	return func(p promise) promise {
		if path.PublicZoneId == "" {
			p.connectTo = name + "-nlb"
		}
		return p
	}
}

// missingRecords returns the output that lists the public records that others must
// make: those of names without a public zone.
func missingRecords(s *config.FrontDomain, front *components.EndpointFront) pulumi.Array {
	var records pulumi.Array
	for _, name := range s.AllNames() {
		if name.PublicZoneId == "" {
			records = append(records, dnsRecords(pulumi.String(name.Name), pulumi.String("CNAME"), front.DnsName)...)
		}
	}
	return records
}

// privateDomainAdvice says what a private custom domain name may do on AWS.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-tutorial.html
const privateDomainAdvice = "domain.endpointType is private: API Gateway answers 403 until the name is associated " +
	"with the endpoint, which takes about 15 minutes after the deployment. Nobody has tried a private name behind a " +
	"load balancer yet: AWS does not say which server name the load balancer sends to the endpoint. If 403 stays, " +
	"take endpointType: regional."
