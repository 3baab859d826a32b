package blueprints

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
)

// typeToken returns the type of a blueprint's component.
func typeToken(name string) string { return "private-api-blueprints:blueprints:" + name }

// builder registers the children of one blueprint.
type builder struct {
	ctx         *pulumi.Context
	environment components.Environment
	name        string // The prefix of resource names.
	child       pulumi.ResourceOption
	// zoneProvider is the provider of the account of the public zone; nil for the
	// stack's own.
	zoneProvider pulumi.ProviderResource
}

// newBuilder registers the component of a blueprint, and returns a builder for
// its children.
func newBuilder(l *lookup, token, name string, inputs pulumi.Map, bp pulumi.ComponentResource) (builder, error) {
	err := l.ctx.RegisterComponentResourceV2(token, name, inputs, bp)
	return builder{
		ctx: l.ctx, environment: l.environment, name: name, child: pulumi.Parent(bp), zoneProvider: l.zoneProvider,
	}, err
}

// runSteps runs the steps that register a blueprint, in their order, until one
// fails.
func runSteps[A any](b builder, args A, steps ...func(builder, A) error) error {
	for _, step := range steps {
		if err := step(b, args); err != nil {
			return err
		}
	}
	return nil
}

// part returns a builder for a part of the blueprint. It adds a suffix to the
// prefix of resource names.
func (b builder) part(suffix string) builder {
	b.name += suffix
	return b
}
