package decode

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// twins are the resources that stand for a thing once more, by URN, each with the
// resource that the model keeps of it. A program may read one thing in several
// components, and `pulumi policy analyze` sends what is read.
type twins map[resource.URN]*node

// findTwins compares the resources that are elements: what is told of them by a
// resource of its own may have their id too, and is another fact.
func findTwins(nodes []*node) twins {
	nodes = slices.DeleteFunc(slices.Clone(nodes), func(n *node) bool { return !isReferred(canonical(string(n.Type))) })
	found, byName := twins{}, map[string][]*node{}
	for _, n := range nodes {
		names := n.names()
		for _, name := range names {
			if i := slices.IndexFunc(byName[name], n.isSame); i >= 0 {
				found[n.URN] = byName[name][i]
				break
			}
		}
		if found[n.URN] == nil {
			for _, name := range names {
				byName[name] = append(byName[name], n)
			}
		}
	}
	return found
}

// isReferred reports that a type's elements are what references lead to, by an id
// of their own. A permission has one within its function, an account the region's.
func isReferred(token string) bool {
	switch token {
	case "aws:apigateway/account:Account", "aws:apigatewayv2/api:Api", "aws:lambda/permission:Permission":
		return false
	}
	return readers[token].make != nil
}

// names are the id and the ARN of a resource, as far as they are known.
func (n *node) names() []string {
	var all []string
	for _, key := range []string{"id", "arn"} {
		if name, known := n.get(key).str().Get(); known && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// isSame reports that two resources with a name in common are one thing. Some
// ids are names that each region has once, and what is of two types, as a VPC and
// a default VPC, may say different things of it.
func (n *node) isSame(other *node) bool {
	if canonical(string(n.Type)) != canonical(string(other.Type)) {
		return false
	}
	for _, key := range []string{"id", "arn"} {
		a, aKnown := n.get(key).str().Get()
		b, bKnown := other.get(key).str().Get()
		if aKnown && bKnown && a != b {
			return false
		}
	}
	return n.element().SameRegion(other.element().Placement) != model.False
}

// without drops the twins, and leads what comes from them to what is kept. What
// the program says of one of them it says of the thing.
func (t twins) without(nodes []*node) []*node {
	if len(t) == 0 {
		return nodes
	}
	for _, n := range nodes {
		sources := make(map[resource.PropertyKey][]resource.URN, len(n.PropertyDependencies))
		for key := range n.PropertyDependencies {
			sources[key] = t.add(nil, n.sources(string(key)))
		}
		n.PropertyDependencies = sources
	}
	return slices.DeleteFunc(nodes, func(n *node) bool {
		kept := t[n.URN]
		if kept == nil {
			return false
		}
		for key, urns := range n.PropertyDependencies {
			kept.PropertyDependencies[key] = t.add(kept.sources(string(key)), urns)
		}
		kept.Options.IgnoreChanges = slices.Concat(kept.Options.IgnoreChanges, n.Options.IgnoreChanges)
		return true
	})
}

// add is a set of URNs and others, those of twins replaced.
func (t twins) add(set, urns []resource.URN) []resource.URN {
	for _, urn := range urns {
		if n := t[urn]; n != nil {
			urn = n.URN
		}
		if !slices.Contains(set, urn) {
			set = append(set, urn)
		}
	}
	return set
}
