package decode

import (
	"strings"

	"private-api-blueprints/policy/model"
)

// resourcePath is a node in the tree of a REST API's paths: its root, or a
// resource of the program below it.
type resourcePath struct {
	// part is the last segment of the path. The root has none.
	part   model.Known[string]
	isRoot bool
	parent model.Ref[resourcePath]
	// whole is the path that the provider has read. It may be older than the part.
	whole model.Known[string]
}

// makeRootPath lets methods find the root of an API's paths.
func (b *builder) makeRootPath(n *node) {
	root := &resourcePath{isRoot: true}
	b.paths.add(n, root)
	b.paths.aliasPart(n, root)
	b.paths.addName(root, n.get("rootResourceId").str())
}

func (b *builder) makePath(n *node) {
	b.paths.add(n, &resourcePath{part: n.get("pathPart").str(), whole: n.get("path").str()})
}

// aliasPath resolves the parent of a resource.
func (b *builder) aliasPath(n *node) {
	elementOf(&b.paths, n).parent = b.paths.ref(n, "parentId")
}

// aliasMethodPath lets an integration find its path by its method: programs often
// take the resource's ID from the method.
func (b *builder) aliasMethodPath(n *node) {
	if path, certain := b.paths.ref(n, "resourceId").Sole(); certain {
		b.paths.alias(n, path)
	}
}

// pathOf returns the path to which a reference leads, such as /orders/{id}. It is
// unknown if a part of it is not in the stack.
func pathOf(ref model.Ref[resourcePath]) model.Known[string] {
	var parts []string
	for range maxDepth {
		node, certain := ref.Sole()
		switch {
		case !certain:
			return model.Unknown[string]()
		case node.isRoot:
			return model.Of("/" + strings.Join(parts, "/"))
		}
		part, known := node.part.Get()
		whole, _ := node.whole.Get()
		switch {
		case !known:
			return model.Unknown[string]()
		case !node.parent.IsClosed() && strings.HasSuffix(whole, "/"+part):
			return model.Of(strings.Join(append([]string{whole}, parts...), "/"))
		}
		parts = append([]string{part}, parts...)
		ref = node.parent
	}
	return model.Unknown[string]()
}
