package decode

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// duplicates maps resources that describe a thing a second time, by URN, to the
// resource that the model keeps. A program may read one thing in several
// components, and `pulumi policy analyze` also sends what a program reads.
type duplicates map[resource.URN]*node

// findDuplicates finds the nodes that describe the same thing as an earlier one.
// It compares only elements: a dedicated resource may have an element's ID, but
// states another fact.
func findDuplicates(nodes []*node) duplicates {
	nodes = slices.DeleteFunc(slices.Clone(nodes), func(n *node) bool { return !hasOwnID(n.token()) })
	found, byID := duplicates{}, map[string][]*node{}
	for _, n := range nodes {
		ids := n.ids()
		for _, id := range ids {
			if i := slices.IndexFunc(byID[id], n.isSame); i >= 0 {
				found[n.URN] = byID[id][i]
				break
			}
		}
		if found[n.URN] == nil {
			for _, id := range ids {
				byID[id] = append(byID[id], n)
			}
		}
	}
	return found
}

// hasOwnID reports whether the ID of a type's resources identifies an element. An
// account's settings have the same ID everywhere, and so have two stages of the
// same name in aws:apigatewayv2.
func hasOwnID(token string) bool {
	switch token {
	case "aws:apigateway/account:Account", "aws:apigatewayv2/api:Api", "aws:apigatewayv2/stage:Stage":
		return false
	}
	return readers[token].make != nil
}

// isSame reports whether two resources that share an ID or an ARN are the same
// thing. Some IDs are names that exist once per region. Resources of two types,
// such as a VPC and a default VPC, may state different facts.
func (n *node) isSame(other *node) bool {
	if n.token() != other.token() {
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

// without returns the nodes without duplicates. References to a duplicate lead to
// the node that is kept. That node also gets the dependencies and the ignored
// changes of the duplicate.
func (d duplicates) without(nodes []*node) []*node {
	if len(d) == 0 {
		return nodes
	}
	for _, n := range nodes {
		sources := make(map[resource.PropertyKey][]resource.URN, len(n.PropertyDependencies))
		for key := range n.PropertyDependencies {
			sources[key] = d.add(nil, n.sources(string(key)))
		}
		n.PropertyDependencies = sources
	}
	return slices.DeleteFunc(nodes, func(n *node) bool {
		kept := d[n.URN]
		if kept == nil {
			return false
		}
		for key, urns := range n.PropertyDependencies {
			kept.PropertyDependencies[key] = d.add(kept.sources(string(key)), urns)
		}
		kept.Options.IgnoreChanges = slices.Concat(kept.Options.IgnoreChanges, n.Options.IgnoreChanges)
		return true
	})
}

// add adds URNs to a set. A duplicate is replaced by the node that is kept.
func (d duplicates) add(set, urns []resource.URN) []resource.URN {
	for _, urn := range urns {
		if n := d[urn]; n != nil {
			urn = n.URN
		}
		if !slices.Contains(set, urn) {
			set = append(set, urn)
		}
	}
	return set
}
