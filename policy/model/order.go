package model

import "strings"

// order is what each resource of a stack waits for during a deployment.
type order struct {
	after    map[string][]string // The URNs that must exist before a URN.
	parent   map[string]string
	children map[string][]string
}

// AddOrder records the parent of a resource and the resources that it waits for.
func (s *Stack) AddOrder(urn, parent string, after []string) {
	if s.order.after == nil {
		s.order = order{after: map[string][]string{}, parent: map[string]string{}, children: map[string][]string{}}
	}
	s.order.after[urn] = append(s.order.after[urn], after...)
	s.order.parent[urn] = parent
	s.order.children[parent] = append(s.order.children[parent], urn)
}

// Past is the set of resources that a deployment finishes or begins before it
// deploys one resource.
type Past struct {
	finished map[string]bool
	begun    map[string]bool // Components around the resource.
}

// Includes reports whether a resource is in the set.
func (p Past) Includes(o Origin) bool { return p.finished[o.URN] || p.begun[o.URN] }

// customSteps are parts of the URNs of resources that run code or wait for some
// time. They may do anything.
var customSteps = []string{":dynamic:Resource::", "::command:", "::time:", "::null:"}

// hasCustomStep reports whether the set has a resource that may do anything.
func (p Past) hasCustomStep() bool {
	for urn := range p.finished {
		for _, step := range customSteps {
			if strings.Contains(urn, step) {
				return true
			}
		}
	}
	return false
}

// Exceeds reports whether a deployment finishes something in p that it does not
// finish in q.
func (p Past) Exceeds(q Past) bool {
	for urn := range p.finished {
		if !q.finished[urn] {
			return true
		}
	}
	return false
}

// Before returns everything that is deployed before o: its dependencies, those
// of its ancestors, and theirs in turn. Depending on a component means
// depending on every resource inside it, unless the dependent is inside that
// component too.
func (s *Stack) Before(o Origin) Past {
	past := Past{map[string]bool{}, map[string]bool{}}
	ancestors := s.order.ancestors(o.URN)
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
			if !ancestors[dependency] && !past.finished[dependency] {
				past.finished[dependency] = true
				next = append(next, dependency)
			}
		}
	}
	return past
}

// ancestors returns the components around a resource. It stops at a cycle,
// which a state edited by hand may have.
func (o order) ancestors(urn string) map[string]bool {
	found := map[string]bool{}
	for urn = o.parent[urn]; urn != "" && !found[urn]; urn = o.parent[urn] {
		found[urn] = true
	}
	return found
}
