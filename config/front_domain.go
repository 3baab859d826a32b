package config

import (
	"maps"
	"slices"

	"private-api-blueprints/internal/settings"
)

// FrontDomain is the name of a front, and what else leads there: further names, and
// further APIs under paths. A private zone holds each name for clients in a VPC.
type FrontDomain struct {
	Domain
	PrivateZone
	// Apis describes further APIs, each under a path of the name, which is then a custom
	// domain name of API Gateway.
	Apis []MappedApi `config:"apis" computed:"none"`
	// Names describes further names of the same front.
	Names []FurtherName `config:"names" computed:"none"`
}

// FurtherName is a further name of a front: another name of the same API, or the name
// of another API.
type FurtherName struct {
	// Name is the fully qualified domain name that clients call.
	Name string `config:"name" required:"true" format:"domainName" example:"shop.example.com"`
	// Api is the name of the API in apis to which the name leads.
	Api string `config:"api" computed:"the API of the group api" format:"apiName"`
	// Apis describes further APIs, each under a path of this name.
	Apis []MappedApi `config:"apis" computed:"none"`
	// PublicZoneId is the ID of a public Route 53 zone that contains the name, in the
	// account of the domain's public zone. Without it, the stack makes no records of the
	// name in public DNS.
	PublicZoneId string `config:"publicZoneId" computed:"none" format:"hostedZoneId"`
	// CertificateArn is the ARN of an issued certificate in the stack's region and account
	// that covers the name. The load balancer chooses it by the name that clients ask for
	// (SNI). Without it, the certificate of the domain covers this name too. If the stack
	// creates that certificate, it puts the name there, and publicZoneId is required.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/tls-listener-certificates.html
	CertificateArn string `config:"certificateArn" computed:"that of the domain" format:"certificateArn"`
	PrivateZone
}

// CustomDomain is a name that is a custom domain name of API Gateway.
type CustomDomain struct {
	FrontDomain
	// EndpointType is the kind of custom domain name. regional: API Gateway finds
	// the API by its Host header. private: only this endpoint may use the name, and
	// AWS checks that. It cannot be changed on a deployed stack, because AWS does
	// not migrate one kind to the other.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains.html
	EndpointType string `config:"endpointType" required:"true" enum:"regional,private" example:"regional"`
}

// AnyDomain is a name that may be a custom domain name of API Gateway.
type AnyDomain struct {
	FrontDomain
	// EndpointType makes each name a custom domain name of API Gateway, so that clients
	// need no Host header and no stage in the path. regional: API Gateway finds the API
	// by its Host header. private: only this endpoint may use the name, and AWS checks
	// that. It cannot be changed on a deployed stack from one kind to the other.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains.html
	EndpointType string `config:"endpointType" computed:"none: clients name an API in Host" enum:"regional,private"`
}

// AllNames returns all names of the front, the domain's own first.
func (s *FrontDomain) AllNames() []FurtherName {
	first := FurtherName{
		Name: s.Name, Apis: s.Apis, PublicZoneId: s.PublicZoneId, PrivateZone: s.PrivateZone,
	}
	return append([]FurtherName{first}, s.Names...)
}

// CertificateArns returns the certificates of further names, each once.
func (s *FrontDomain) CertificateArns() []string {
	found := map[string]bool{}
	for _, name := range s.Names {
		if name.CertificateArn != "" && name.CertificateArn != s.CertificateArn {
			found[name.CertificateArn] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// check refuses names that are given twice, and names that no certificate can cover.
func (s *FrontDomain) check(c settings.Section) {
	s.Certificate.check(c)
	s.checkName(c, "name", s.Name)
	known := map[string]bool{s.Name: true}
	for i, name := range s.Names {
		item := c.Group(settings.Item("names", i))
		if known[name.Name] {
			item.Reject("name", name.Name, "duplicate; want each name once")
		}
		known[name.Name] = true
		if s.CreateCertificate && name.CertificateArn == "" && len(name.Name) > longestProvenByAcm {
			item.Reject("name", name.Name, "has %d characters; want at most %d in a certificate that the stack "+
				"creates: the record that proves the name has a longer one", len(name.Name), longestProvenByAcm)
		}
		if s.CreateCertificate && name.CertificateArn == "" && name.PublicZoneId == "" {
			item.Reject("publicZoneId", nil, "required: %s; createCertificate: true puts the name into the "+
				"certificate, and a record there proves to ACM that the name is yours. Without a zone, have a "+
				"certificate issued first, and set certificateArn", formats["hostedZoneId"])
		}
	}
}

// checkNetworks refuses zones for a VPC that does not exist yet.
func (s *FrontDomain) checkNetworks(network *Network, c settings.Section) {
	s.checkNetwork(network, c)
	for i := range s.Names {
		s.Names[i].checkNetwork(network, c.Group(settings.Item("names", i)))
	}
}

// check refuses names and base paths that lead to an API only if the name is a custom
// domain name.
func (s *AnyDomain) check(c settings.Section) {
	s.FrontDomain.check(c)
	if s.EndpointType != "" {
		return
	}
	const reason = "want it with endpointType: without a custom domain name, clients name the API in the Host " +
		"header, and every name leads to each API"
	rejectGiven(c, "apis", reason)
	for i := range s.Names {
		item := c.Group(settings.Item("names", i))
		rejectGiven(item, "api", reason)
		rejectGiven(item, "apis", reason)
	}
}

// checkPaths refuses names and base paths that lead to no API, and base paths that
// hide routes.
func (s *FrontDomain) checkPaths(c settings.Section, first *RestApi, further *FurtherApis) {
	checkMapped(c, s.Apis, first, further)
	for i, name := range s.Names {
		item := c.Group(settings.Item("names", i))
		further.checkName(item, name.Api)
		root := first
		if found := further.Apis[name.Api]; found != nil {
			root = found
		}
		checkMapped(item, name.Apis, root, further)
	}
}

// checkLed refuses APIs to which no name and no base path leads.
func (s *FrontDomain) checkLed(c settings.Section, further *FurtherApis) {
	led := map[string]bool{}
	for _, name := range s.AllNames() {
		led[name.Api] = true
		for _, mapped := range name.Apis {
			led[mapped.Api] = true
		}
	}
	for _, name := range further.names() {
		if !led[name] {
			c.Reject("apis."+name, nil, "no name of the domain leads to it; want it in domain.apis, or in domain.names")
		}
	}
}

// rejectGiven refuses a key if it is given.
func rejectGiven(c settings.Section, key, reason string) {
	if c.Given(key) {
		c.Reject(key, nil, "%s", reason)
	}
}
