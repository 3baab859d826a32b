package decode

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// registry finds the elements of one kind that a property refers to. The zero
// registry is empty and ready to use.
type registry[T any] struct {
	input   *input // Nil as long as the registry is empty.
	all     []*T
	entries []*entry[T]
	byURN   map[resource.URN]*entry[T]
	byName  map[string][]*T
	inside  map[resource.URN][]*entry[T] // The elements inside a component, once they have been looked for.
}

// entry is an element and the resource that stands for it.
type entry[T any] struct {
	element *T
	urn     resource.URN
	named   bool // Its ID or ARN is known.
	// part is whether the element is only a part of the resource, such as the main route table of a VPC. A property may
	// then depend on the resource for another reason: a program looks up other route tables by their VPC too.
	part bool
}

// put adds to a map that may be nil.
func put[K comparable, V any](m *map[K]V, key K, v V) {
	if *m == nil {
		*m = map[K]V{}
	}
	(*m)[key] = v
}

// add adds an element. References find it by its URN, and by its ID or ARN if
// they are known. It returns all elements so far, in order.
func (r *registry[T]) add(n *node, element *T) []*T {
	ids := n.ids()
	e := &entry[T]{element: element, urn: n.URN, named: len(ids) > 0}
	for _, id := range ids {
		r.addName(element, model.Of(id))
	}
	r.all = append(r.all, element)
	r.entries = append(r.entries, e)
	r.input = n.input
	put(&r.byURN, n.URN, e)
	return r.all
}

// addName lets references find an element by another name, such as a DNS name.
func (r *registry[T]) addName(element *T, name model.Known[string]) {
	if text, known := name.Get(); known && !slices.Contains(r.byName[text], element) {
		put(&r.byName, text, append(r.byName[text], element))
	}
}

// alias lets references find an element by the URN of a resource that repeats
// its ID.
func (r *registry[T]) alias(n *node, element *T) {
	r.input = n.input
	put(&r.byURN, n.URN, &entry[T]{element: element, urn: n.URN})
}

// aliasPart lets references find an element by the URN of the resource that AWS
// creates it with.
func (r *registry[T]) aliasPart(n *node, element *T) {
	r.input = n.input
	put(&r.byURN, n.URN, &entry[T]{element: element, urn: n.URN, part: true})
}

// replace makes an element stand for another one, which the resource with this URN
// described before. References to the other one then lead to the element.
func (r *registry[T]) replace(other, element *T, urn resource.URN) {
	before := r.byURN[urn]
	put(&r.byURN, urn, &entry[T]{element: element, urn: urn, part: before != nil && before.part})
	for text, elements := range r.byName {
		if slices.Contains(elements, other) {
			kept := slices.DeleteFunc(slices.Clone(elements), func(e *T) bool { return e == other || e == element })
			r.byName[text] = append(kept, element)
		}
	}
}

// ref reads a property that names one element.
func (r *registry[T]) ref(n *node, key string) model.Ref[T] {
	return r.resolve(n.get(key).str(), n.sources(key))
}

// refs reads a property that is a list of names. If its items are objects, field
// is the member that holds the name.
func (r *registry[T]) refs(n *node, key, field string) model.Refs[T] {
	return r.refsIn(n.get(key).list(), field, n.sources(key))
}

// atMostOne reads a property that names one element or none, as a set.
func (r *registry[T]) atMostOne(n *node, key string) model.Refs[T] {
	return r.refsIn(n.get(key).sole(), "", n.sources(key))
}

// refsIn reads a list of names that comes from the given URNs.
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

// share divides candidates among the unknown items of a set, which all come from
// the same URNs. Items of a set differ. With as many candidates as items, each
// item gets one; with fewer, some items come from elsewhere.
func share[T any](items []model.Ref[T]) {
	var unknown []*model.Ref[T]
	taken := map[*T]bool{}
	for i := range items {
		if sole, certain := items[i].Sole(); items[i].Value.IsUnknown() && !items[i].Open {
			unknown = append(unknown, &items[i])
		} else if certain {
			taken[sole] = true
		}
	}
	for i, item := range unknown {
		free := slices.DeleteFunc(slices.Clone(item.Candidates), func(t *T) bool { return taken[t] })
		item.Open = len(free) < len(unknown)
		if len(free) == len(unknown) {
			free = free[i : i+1]
		}
		item.Candidates = free
	}
}

// maxCandidates limits the candidates of an unknown. A reference with more
// candidates is treated as one to any element.
const maxCandidates = 64

// resolve returns the elements that a name may mean. If the name is known and an
// element has it, that element is the answer. Otherwise the candidates are the
// elements to which the URNs lead. A known name that no element has stays open,
// because the URNs may belong to other parts of the property.
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
	if !known && len(ref.Candidates) > maxCandidates {
		ref.Candidates, ref.Open = nil, true
	}
	return ref
}

// candidates returns the elements that URNs lead to. A component leads to the
// elements inside it, unless another URN already names one of them. The result
// is closed if every URN leads to an element, or to a resource whose outputs are
// not used as names. It stays open if the program may have looked up another element
// by a resource, of which the element is only a part, and by its subnets.
func (r *registry[T]) candidates(from []resource.URN) (found []*entry[T], closed bool) {
	closed = true
	var named, parts []*entry[T]
	var others []resource.URN
	for _, urn := range from {
		switch e := r.byURN[urn]; {
		case e == nil:
			others = append(others, urn)
		case e.part:
			parts = append(parts, e)
		default:
			named = append(named, e)
		}
	}
	found = slices.Concat(named, parts)
	for _, urn := range others {
		if givesNoReferences(urn) {
			closed = closed && len(parts) == 0
			continue
		}
		if r.anyInside(urn, named) {
			continue
		}
		inside := r.elementsInside(urn)
		found = append(found, without(inside, parts)...)
		closed = closed && len(inside) > 0
	}
	return found, closed
}

// without returns the entries of those elements that have no entry in another list.
func without[T any](entries, other []*entry[T]) []*entry[T] {
	return slices.DeleteFunc(slices.Clone(entries), func(e *entry[T]) bool {
		return slices.ContainsFunc(other, func(o *entry[T]) bool { return o.element == e.element })
	})
}

// anyInside reports whether one of the entries is inside a component.
func (r *registry[T]) anyInside(component resource.URN, entries []*entry[T]) bool {
	return slices.ContainsFunc(entries, func(e *entry[T]) bool { return r.input.isInside(e.urn, component) })
}

// elementsInside returns the elements inside a component.
func (r *registry[T]) elementsInside(component resource.URN) []*entry[T] {
	if !isComponent(component) {
		return nil
	}
	inside, done := r.inside[component]
	if !done {
		for _, e := range r.entries {
			if r.input.isInside(e.urn, component) {
				inside = append(inside, e)
			}
		}
		put(&r.inside, component, inside)
	}
	return inside
}

// givesNoReferences reports whether a property takes something else than a name
// from a resource: an Elastic IP next to a subnet in a mapping, or a range next
// to a security group in a rule.
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
