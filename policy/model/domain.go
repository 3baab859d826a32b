package model

import "strings"

// Domain is a custom domain name for REST APIs.
type Domain struct {
	Element
	Host Known[string]
	// Type is EDGE, REGIONAL or PRIVATE. API Gateway's default is EDGE.
	Type Known[APIType]
	// Addresses is ipv4 or dualstack. A private domain is always dualstack.
	Addresses Known[IPAddressType]
	// SecurityPolicy is the name of the policy that sets the TLS versions for clients.
	SecurityPolicy Known[string]
	// AccessMode is STRICT or BASIC. A security policy with an enhanced name requires it.
	AccessMode Known[string]
	// HasPolicy is whether the stack gives the domain a resource policy.
	HasPolicy Truth
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
	// Domain is absent for a mapping by ApiMapping, which knows no private domains.
	Domain Ref[Domain]
	// API is absent if the mapping certainly leads to an HTTP or WebSocket API.
	API Ref[RestAPI]
	// HTTPAPI is absent if the mapping certainly leads to a REST API.
	HTTPAPI Ref[HTTPAPI]
	// MutualTLS is whether the domain requires certificates of its clients. It is Maybe if the domain is not in the
	// stack.
	MutualTLS Truth
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
			answers = answers.Or(leads(m).And(m.MutualTLS.Not()))
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
