package model

// Association gives a subnet a route table or a network ACL. A subnet without one
// uses the VPC's own.
type Association[T any] struct {
	Subnet Ref[Subnet]
	To     Ref[T]
}

// associated returns what a subnet is associated with, or otherwise what its VPC
// has for it. If the stack may only read the subnet, it may have an association
// that the stack does not show.
func associated[T any](
	all *index[Subnet, Association[T]], subnet *Subnet, ofVPC func(*VPC) Ref[T],
) Ref[T] {
	found, certain := Ref[T]{Value: Unknown[string]()}, False
	for a := range all.mayName(subnet) {
		switch names := a.Subnet.Names(subnet); {
		case names == True && certain != True:
			certain, found = True, a.To
		case names == certain || certain == False:
			certain, found = names, found.or(a.To)
		}
	}
	if certain == True {
		return found
	}
	vpc, sole := subnet.VPC.Sole()
	if !sole || !subnet.AssociationsComplete {
		return UnknownRef[T]()
	}
	return found.or(ofVPC(vpc))
}

// or returns a reference that names what r names or what q names.
func (r Ref[T]) or(q Ref[T]) Ref[T] {
	if r.IsAbsent() || r.Value.IsUnknown() && len(r.Candidates) == 0 && !r.Open {
		return q
	}
	return Ref[T]{
		Value:      Unknown[string](),
		Candidates: append(r.Candidates[:len(r.Candidates):len(r.Candidates)], q.Candidates...),
		Open:       r.Open || q.Open,
	}
}
