package decode

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/policy/model"
)

// input is a stack as the engine sends it.
type input struct {
	resources map[resource.URN]*plugin.AnalyzerStackResource
	// onRead, if not nil, is called for each property that is read. A test compares them with properties.yaml.
	onRead func(token, property string)
}

// newInput indexes the resources of a stack.
func newInput(resources []plugin.AnalyzerStackResource, onRead func(token, property string)) *input {
	in := &input{make(map[resource.URN]*plugin.AnalyzerStackResource, len(resources)), onRead}
	for i, r := range resources {
		in.resources[r.URN] = &resources[i]
	}
	return in
}

// maxDepth limits how deep components are searched. If a resource is deeper, the
// outermost components are not known to contain it.
const maxDepth = 100

// isInside reports whether a component contains a resource. The limit also ends
// the search in a cycle, which a state edited by hand may have.
func (in *input) isInside(urn, component resource.URN) bool {
	for range maxDepth {
		r, known := in.resources[urn]
		if !known || r.Parent == "" {
			return false
		}
		if r.Parent == component {
			return true
		}
		urn = r.Parent
	}
	return false
}

// node is a resource of the stack that the model keeps.
type node struct {
	plugin.AnalyzerStackResource
	input *input
	// label is the name of the resource in messages. See nameNodes.
	label string
	// noProvider is true if the provider itself is not configured yet. Then an unknown does not tell whether the
	// program sets a property.
	noProvider bool
}

// newNode returns the node for a resource.
func newNode(in *input, r plugin.AnalyzerStackResource) *node {
	noProvider := r.Provider != nil && r.Provider.Properties.ContainsUnknowns()
	return &node{AnalyzerStackResource: r, input: in, noProvider: noProvider}
}

// token returns the resource's type as readers and properties.yaml write it.
func (n *node) token() string { return canonical(string(n.Type)) }

// canonical returns the token under which a type is listed: aws:alb/… and
// aws:lb/… are the same resources.
func canonical(resourceType string) string {
	if rest, isAlb := strings.CutPrefix(resourceType, "aws:alb/"); isAlb {
		return "aws:lb/" + rest
	}
	return resourceType
}

// get reads a property. A property that is missing although it depends on other
// resources is unknown, because the engine drops values that it cannot know yet
// (https://github.com/pulumi/pulumi/issues/7854).
func (n *node) get(key string) value {
	if n.input.onRead != nil {
		n.input.onRead(n.token(), key)
	}
	v := newValue(n.Properties[resource.PropertyKey(key)], key)
	depends := len(n.sources(key)) > 0
	switch {
	case v.absent && depends && v.raw.IsNull():
		v.absent, v.hidden = false, true
	case v.computed() && !depends && !n.noProvider && FilledByProvider(string(n.Type), key):
		v.absent, v.hidden = true, false
	}
	return v
}

// sources returns the URNs that a property, or a part of it, comes from.
func (n *node) sources(key string) []resource.URN {
	return n.PropertyDependencies[resource.PropertyKey(key)]
}

// sourcesOf returns the resources that a property is made from.
func (n *node) sourcesOf(key string) model.Sources {
	var all model.Sources
	for _, urn := range n.sources(key) {
		if isAWS(urn) {
			all.AWS = append(all.AWS, string(urn))
		} else {
			all.Other = append(all.Other, string(urn))
		}
	}
	return all
}

// ids returns the ID and the ARN of the resource, if they are known.
func (n *node) ids() []string {
	var all []string
	for _, key := range []string{"id", "arn"} {
		if name, known := n.get(key).str().Get(); known && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// exists reports whether the resource exists in AWS: the engine knows a value
// that AWS gave it.
func (n *node) exists() bool {
	for _, key := range []string{"id", "arn", "ownerId", "state"} {
		if _, known := n.get(key).str().Get(); known {
			return true
		}
	}
	return false
}

// mayKeep reports whether a part of a property may come from AWS and not from the
// program. For a resource that exists, the provider keeps the values that AWS
// has. A value that comes from other resources certainly comes from the program.
func (n *node) mayKeep(key string) bool {
	programmed := len(n.sources(key)) > 0 && !n.get(key).raw.ContainsUnknowns()
	return len(n.ids()) > 0 && !programmed
}

// ignoresChanges reports whether Pulumi ignores changes of a property.
func (n *node) ignoresChanges(key string) bool {
	return slices.ContainsFunc(n.Options.IgnoreChanges, func(path string) bool {
		return path == "*" || path == key || strings.HasPrefix(path, key+"[")
	})
}

// sets asks whether the resource sets a property to something. A value that is
// made from an AWS resource's output is not empty once it is known.
func (n *node) sets(key string) model.Truth {
	v := n.get(key)
	switch {
	case v.absent:
		return model.False
	case !v.hidden || slices.ContainsFunc(n.sources(key), isAWS):
		return model.True
	}
	return model.Maybe
}

// isProgrammed asks whether a property holds what the program says, and not what
// the provider has read. That is certain for a resource without an ID, which
// does not exist yet, and for a value that is made from other resources.
func (n *node) isProgrammed(key string) model.Truth {
	_, exists := n.Properties["id"]
	if !exists || len(n.sources(key)) > 0 {
		return model.True
	}
	return model.Maybe
}

// states asks whether the program sets a property that the provider otherwise
// fills in. If the resource exists, its value may come from the provider.
func (n *node) states(key string) model.Truth {
	v := n.get(key)
	switch {
	case v.absent:
		return model.False
	case v.hidden || n.exists():
		return model.Maybe
	}
	return model.True
}

// origin returns the place of one of the resource's properties.
func (n *node) origin(property string) model.Origin {
	return model.Origin{URN: string(n.URN), Property: property}
}

// element returns what all elements have in common.
func (n *node) element() model.Element {
	return model.Element{
		Origin: n.origin(""), ID: n.givenID(), Name: n.label, NameInProgram: n.Name, Placement: n.placement(),
	}
}

// givenID returns the resource's ID. The engine sends none, or an unknown one, for a resource that does not exist yet.
// Every type has an ID, so properties.yaml does not list this reading of it.
func (n *node) givenID() model.Known[string] {
	id := newValue(n.Properties["id"], "id").str()
	if id.IsAbsent() {
		return model.Unknown[string]()
	}
	return id
}

// output reads a property that AWS gives to every resource of the type. The engine may leave it out before the resource
// exists.
func (n *node) output(key string) value {
	v := n.get(key)
	if v.absent {
		v.absent, v.hidden = false, true
	}
	return v
}

// placement returns where the resource is. A region that is unknown and comes
// from nowhere is the provider's, which fills it in.
func (n *node) placement() model.Placement {
	p := model.Placement{OwnRegion: n.get(regionProperty).str(), Global: isGlobal(n.token())}
	if n.Provider != nil {
		p.Provider = string(n.Provider.URN)
		p.ProviderRegion = newValue(n.Provider.Properties[regionProperty], regionProperty).str()
	}
	return p
}

// isAWS reports whether a resource belongs to the AWS provider.
func isAWS(urn resource.URN) bool {
	return urn.IsValid() && strings.HasPrefix(string(urn.Type()), "aws:")
}

// isComponent reports whether a resource may be a component: it does not belong
// to the AWS provider. Outputs of a component may come from any of its children,
// and an AWS resource gives only its own.
func isComponent(urn resource.URN) bool {
	return urn.IsValid() && !strings.HasPrefix(string(urn.Type()), "aws:")
}
