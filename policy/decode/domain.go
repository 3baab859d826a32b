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
		AccessMode:     n.get("endpointAccessMode").str(),
		HasPolicy:      n.sets("policy"),
	})
	b.makeHost(n)
}

// inlineDomainPolicy reads the resource policy of a custom domain.
func (b *builder) inlineDomainPolicy(n *node) {
	policy := b.policyIn(n)
	policy.Domain = itself(&b.domains, n)
	b.addPolicy(policy)
}

// customHost is the host name of a custom domain of either kind.
type customHost struct{ mutualTLS model.Truth }

// makeHost lets mappings find out what a custom domain requires of its clients.
func (b *builder) makeHost(n *node) {
	host := &customHost{n.sets("mutualTlsAuthentication")}
	b.customHosts.add(n, host)
	b.customHosts.addName(host, n.get("domainName").str())
}

// mutualTLS asks whether the domain of a mapping requires certificates.
func (b *builder) mutualTLS(n *node) model.Truth {
	return b.customHosts.ref(n, "domainName").Ask(func(h *customHost) model.Truth { return h.mutualTLS })
}

func (b *builder) linkMapping(n *node) {
	b.stack.DomainMappings = append(b.stack.DomainMappings, &model.DomainMapping{
		Element:     n.element(),
		Domain:      b.mappedDomain(n),
		API:         b.restAPIs.ref(n, "restApi"),
		MutualTLS:   b.mutualTLS(n),
		HasDomainID: n.sets("domainNameId"),
	})
}

// linkAPIMapping reads a mapping of a domain to an API of any kind.
func (b *builder) linkAPIMapping(n *node) {
	m := &model.DomainMapping{
		Element:     n.element(),
		API:         b.restAPIs.ref(n, "apiId"),
		HTTPAPI:     b.httpAPIs.ref(n, "apiId"),
		MutualTLS:   b.mutualTLS(n),
		HasDomainID: model.Maybe,
	}
	switch {
	case m.HTTPAPI.IsClosed():
		m.API = model.Ref[model.RestAPI]{}
	case m.API.IsClosed():
		m.HTTPAPI = model.Ref[model.HTTPAPI]{}
	}
	b.stack.DomainMappings = append(b.stack.DomainMappings, m)
}

// mappedDomain returns the domain of a mapping. If the mapping's name does not
// come from a domain, every domain of the region with that name is a candidate:
// several private domains may share a name, and each region may have a regional
// domain of the name.
func (b *builder) mappedDomain(n *node) model.Ref[model.Domain] {
	ref := model.Ref[model.Domain]{Value: n.get("domainName").str()}
	if from := b.domains.resolve(model.Unknown[string](), n.sources("domainName")); len(from.Candidates) > 0 {
		ref.Candidates, ref.Open = from.Candidates, from.Open
		return ref
	}
	ref.Open = true
	here := n.placement()
	for _, d := range b.stack.Domains {
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
