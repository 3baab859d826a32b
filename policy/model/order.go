package model

// order is what each resource of a stack waits for when the stack is deployed.
type order struct {
	after    map[string][]string // By URN: what has to exist before.
	parent   map[string]string
	children map[string][]string
}

// AddOrder tells what a resource waits for.
func (s *Stack) AddOrder(urn, parent string, after []string) {
	if s.order.after == nil {
		s.order = order{after: map[string][]string{}, parent: map[string]string{}, children: map[string][]string{}}
	}
	s.order.after[urn] = append(s.order.after[urn], after...)
	s.order.parent[urn] = parent
	s.order.children[parent] = append(s.order.children[parent], urn)
}

// Past is what a deployment of the stack finishes before it begins with one
// resource.
type Past struct{ finished, begun map[string]bool }

// Includes reports that the resource is finished by then.
func (p Past) Includes(o Origin) bool { return p.finished[o.URN] || p.begun[o.URN] }

// Before finds what a resource waits for: through dependencies, of its own, of
// what it is inside of, or of what it waits for. A dependency on a component is
// one on all that is inside, but for those who are inside themselves.
func (s *Stack) Before(o Origin) Past {
	past := Past{map[string]bool{}, map[string]bool{}}
	above := s.order.above(o.URN)
	next := []string{o.URN}
	for len(next) > 0 {
		urn := next[len(next)-1]
		next = next[:len(next)-1]
		if parent := s.order.parent[urn]; parent != "" && !past.Includes(Origin{URN: parent}) {
			past.begun[parent] = true
			next = append(next, parent)
		}
		waits := s.order.after[urn]
		if past.finished[urn] {
			waits = append(waits[:len(waits):len(waits)], s.order.children[urn]...)
		}
		for _, dependency := range waits {
			if !above[dependency] && !past.finished[dependency] {
				past.finished[dependency] = true
				next = append(next, dependency)
			}
		}
	}
	return past
}

// above are the ancestors of a resource. Nothing keeps a hand-made state from
// having a cycle.
func (o order) above(urn string) map[string]bool {
	ancestors := map[string]bool{}
	for urn = o.parent[urn]; urn != "" && !ancestors[urn]; urn = o.parent[urn] {
		ancestors[urn] = true
	}
	return ancestors
}
