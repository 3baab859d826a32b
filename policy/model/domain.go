package model

import "strings"

// Domain is a custom domain name of API Gateway. Whatever resource creates it, it can serve APIs of any kind, except
// that a private domain and an edge-optimized domain serve REST APIs only.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html
type Domain struct {
	Element
	// Host is the domain's name, in lower case and without a final dot. The first label may be an asterisk.
	Host Known[string]
	// Type is EDGE, REGIONAL or PRIVATE. API Gateway's default is EDGE, and REGIONAL for a domain of
	// aws:apigatewayv2.
	Type Known[APIType]
	// Addresses is ipv4 or dualstack. A private domain is always dualstack.
	Addresses Known[IPAddressType]
	// SecurityPolicy is the name of the policy that sets the TLS versions for clients.
	SecurityPolicy Known[string]
	// AccessMode is STRICT or BASIC. A security policy with an enhanced name requires it.
	AccessMode Known[string]
	// HasPolicy is whether the stack gives the domain a resource policy.
	HasPolicy Truth
	// Certificates are the certificates that the domain may show to clients. There is one, or two while the domain
	// changes its type.
	Certificates Refs[Certificate]
	// MutualTLS is whether the domain requires certificates of its clients.
	MutualTLS Truth
	// RoutesByRules is whether routing rules choose the API, before the mappings or instead of them. The model does
	// not hold the rules.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-routing-mode.html
	RoutesByRules Truth
}

// IsPrivate asks whether clients reach the domain through interface endpoints only.
func (d *Domain) IsPrivate() Truth { return d.Type.Equals(APIPrivate) }

// enhancedTLS begins the names of security policies that require at least TLS 1.2
// and an endpoint access mode.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies.html
const enhancedTLS = "SecurityPolicy_"

// HasEnhancedTLS asks whether the domain has an enhanced security policy.
func (d *Domain) HasEnhancedTLS() Truth {
	name, known := d.SecurityPolicy.Get()
	if d.SecurityPolicy.IsUnknown() {
		return Maybe
	}
	return TruthOf(known && strings.HasPrefix(name, enhancedTLS))
}

// DomainMapping sends requests for a domain, or for a path of it, to an API.
type DomainMapping struct {
	Element
	Domain Ref[Domain]
	// BasePath is the beginning of the paths that the mapping is for, without slashes at its ends. It is absent if the
	// mapping is for all paths that no other mapping of the domain is for. Only a mapping by ApiMapping may have
	// several segments.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
	BasePath Known[string]
	// StageName is the name of the stage. It is absent if clients write the stage's name after the base path.
	StageName Known[string]
	// Stage is the stage with that name. It is absent if StageName is.
	Stage Ref[Stage]
	// API is absent if the mapping certainly leads to an HTTP or WebSocket API.
	API Ref[RestAPI]
	// HTTPAPI is absent if the mapping certainly leads to a REST API.
	HTTPAPI Ref[HTTPAPI]
	// HasDomainID is whether the mapping also gives the domain's ID. Several private domains may have the same
	// name, so the name alone does not identify one.
	HasDomainID Truth
}

// AnswersWithoutCertificate asks whether an API answers clients that have no
// certificate: by its default name, or by a custom domain without mutual TLS. If
// its default name is off, other stacks may map domains to it. leads asks whether
// a mapping is for the API.
func (s *Stack) AnswersWithoutCertificate(defaultNameOff Known[bool], leads func(*DomainMapping) Truth) Truth {
	answers := defaultNameOff.Equals(false).Or(Maybe)
	for _, m := range s.DomainMappings {
		if answers != True {
			mutualTLS := m.Domain.Ask(func(d *Domain) Truth { return d.MutualTLS })
			answers = answers.Or(leads(m).And(mutualTLS.Not()))
		}
	}
	return answers
}

// DomainAccess is a domain name access association. It lets an endpoint use a
// private domain.
type DomainAccess struct {
	Element
	Domain   Ref[Domain]
	Endpoint Ref[Endpoint]
}
