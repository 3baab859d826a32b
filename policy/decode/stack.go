// Package decode turns the resources that the Pulumi engine hands to a policy
// pack into the model that rules read. It is the only reader of property maps:
// what spellings AWS and the provider have for one fact is settled here.
//
// References are followed by value where ids are known, and else by the URNs
// that the engine records for each property, so that a stack can be read before
// its first deployment.
package decode

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/policy/model"
)

// builder collects the elements of a stack.
type builder struct {
	stack    *model.Stack
	restAPIs *registry[model.RestAPI]
}

// reader is how one type of resource enters the model: first every element is
// made, then what refers to elements is filled in, so that order does not matter.
type reader struct {
	make func(*builder, *node)
	link func(*builder, *node)
}

var readers = map[string]reader{
	"aws:apigateway/restApi:RestApi":             {make: (*builder).makeRestAPI, link: (*builder).linkRestAPI},
	"aws:apigateway/restApiPolicy:RestApiPolicy": {link: (*builder).linkRestAPIPolicy},
	"aws:apigateway/restApiPut:RestApiPut":       {link: (*builder).linkRestAPIPut},
}

// Reads reports that resources of this type enter the model.
func Reads(resourceType string) bool {
	_, read := readers[canonical(resourceType)]
	return read
}

// Stack decodes the resources of a stack. Their order has no influence.
func Stack(resources []plugin.AnalyzerStackResource) *model.Stack {
	parents := make(tree, len(resources))
	var nodes []*node
	for _, r := range resources {
		parents[r.URN] = r.Parent
		if Reads(string(r.Type)) {
			nodes = append(nodes, newNode(r))
		}
	}
	slices.SortStableFunc(nodes, func(a, b *node) int { return strings.Compare(string(a.URN), string(b.URN)) })

	b := newBuilder(parents)
	for _, n := range nodes {
		if read := readers[canonical(string(n.Type))]; read.make != nil {
			read.make(b, n)
		}
	}
	for _, n := range nodes {
		if read := readers[canonical(string(n.Type))]; read.link != nil {
			read.link(b, n)
		}
	}
	return b.finish()
}

func newBuilder(parents tree) *builder {
	return &builder{
		stack:    &model.Stack{},
		restAPIs: newRegistry[model.RestAPI](parents),
	}
}

func (b *builder) finish() *model.Stack {
	b.stack.RestAPIs = b.restAPIs.all
	return b.stack
}

// elementOf is the element that a node was made into.
func elementOf[T any](r *registry[T], urn resource.URN) *T { return r.byURN[urn].element }
