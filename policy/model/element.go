package model

// Origin is the place in a stack that a fact comes from.
type Origin struct {
	URN      string
	Property string // Path inside the resource; empty for the resource as a whole.
}

// At is the same resource's property.
func (o Origin) At(property string) Origin { return Origin{URN: o.URN, Property: property} }

// Element is what all things of the model have: an origin, a name for
// messages, and the place that its provider puts it in.
type Element struct {
	Origin
	Name string // The resource's name in the program.
	Placement
}

// Placement says where a provider puts its resources.
type Placement struct {
	Provider string        // URN of the provider, empty where the stack does not say.
	Region   Known[string] // Absent where the provider takes it from its environment.
}

// SameRegion asks whether two elements are in one region. One provider has one
// region; two providers are told apart by the regions that they state.
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
