package decode

import (
	"strings"

	"private-api-blueprints/policy/model"
)

func (b *builder) makeDomain(n *node) {
	configuration := n.get("endpointConfiguration").only()
	b.addDomain(n, &model.Domain{
		Type:           apiType(configuration),
		Addresses:      text[model.IPAddressType](configuration.field("ipAddressType")),
		SecurityPolicy: n.get("securityPolicy").str(),
		AccessMode:     n.get("endpointAccessMode").str(),
		HasPolicy:      n.sets("policy"),
	}, n.get("regionalDomainName"), n.get("cloudfrontDomainName"))
}

// domainConfiguration is the property of a domain of aws:apigatewayv2 that says
// how clients reach it.
const domainConfiguration = "domainNameConfiguration"

// makeHTTPDomain reads a domain of aws:apigatewayv2, which is always regional.
func (b *builder) makeHTTPDomain(n *node) {
	configuration := n.get(domainConfiguration).only()
	b.addDomain(n, &model.Domain{
		Type:           upper[model.APIType](configuration.field("endpointType")).Or(model.APIRegional),
		Addresses:      text[model.IPAddressType](configuration.field("ipAddressType")),
		SecurityPolicy: configuration.field("securityPolicy").str(),
		HasPolicy:      model.False,
	}, configuration.field("targetDomainName"))
}

// addDomain adds a domain. Mappings find it by its host name, and records by the
// names that API Gateway has given to it.
func (b *builder) addDomain(n *node, d *model.Domain, targets ...value) {
	d.Element, d.Host, d.MutualTLS = n.element(), n.get("domainName").host(), n.sets("mutualTlsAuthentication")
	d.RoutesByRules = routesByRules(n)
	b.stack.Domains = b.domains.add(n, d)
	for _, target := range targets {
		b.domains.addName(d, target.host())
	}
}

// routesByRules asks whether a domain has routing rules. Without a routing mode,
// a domain has mappings only.
func routesByRules(n *node) model.Truth {
	return n.get("routingMode").str().Or("API_MAPPING_ONLY").Equals("API_MAPPING_ONLY").Not()
}

// linkDomain reads the certificates of a domain for REST APIs.
func (b *builder) linkDomain(n *node) {
	d := elementOf(&b.domains, n)
	for _, key := range []string{"certificateArn", "regionalCertificateArn"} {
		if certificate := b.certificates.ref(n, key); !certificate.IsAbsent() {
			d.Certificates.Items = append(d.Certificates.Items, certificate)
			b.useCertificate(n, key, certificate)
		}
	}
}

// linkHTTPDomain reads the certificate of a domain of aws:apigatewayv2.
func (b *builder) linkHTTPDomain(n *node) {
	d := elementOf(&b.domains, n)
	if arn := n.get(domainConfiguration).only().field("certificateArn").str(); !arn.IsAbsent() {
		certificate := b.certificates.resolve(arn, n.sources(domainConfiguration))
		d.Certificates.Items = append(d.Certificates.Items, certificate)
		b.useCertificate(n, domainConfiguration, certificate)
	}
}

// inlineDomainPolicy reads the resource policy of a custom domain.
func (b *builder) inlineDomainPolicy(n *node) {
	policy := b.policyIn(n)
	policy.Domain = itself(&b.domains, n)
	b.addPolicy(policy)
}

func (b *builder) linkMapping(n *node) {
	b.addMapping(n, &model.DomainMapping{
		Domain:      b.mappedDomain(n),
		API:         b.restAPIs.ref(n, "restApi"),
		HasDomainID: n.sets("domainNameId"),
	}, "basePath", "stageName")
}

// apiMapping is the type of mappings to APIs of any kind.
const apiMapping = "aws:apigatewayv2/apiMapping:ApiMapping"

// linkAPIMapping reads a mapping of a domain to an API of any kind.
func (b *builder) linkAPIMapping(n *node) {
	m := &model.DomainMapping{
		Domain:      b.mappedDomain(n),
		API:         b.restAPIs.ref(n, "apiId"),
		HTTPAPI:     b.httpAPIs.ref(n, "apiId"),
		HasDomainID: model.Maybe,
	}
	switch {
	case m.HTTPAPI.IsClosed():
		m.API = model.Ref[model.RestAPI]{}
	case m.API.IsClosed():
		m.HTTPAPI = model.Ref[model.HTTPAPI]{}
	}
	b.addMapping(n, m, "apiMappingKey", "stage")
}

// addMapping adds a mapping and reads its base path and its stage, which have
// different names in the two types of mappings.
func (b *builder) addMapping(n *node, m *model.DomainMapping, basePath, stage string) {
	m.Element = n.element()
	m.BasePath = readBasePath(n.get(basePath))
	m.StageName = n.get(stage).str()
	b.stack.DomainMappings = append(b.stack.DomainMappings, m)
	b.mapped = append(b.mapped, mappedStage{m, n.sources(stage)})
}

// readBasePath reads a base path. AWS writes the empty one as (none).
// https://docs.aws.amazon.com/apigateway/latest/api/API_BasePathMapping.html
func readBasePath(v value) model.Known[string] {
	path := mapped(v.str(), func(text string) string { return strings.Trim(text, "/") })
	if path.Is("") || path.Is("(none)") {
		return model.Known[string]{}
	}
	return path
}

// mappedDomain returns the domain of a mapping. If the mapping's name does not
// come from a domain, every domain of the region with that name is a candidate:
// several private domains may share a name, and each region may have a regional
// domain of the name.
func (b *builder) mappedDomain(n *node) model.Ref[model.Domain] {
	ref := model.Ref[model.Domain]{Value: n.get("domainName").host()}
	if from := b.domains.resolve(model.Unknown[string](), n.sources("domainName")); len(from.Candidates) > 0 {
		ref.Candidates, ref.Open = from.Candidates, from.Open
		return ref
	}
	ref.Open = true
	here := n.placement()
	for _, d := range b.stack.Domains {
		if n.token() == apiMapping && d.IsPrivate() == model.True {
			continue // Only a mapping with a domain's ID can be for a private domain.
		}
		is := here.SameRegion(d.Placement).AtMostMaybe()
		if host, known := ref.Value.Get(); known {
			is = here.SameRegion(d.Placement).And(d.Host.Equals(host))
		}
		if is != model.False {
			ref.Candidates = append(ref.Candidates, d)
			ref.Open = ref.Open && is != model.True
		}
	}
	return ref
}

func (b *builder) linkAccess(n *node) {
	b.stack.DomainAccesses = append(b.stack.DomainAccesses, &model.DomainAccess{
		Element:  n.element(),
		Domain:   b.domains.ref(n, "domainNameArn"),
		Endpoint: b.endpoints.ref(n, "accessAssociationSource"),
	})
}
