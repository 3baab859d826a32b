package model

import "slices"

// Sources are what a value of a stack is made from: the resources whose outputs
// the program has put into it. A value that is made from nothing is written in
// the program or comes from its configuration.
type Sources struct {
	// AWS are the URNs of AWS resources. Other are those of other resources,
	// such as components, whose outputs may come from any resource.
	AWS, Other []string
}

// Has reports that a resource is one of the sources.
func (s Sources) Has(o Origin) bool { return slices.Contains(s.AWS, o.URN) }

// Follow asks whether a value made from these sources is another one whenever a
// value made from the others is. It may be so where it has a part that is no
// output of a resource.
func (s Sources) Follow(others Sources) Truth {
	if len(others.AWS)+len(others.Other) == 0 {
		return Maybe
	}
	missing := func(own []string) func(string) bool {
		return func(urn string) bool { return !slices.Contains(own, urn) }
	}
	lacksAWS, lacksOther := slices.ContainsFunc(others.AWS, missing(s.AWS)), slices.ContainsFunc(others.Other, missing(s.Other))
	switch {
	case lacksAWS && len(s.Other) == 0:
		return False
	case lacksAWS || lacksOther:
		return Maybe
	}
	return True
}

// Without are the sources other than one resource.
func (s Sources) Without(o Origin) Sources {
	s.AWS = slices.DeleteFunc(slices.Clone(s.AWS), func(urn string) bool { return urn == o.URN })
	return s
}
