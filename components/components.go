// Package components holds the building blocks of the blueprints: one
// ComponentResource per file, each a thing that a network engineer would draw.
//
// A component validates nothing that configuration has validated already; it
// turns plain values (which decide how many resources there are) and inputs
// (which are only values) into resources whose names never change, because
// URNs are how a stack knows its resources.
package components

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// typeToken is the type of a component in URNs and in policies.
func typeToken(name string) string { return "private-api-blueprints:components:" + name }

// failed says which component could not register which of its children.
func failed(component, name, child string, err error) error {
	return fmt.Errorf("%s %q: %s: %w", component, name, child, err)
}

// stringsOf makes an input of plain strings or of things that print as one.
func stringsOf[T fmt.Stringer](values []T) pulumi.StringArray {
	out := make(pulumi.StringArray, len(values))
	for i, value := range values {
		out[i] = pulumi.String(value.String())
	}
	return out
}
