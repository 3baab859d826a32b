package model

import (
	"slices"
	"strings"
)

// ResourcePolicy is a resource policy of a REST API or of a private custom
// domain. A stack can write it in several places.
type ResourcePolicy struct {
	Element
	// API is absent for the policy of a custom domain.
	API Ref[RestAPI]
	// Domain is absent for the policy of an API.
	Domain Ref[Domain]
	// Set is whether the policy is in force. It is Maybe if the property that would hold it is not known, or if the
	// property may hold an old copy of another resource's policy.
	Set Truth
	// Document is nil if the policy's text is unknown or is not a policy.
	Document *PolicyDocument
	// From are the resources whose outputs the text is made from.
	From Sources
	// Networks are the networks that these resources may name in the text.
	Networks NetworkSources
	// VPCs are those that the policy's conditions compare aws:SourceVpc with.
	VPCs Refs[VPC]
	// Endpoints are those that the policy's conditions compare aws:SourceVpce with.
	Endpoints Refs[Endpoint]
	// Secret is whether the text is a secret, so that no message may quote it.
	Secret bool
}

// NetworkSources are the networks whose IDs a text may contain, as far as the
// resources tell that the text is made from.
type NetworkSources struct {
	// Endpoints are the names of the VPC endpoints among the resources.
	Endpoints []string
	// VPC is True if a VPC is among the resources. It is Maybe if another one may give the ID of a VPC, such as a
	// subnet, a component or a stack reference.
	VPC Truth
}

// IsOfDomain reports whether the policy is that of a custom domain.
func (p *ResourcePolicy) IsOfDomain() bool { return !p.Domain.IsAbsent() }

// IsPrivate asks whether the policy is the one that API Gateway applies to a
// private API or to a private custom domain.
func (p *ResourcePolicy) IsPrivate() Truth {
	if p.IsOfDomain() {
		return p.Set.And(p.Domain.Ask((*Domain).IsPrivate))
	}
	return p.Set.And(p.API.Ask((*RestAPI).IsPrivate))
}

// endpointIDPrefix begins the ID of a VPC endpoint.
const endpointIDPrefix = "vpce-"

// FencesByEndpoint asks whether the policy tells callers apart by the ID of an
// endpoint. If it compares the ID of a VPC as well, only an endpoint of the stack
// counts: an endpoint in another account may have no other name.
//
// If the text is not known, it is certain that it contains an output of the
// endpoints in Networks. That is their ID, or their vpcId in the rare case. It is
// the ID for sure only if nothing else can give the ID of a VPC.
func (p *ResourcePolicy) FencesByEndpoint() Truth {
	if p.Document == nil {
		return TruthOf(len(p.Networks.Endpoints) > 0 && p.Networks.VPC == False).Or(Maybe)
	}
	byEndpoint, byVPC := false, false
	for _, s := range p.Document.Statements {
		for _, c := range s.Conditions {
			if !s.IsAboutCalls() || !c.ComparesStrings() {
				continue
			}
			byVPC = byVPC || c.isKey(sourceVPCKey) || c.isKey(sourceVPCARNKey)
			for _, v := range c.Values {
				byEndpoint = byEndpoint || c.isKey(sourceVPCEKey) && strings.HasPrefix(v, endpointIDPrefix)
			}
		}
	}
	return TruthOf(byEndpoint).And(TruthOf(byVPC).Not().Or(p.Endpoints.Any(isInStack)))
}

// isInStack asks whether a reference names an element of the stack.
func isInStack[T any](r Ref[T]) Truth {
	if len(r.Candidates) == 0 {
		return False
	}
	return TruthOf(r.IsClosed()).Or(Maybe)
}

// MethodUnder is a method whose calls a resource policy may decide about.
type MethodUnder struct {
	*Method
	// Certain is Maybe if the policy may be that of another API.
	Certain Truth
}

// MethodsUnder returns the methods whose calls a policy decides about, or may
// decide about: those of its API, or of the APIs that its domain is mapped to.
func (s *Stack) MethodsUnder(p *ResourcePolicy) []MethodUnder {
	var methods []MethodUnder
	mappings := s.mappingsOf(p)
	for _, m := range s.Methods {
		under := m.API.Same(p.API)
		if p.IsOfDomain() {
			under = False
			for _, mapping := range mappings {
				under = under.Or(m.API.Same(mapping.API).And(mapping.Domain.Same(p.Domain)))
			}
		}
		if under != False {
			methods = append(methods, MethodUnder{m, under})
		}
	}
	return methods
}

// MayHaveOthersUnder returns Maybe if calls of methods that the model does not
// hold may be subject to a policy, and False otherwise.
func (s *Stack) MayHaveOthersUnder(p *ResourcePolicy) Truth {
	if !p.IsOfDomain() {
		return s.MayHaveOtherMethods(p.API)
	}
	mapped, others := False, False
	for _, mapping := range s.mappingsOf(p) {
		mapped = mapped.Or(mapping.Domain.Same(p.Domain))
		others = others.Or(s.MayHaveOtherMethods(mapping.API)).OrMaybeIf(mapping.API.Open)
	}
	return others.Or(mapped.Not()).AtMostMaybe() // Another stack may map the domain.
}

// mappingsOf returns the mappings that the domain of a policy has or may have.
func (s *Stack) mappingsOf(p *ResourcePolicy) []*DomainMapping {
	if !p.IsOfDomain() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.DomainMappings), func(m *DomainMapping) bool {
		return m.Domain.Same(p.Domain) == False
	})
}

// isAbout asks whether the policy is about calls through an endpoint: it names
// the endpoint or its VPC, or no network at all. If the policy's text is not
// known, the resources that it is made from may tell.
func (p *ResourcePolicy) isAbout(e *Endpoint) Truth {
	if p.Document == nil {
		vpc, certain := e.VPC.Sole()
		return TruthOf(p.From.Has(e.Origin) || certain && p.From.Has(vpc.Origin)).Or(Maybe)
	}
	if p.VPCs.IsEmpty() && p.Endpoints.IsEmpty() {
		return True
	}
	inVPC := p.VPCs.Any(e.VPC.Same)
	return inVPC.Or(p.Endpoints.Any(func(r Ref[Endpoint]) Truth { return r.Names(e) }))
}

// PolicyOwner is a resource that sets the resource policy of a REST API.
type PolicyOwner struct {
	Element
	API Ref[RestAPI]
	// SetsPolicy is Maybe if the resource may only repeat a policy that another resource has set and that the
	// provider has read.
	SetsPolicy Truth
}
