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
	// Name is the name of the resource in messages: its name in the program. If several resources have that name,
	// it is followed by the type, such as "orders (RestApi)".
	Name string
	// NameInProgram is the name of the resource in the program. Parameters of rules list resources by this name.
	NameInProgram string
	Placement
}

// Placement describes where a provider creates its resources.
type Placement struct {
	// Provider is the URN of the provider. It is empty if the stack does not say.
	Provider string
	// Region is absent if the provider takes it from its environment.
	Region Known[string]
}

// SameRegion asks whether two elements are in the same region. All resources of
// one provider are in one region. Two providers are compared by the regions that
// the program gives them.
func (p Placement) SameRegion(q Placement) Truth {
	if p.Provider != "" && p.Provider == q.Provider {
		return True
	}
	a, aKnown := p.Region.Get()
	b, bKnown := q.Region.Get()
	if aKnown && bKnown {
		return TruthOf(a == b)
	}
	return Maybe
}
