package model

import "slices"

// order is what each resource of a stack waits for when the stack is deployed.
type order struct {
	after  map[string][]string // By URN: what has to exist before.
	parent map[string]string
}

// AddOrder tells what a resource waits for.
func (s *Stack) AddOrder(urn, parent string, after []string) {
	if s.order.after == nil {
		s.order = order{after: map[string][]string{}, parent: map[string]string{}}
	}
	s.order.after[urn] = append(s.order.after[urn], after...)
	s.order.parent[urn] = parent
}

// Waits reports that a deployment of the stack finishes one resource before it
// begins with the other: through dependencies, of its own or of what it depends
// on. A dependency on a component is one on all that is inside.
func (s *Stack) Waits(later, earlier Origin) bool {
	above := s.order.above(later.URN)
	seen := map[string]bool{}
	next := []string{later.URN}
	for len(next) > 0 {
		urn := next[0]
		next = next[1:]
		if seen[urn] {
			continue
		}
		seen[urn] = true
		for _, dependency := range s.order.after[urn] {
			if s.order.isInside(earlier.URN, dependency) && !slices.Contains(above, dependency) {
				return true
			}
			next = append(next, dependency)
		}
		parent := s.order.parent[urn]
		if parent == earlier.URN {
			return true
		}
		next = append(next, parent)
	}
	return false
}

// above are the ancestors of a resource. Nothing keeps a hand-made state from
// having a cycle.
func (o order) above(urn string) []string {
	var ancestors []string
	for urn = o.parent[urn]; urn != "" && !slices.Contains(ancestors, urn); urn = o.parent[urn] {
		ancestors = append(ancestors, urn)
	}
	return ancestors
}

// isInside reports that a resource is another one, or has it above.
func (o order) isInside(urn, other string) bool {
	return urn == other || slices.Contains(o.above(urn), other)
}
