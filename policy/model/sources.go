package model

import "slices"

// Sources are the resources whose outputs a value is made from. A value without
// sources is written in the program or comes from its configuration.
type Sources struct {
	// AWS are the URNs of AWS resources.
	AWS []string
	// Other are the URNs of other resources, such as components. Their outputs may come from any resource.
	Other []string
}

// IsEmpty reports whether the value is made from no outputs.
func (s Sources) IsEmpty() bool { return len(s.AWS)+len(s.Other) == 0 }

// Has reports whether an AWS resource is one of the sources.
func (s Sources) Has(o Origin) bool { return slices.Contains(s.AWS, o.URN) }

// Follow asks whether a value made from these sources changes whenever a value
// made from the others changes. The answer is Maybe if the other value is not
// made from outputs: its text may change alone.
func (s Sources) Follow(others Sources) Truth {
	if others.IsEmpty() {
		return Maybe
	}
	lacksAWS, lacksOther := lacksAny(s.AWS, others.AWS), lacksAny(s.Other, others.Other)
	switch {
	case lacksAWS && len(s.Other) == 0:
		return False
	case lacksAWS || lacksOther:
		return Maybe
	}
	return True
}

// lacksAny reports whether some of the wanted URNs are missing from urns.
func lacksAny(urns, wanted []string) bool {
	return slices.ContainsFunc(wanted, func(urn string) bool { return !slices.Contains(urns, urn) })
}

// Without returns the sources except one AWS resource.
func (s Sources) Without(o Origin) Sources {
	s.AWS = slices.DeleteFunc(slices.Clone(s.AWS), func(urn string) bool { return urn == o.URN })
	return s
}
