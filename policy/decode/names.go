package decode

import "strings"

// nameNodes gives each node the name that messages use. A name that several
// nodes have is followed by the type of the resource. If the type repeats, too,
// the component around the resource tells them apart.
func nameNodes(nodes []*node) {
	for _, form := range []func(*node) string{
		func(n *node) string { return n.Name },
		func(n *node) string { return n.Name + " (" + n.shortType() + ")" },
		func(n *node) string { return n.Name + " (" + n.shortType() + n.place() + ")" },
		func(n *node) string { return n.Name + " (" + string(n.Type) + n.place() + ")" },
	} {
		nodes = nameEach(nodes, form)
	}
}

// nameEach names nodes in one form. It returns the nodes that share a name.
func nameEach(nodes []*node, form func(*node) string) (repeated []*node) {
	uses := make(map[string]int, len(nodes))
	for _, n := range nodes {
		n.label = form(n)
		uses[n.label]++
	}
	for _, n := range nodes {
		if uses[n.label] > 1 {
			repeated = append(repeated, n)
		}
	}
	return repeated
}

// shortType returns the last part of the resource's type, such as RestApi.
func (n *node) shortType() string {
	t := string(n.Type)
	return t[strings.LastIndexByte(t, ':')+1:]
}

// place returns the component around the resource as a part of a name. It is
// empty for a resource of the stack itself.
func (n *node) place() string {
	parent, known := n.input.resources[n.Parent]
	if !known || parent.Type == stackType {
		return ""
	}
	return " in " + parent.Name
}

// stackType is the type of the resource that stands for the stack.
const stackType = "pulumi:pulumi:Stack"
