package model

import "strings"

// parentOf returns the URN of the parent of a resource. It is empty if the resource
// has none.
func (s *Stack) parentOf(urn string) string {
	n, known := s.order.numbers[urn]
	if !known || s.order.steps[n].parent == noParent {
		return ""
	}
	return s.order.urns[s.order.steps[n].parent]
}

// IsInside reports whether a resource is a component, or inside it.
func (s *Stack) IsInside(urn, component string) bool {
	for range len(s.order.steps) + 1 { // A state edited by hand may have a cycle.
		if urn == component {
			return true
		}
		if urn = s.parentOf(urn); urn == "" {
			return false
		}
	}
	return false
}

// Nearest returns those URNs that a name means which a component uses: the ones
// inside the component if there are some, otherwise those inside its parent, and so
// on. Without a component it returns all of them.
func (s *Stack) Nearest(component string, urns []string) []string {
	for range len(s.order.steps) + 1 {
		if component == "" {
			break
		}
		var inside []string
		for _, urn := range urns {
			if s.IsInside(urn, component) {
				inside = append(inside, urn)
			}
		}
		if len(inside) > 0 {
			return inside
		}
		component = s.parentOf(component)
	}
	return urns
}

// Namesakes returns the URNs of all resources with the name and the type of one,
// and its own URN.
func (s *Stack) Namesakes(urn string) []string {
	found := []string{urn}
	key := typeAndName(urn)
	if key == "" {
		return found
	}
	s.namesakesOnce.Do(func() {
		s.namesakes = map[string][]string{}
		for _, other := range s.order.urns {
			s.namesakes[typeAndName(other)] = append(s.namesakes[typeAndName(other)], other)
		}
	})
	for _, other := range s.namesakes[key] {
		if other != urn {
			found = append(found, other)
		}
	}
	return found
}

// typeAndName returns the end of a URN: the type of the resource without those of its parents, and its name.
func typeAndName(urn string) string {
	parts := strings.SplitN(urn, "::", 4)
	if len(parts) < 4 {
		return ""
	}
	return parts[2][strings.LastIndex(parts[2], "$")+1:] + "::" + parts[3]
}
