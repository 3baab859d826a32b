package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeDomain(n *node) {
	configuration := n.get("endpointConfiguration").only()
	b.stack.Domains = b.domains.add(n, &model.Domain{
		Element:        n.element(),
		Host:           n.get("domainName").str(),
		Type:           apiType(configuration),
		Addresses:      text[model.IPAddressType](configuration.field("ipAddressType")),
		SecurityPolicy: n.get("securityPolicy").str(),
		HasPolicy:      n.sets("policy"),
	})
}

// inlineDomainPolicy reads the resource policy of a custom domain.
func (b *builder) inlineDomainPolicy(n *node) {
	policy := b.policyIn(n)
	policy.Domain = itself(&b.domains, n)
	b.addPolicy(policy)
}

func (b *builder) linkMapping(n *node) {
	b.stack.DomainMappings = append(b.stack.DomainMappings, &model.DomainMapping{
		Element:     n.element(),
		Domain:      b.mappedDomain(n),
		API:         b.restAPIs.ref(n, "restApi"),
		HasDomainID: n.sets("domainNameId"),
	})
}

// mappedDomain returns the domain of a mapping. If the mapping's name does not
// come from a domain, every domain with that name is a candidate: several
// private domains may share a name.
func (b *builder) mappedDomain(n *node) model.Ref[model.Domain] {
	ref := model.Ref[model.Domain]{Value: n.get("domainName").str()}
	if from := b.domains.resolve(model.Unknown[string](), n.sources("domainName")); len(from.Candidates) > 0 {
		ref.Candidates, ref.Open = from.Candidates, from.Open
		return ref
	}
	ref.Open = true
	host, known := ref.Value.Get()
	for _, d := range b.stack.Domains {
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
