package model

// ResourcePolicy is a resource policy of a REST API or of a private custom
// domain. A stack can write it in several places.
type ResourcePolicy struct {
	Element
	// API is absent for a custom domain's policy.
	API Ref[RestAPI]
	// Set is whether the policy is in force. It is Maybe if the property that would hold it is not known, or if the
	// property may hold an old copy of another resource's policy.
	Set Truth
	// Document is nil if the policy's text is unknown or is not a policy.
	Document *PolicyDocument
	// From are the resources whose outputs the text is made from.
	From Sources
	// VPCs are those that the policy's conditions compare aws:SourceVpc with.
	VPCs Refs[VPC]
	// Endpoints are those that the policy's conditions compare aws:SourceVpce with.
	Endpoints Refs[Endpoint]
	// Secret is whether the text is a secret, so that no message may quote it.
	Secret bool
}

// IsOfPrivateAPI asks whether the policy is the one that API Gateway applies to a
// private API.
func (p *ResourcePolicy) IsOfPrivateAPI() Truth {
	if p.API.IsAbsent() {
		return False
	}
	return p.Set.And(p.API.Ask((*RestAPI).IsPrivate))
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
