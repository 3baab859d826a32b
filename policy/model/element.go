package model

// Origin is the place in a stack that a fact comes from.
type Origin struct {
	// URN identifies the resource.
	URN string
	// Property is a path inside the resource. It is empty for the resource as a whole.
	Property string
}

// documentProperty is the property that holds an OpenAPI document.
const documentProperty = "body"

// IsInDocument reports whether the fact comes from an OpenAPI document.
func (o Origin) IsInDocument() bool { return o.Property == documentProperty }

// At returns the origin of another property of the same resource. A part of an
// OpenAPI document has no properties in the program, so its origin stays.
func (o Origin) At(property string) Origin {
	if o.IsInDocument() {
		return o
	}
	return Origin{URN: o.URN, Property: property}
}

// Element is what all things in the model have in common.
type Element struct {
	Origin
	// ID is the resource's ID in the provider's state, such as vpc-0123456789abcdef0. It is unknown before the resource
	// exists. A part of an OpenAPI document has the ID of the resource that holds the document.
	ID Known[string]
	// Name is the name of the resource in messages: its name in the program. If several resources have that name,
	// it is followed by the type, such as "orders (RestApi)".
	Name string
	// NameInProgram is the name of the resource in the program. Parameters of rules list resources by this name.
	NameInProgram string
	Placement
}

// Placement describes where a resource is. In a stack on pulumi-aws v6, its
// provider decides that. Since v7 a resource may have its own region, so that
// one provider serves several regions.
// https://www.pulumi.com/registry/packages/aws/how-to-guides/7-0-migration/
type Placement struct {
	// Provider is the URN of the provider. It is empty if the stack does not say.
	Provider string
	// OwnRegion is the resource's own region. It is absent if the resource leaves the region to its provider.
	OwnRegion Known[string]
	// ProviderRegion is absent if the provider takes it from its environment.
	ProviderRegion Known[string]
	// Global is whether the resource is in no region, such as a hosted zone.
	Global bool
}

// Region returns the resource's own region, otherwise the provider's. It is
// absent if the provider takes it from its environment.
func (p Placement) Region() Known[string] {
	if p.OwnRegion.IsAbsent() {
		return p.ProviderRegion
	}
	return p.OwnRegion
}

// SameRegion asks whether two elements can meet in one region. A global resource
// is in all regions. If a region is not known, two elements are in the same one
// if both leave it to the same provider.
func (p Placement) SameRegion(q Placement) Truth {
	a, aKnown := p.Region().Get()
	b, bKnown := q.Region().Get()
	switch {
	case p.Global || q.Global:
		return True
	case aKnown && bKnown:
		return TruthOf(a == b)
	case p.Provider != "" && p.Provider == q.Provider && p.OwnRegion.IsAbsent() && q.OwnRegion.IsAbsent():
		return True
	}
	return Maybe
}
