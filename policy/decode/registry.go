package decode

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// registry finds the elements of one kind by what a property says of them.
type registry[T any] struct {
	tree    tree
	all     []*T
	entries []*entry[T]
	byURN   map[resource.URN]*entry[T]
	byName  map[string][]*T
	inside  map[resource.URN][]*entry[T] // The elements of a component, filled on demand.
}

type entry[T any] struct {
	element *T
	urn     resource.URN
	named   bool // Its id or ARN is known.
}

func newRegistry[T any](t tree) *registry[T] {
	return &registry[T]{
		tree:   t,
		byURN:  map[resource.URN]*entry[T]{},
		byName: map[string][]*T{},
		inside: map[resource.URN][]*entry[T]{},
	}
}

// add makes an element findable by its URN and by the ids that are known.
func (r *registry[T]) add(n *node, element *T) {
	e := &entry[T]{element: element, urn: n.URN}
	for _, key := range []string{"id", "arn"} {
		name, known := n.get(key).str().Get()
		if known && !slices.Contains(r.byName[name], element) { // Some ids are ARNs.
			e.named = true
			r.byName[name] = append(r.byName[name], element)
		}
	}
	r.all = append(r.all, element)
	r.entries = append(r.entries, e)
	r.byURN[n.URN] = e
}

// alias makes an element findable by the URN of a resource that repeats its id.
func (r *registry[T]) alias(n *node, element *T) {
	r.byURN[n.URN] = &entry[T]{element: element, urn: n.URN}
}

// ref reads a property that names one element.
func (r *registry[T]) ref(n *node, key string) model.Ref[T] {
	return r.resolve(n.get(key).str(), n.sources(key))
}

// refs reads a property that names a set of elements; where its items are
// objects, field is their member that does.
func (r *registry[T]) refs(n *node, key, field string) model.Refs[T] {
	return r.refsIn(n.get(key).list(), field, n.sources(key))
}

func (r *registry[T]) refsIn(l list, field string, from []resource.URN) model.Refs[T] {
	var set model.Refs[T]
	seen := map[string]bool{}
	for _, item := range l.items {
		if field != "" {
			item = item.field(field)
		}
		name := item.str()
		text, known := name.Get()
		if name.IsAbsent() || known && seen[text] {
			continue
		}
		seen[text] = known
		set.Items = append(set.Items, r.resolve(name, from))
	}
	share(set.Items)
	if l.open {
		rest := r.resolve(model.Unknown[string](), from)
		set.Rest = &rest
	}
	return set
}

// share settles the unknown elements of a set, which have their candidates in
// common. Elements of a set differ: as many candidates as elements are one
// each, and fewer mean that some elements come from elsewhere.
func share[T any](items []model.Ref[T]) {
	var unsettled []*model.Ref[T]
	taken := map[*T]bool{}
	for i := range items {
		if sole, certain := items[i].Sole(); items[i].Value.IsUnknown() && !items[i].Open {
			unsettled = append(unsettled, &items[i])
		} else if certain {
			taken[sole] = true
		}
	}
	for i, item := range unsettled {
		free := slices.DeleteFunc(slices.Clone(item.Candidates), func(t *T) bool { return taken[t] })
		item.Open = len(free) < len(unsettled)
		if len(free) == len(unsettled) {
			free = free[i : i+1]
		}
		item.Candidates = free
	}
}

// resolve finds what a value may name: by the value itself where ids are known,
// else by the URNs that it comes from. Those may be the sources of other parts
// of the property, so they never settle what an id names that is known.
func (r *registry[T]) resolve(name model.Known[string], from []resource.URN) model.Ref[T] {
	ref := model.Ref[T]{Value: name}
	text, known := name.Get()
	switch {
	case name.IsAbsent():
		return ref
	case known && len(r.byName[text]) > 0:
		ref.Candidates = r.byName[text]
		return ref
	}
	candidates, closed := r.candidates(from)
	for _, e := range candidates {
		if !known || !e.named {
			ref.Candidates = append(ref.Candidates, e.element)
		}
	}
	ref.Open = known || len(ref.Candidates) == 0 || !closed
	if !known && len(ref.Candidates) > mostCandidates {
		ref.Candidates, ref.Open = nil, true
	}
	return ref
}

// mostCandidates bounds what is kept of an unknown that may name many elements:
// with more of them it may as well name anything.
const mostCandidates = 64

// candidates are the elements that the edges lead to: those that they name, and
// for an edge to a component the elements inside it. The edge to a component is
// left out where another edge is more precise and names an element inside it.
// They are closed if every edge leads to one, or to what has no such ids to give.
func (r *registry[T]) candidates(edges []resource.URN) (found []*entry[T], closed bool) {
	closed = true
	var components []resource.URN
	for _, edge := range edges {
		if e := r.byURN[edge]; e != nil {
			found = append(found, e)
		} else {
			components = append(components, edge)
		}
	}
	precise := found
	for _, edge := range components {
		if r.anyInside(edge, precise) || givesNoReferences(edge) {
			continue
		}
		inside := r.elementsInside(edge)
		found = append(found, inside...)
		closed = closed && len(inside) > 0
	}
	return found, closed
}

func (r *registry[T]) anyInside(component resource.URN, entries []*entry[T]) bool {
	for _, e := range entries {
		if r.tree.isInside(e.urn, component) {
			return true
		}
	}
	return false
}

func (r *registry[T]) elementsInside(component resource.URN) []*entry[T] {
	if !isComponent(component) {
		return nil
	}
	inside, done := r.inside[component]
	if !done {
		for _, e := range r.entries {
			if r.tree.isInside(e.urn, component) {
				inside = append(inside, e)
			}
		}
		r.inside[component] = inside
	}
	return inside
}

// tree maps each resource of a stack to its parent.
type tree map[resource.URN]resource.URN

// deepest is how many components may be inside one another. Of what is deeper it
// is not known that it belongs to the outermost ones.
const deepest = 100

// isInside reports that ancestor is above urn. The walk is bounded, because
// nothing keeps a hand-made state from having a cycle.
func (t tree) isInside(urn, ancestor resource.URN) bool {
	for range deepest {
		parent, known := t[urn]
		if !known || parent == "" {
			return false
		}
		if parent == ancestor {
			return true
		}
		urn = parent
	}
	return false
}

// isComponent tells components, whose outputs may come from any of their
// children, from AWS resources, which only ever give outputs of their own.
func isComponent(urn resource.URN) bool {
	return urn.IsValid() && !strings.HasPrefix(string(urn.Type()), "aws:")
}

// givesNoReferences knows the resources of which a property takes another thing
// than an id for the model: a mapping's Elastic IP beside its subnet, a rule's
// range beside its group.
func givesNoReferences(urn resource.URN) bool {
	if !urn.IsValid() {
		return false
	}
	switch urn.Type() {
	case "aws:ec2/eip:Eip", "aws:ec2/subnet:Subnet", "aws:ec2/securityGroup:SecurityGroup":
		return true
	}
	return false
}
