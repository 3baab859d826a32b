package model

import (
	"slices"
	"strings"
)

// order is what each resource of a stack waits for during a deployment. It
// numbers the resources, because sets of numbers are small and fast.
type order struct {
	numbers map[string]int // By URN.
	urns    []string       // By number.
	steps   []step         // By number.
	custom  []int          // The resources that may do anything.
}

// step is what is known about the deployment of one resource.
type step struct {
	after    []int // The resources that must exist before.
	parent   int   // It is noParent if there is none.
	children []int
}

// noParent stands for the parent of a resource that has none.
const noParent = -1

// customSteps are parts of the URNs of resources that run code or wait for some
// time. They may do anything.
var customSteps = []string{":dynamic:Resource::", "::command:", "::time:", "::null:"}

// number returns the number of a resource. It gives one to a resource that has
// none yet.
func (o *order) number(urn string) int {
	if n, known := o.numbers[urn]; known {
		return n
	}
	if o.numbers == nil {
		o.numbers = map[string]int{}
	}
	n := len(o.steps)
	o.numbers[urn] = n
	o.steps, o.urns = append(o.steps, step{parent: noParent}), append(o.urns, urn)
	if slices.ContainsFunc(customSteps, func(part string) bool { return strings.Contains(urn, part) }) {
		o.custom = append(o.custom, n)
	}
	return n
}

// AddOrder records the parent of a resource and the resources that it waits for.
func (s *Stack) AddOrder(urn, parent string, after []string) {
	o := &s.order
	n := o.number(urn)
	for _, dependency := range after {
		d := o.number(dependency)
		o.steps[n].after = append(o.steps[n].after, d)
	}
	o.steps[n].parent = noParent
	if parent != "" {
		p := o.number(parent)
		o.steps[n].parent = p
		o.steps[p].children = append(o.steps[p].children, n)
	}
}

// numberSet is a set of numbers, with one bit for each.
type numberSet []uint64

// newNumberSet returns an empty set of numbers below n.
func newNumberSet(n int) numberSet { return make(numberSet, (n+63)/64) }

func (s numberSet) add(n int) { s[n/64] |= 1 << (n % 64) }

func (s numberSet) has(n int) bool { return s[n/64]&(1<<(n%64)) != 0 }

// Past is the set of resources that a deployment finishes or begins before it
// deploys one resource.
type Past struct {
	order    *order
	finished numberSet
	begun    numberSet // Components around the resource.
}

// Includes reports whether a resource is in the set.
func (p Past) Includes(o Origin) bool {
	n, known := p.order.numbers[o.URN]
	return known && p.includes(n)
}

// includes reports whether the resource with a number is in the set.
func (p Past) includes(n int) bool { return p.finished.has(n) || p.begun.has(n) }

// hasCustomStep reports whether the set has a resource that may do anything.
func (p Past) hasCustomStep() bool {
	return slices.ContainsFunc(p.order.custom, p.finished.has)
}

// Exceeds reports whether a deployment finishes something in p that it does not
// finish in q.
func (p Past) Exceeds(q Past) bool {
	for i := range p.finished {
		if p.finished[i]&^q.finished[i] != 0 {
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
	all := len(s.order.steps)
	past := Past{&s.order, newNumberSet(all), newNumberSet(all)}
	first, known := s.order.numbers[o.URN]
	if !known {
		return past
	}
	ancestors, next := s.order.ancestors(first), []int{first}
	finish := func(numbers []int) {
		for _, n := range numbers {
			if !ancestors.has(n) && !past.finished.has(n) {
				past.finished.add(n)
				next = append(next, n)
			}
		}
	}
	for len(next) > 0 {
		n := next[len(next)-1]
		next = next[:len(next)-1]
		step := &s.order.steps[n]
		if parent := step.parent; parent != noParent && !past.includes(parent) {
			past.begun.add(parent)
			next = append(next, parent)
		}
		finish(step.after)
		if past.finished.has(n) {
			finish(step.children)
		}
	}
	return past
}

// ancestors returns the components around a resource. It stops at a cycle,
// which a state edited by hand may have.
func (o *order) ancestors(n int) numberSet {
	found := newNumberSet(len(o.steps))
	for n = o.steps[n].parent; n != noParent && !found.has(n); n = o.steps[n].parent {
		found.add(n)
	}
	return found
}
