// Package components holds the building blocks of the blueprints: one
// ComponentResource per file, each a thing that a network engineer would draw.
//
// A component does not validate what configuration has validated already. Its
// arguments are plain Go values if they decide how many resources exist, and
// inputs otherwise.
//
// The names of resources and the type tokens of components never change: they
// make up the URNs by which a deployed stack knows its resources. A renamed Go
// type therefore keeps its old token, and a comment says so.
//
// Exported fields follow Pulumi's SDK in their initialisms: VpcId, not VPCID.
package components

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// httpsPort is the port on which load balancers, endpoints and servers listen.
const httpsPort = 443

// typePrefix begins the type token of each component, as URNs and policies show
// it.
const typePrefix = "private-api-blueprints:components:"

// scope says where helpers register the children of a component.
type scope struct {
	ctx   *pulumi.Context
	name  string                        // The children's names begin with it.
	child pulumi.ResourceOrInvokeOption // Makes the component the parent.
}

// scopeOf returns the scope of the children of component.
func scopeOf(ctx *pulumi.Context, name string, component pulumi.Resource) scope {
	return scope{ctx, name, pulumi.Parent(component)}
}

// named returns the same scope with suffix added to the children's names.
func (s scope) named(suffix string) scope {
	s.name += suffix
	return s
}

// inAccountOf returns the option that puts a resource into the account of a provider,
// or nothing for the parent's provider.
func inAccountOf(provider pulumi.ProviderResource) pulumi.ResourceOption {
	if provider == nil {
		return pulumi.Composite()
	}
	return pulumi.Provider(provider)
}

// failed returns the error of a component that could not register a child.
func failed(component, name, child string, err error) error {
	return fmt.Errorf("%s %q: %s: %w", component, name, child, err)
}

// stringsOf returns the texts of values as an input.
func stringsOf[T fmt.Stringer](values []T) pulumi.StringArray {
	out := make(pulumi.StringArray, len(values))
	for i, value := range values {
		out[i] = pulumi.String(value.String())
	}
	return out
}

// optional returns text as an optional input, which is absent if text is empty.
func optional(text string) pulumi.StringPtrInput {
	if text == "" {
		return nil
	}
	return pulumi.String(text)
}

// stringPtr returns value as an optional input, which is absent if value is nil.
func stringPtr(value pulumi.StringInput) pulumi.StringPtrInput {
	if value == nil {
		return nil
	}
	return value.ToStringOutput().ToStringPtrOutput()
}
