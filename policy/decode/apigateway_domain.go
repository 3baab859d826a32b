package decode

import "private-api-blueprints/policy/model"

var domainReaders = map[string]reader{
	"aws:apigateway/domainName:DomainName":                                   {make: (*builder).makeDomain, link: (*builder).linkCertifiedName},
	"aws:apigateway/basePathMapping:BasePathMapping":                         {link: (*builder).linkMapping},
	"aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation": {link: (*builder).linkAccess},
}

// makeDomain reads a custom domain, and its policy, which is that of no API.
func (b *builder) makeDomain(n *node) {
	configuration := n.get("endpointConfiguration").only()
	policy := policyOf(n, model.Ref[model.RestAPI]{})
	domain := &model.Domain{
		Element:        n.element(),
		Host:           n.get("domainName").str(),
		Type:           apiType(configuration),
		Addresses:      as[model.IPAddressType](configuration.field("ipAddressType").str()),
		SecurityPolicy: n.get("securityPolicy").str(),
		HasPolicy:      policy.Set,
	}
	b.domains.add(n, domain)
	b.addPolicy(policy)
}

func (b *builder) linkMapping(n *node) {
	b.stack.DomainMappings = append(b.stack.DomainMappings, &model.DomainMapping{
		Element:     n.element(),
		Domain:      b.mappedDomain(n),
		API:         b.restAPIs.ref(n, "restApi"),
		HasDomainID: n.gives("domainNameId"),
	})
}

// mappedDomain finds the domain of a mapping: the one that the name comes from,
// else those that have it. Private domains may share a name.
func (b *builder) mappedDomain(n *node) model.Ref[model.Domain] {
	ref := model.Ref[model.Domain]{Value: n.get("domainName").str()}
	if from := b.domains.resolve(model.Unknown[string](), n.sources("domainName")); len(from.Candidates) > 0 {
		ref.Candidates, ref.Open = from.Candidates, from.Open
		return ref
	}
	ref.Open = true
	host, known := ref.Value.Get()
	for _, d := range b.domains.all {
		has := d.Host.Equals(host)
		if has != model.False || !known {
			ref.Candidates = append(ref.Candidates, d)
			ref.Open = ref.Open && has != model.True
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
