package blueprints

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// Token returns the type of the component of a blueprint.
func Token(blueprint config.Blueprint) string { return typeToken(blueprint.Component()) }

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
	// account says how the setting of the account and region is registered that lets
	// APIs write logs.
	account struct {
		name    string
		options []pulumi.ResourceOption
	}
	outputs outputs
}

// newBuilder registers the component of a blueprint, and returns a builder for
// its children.
func newBuilder(l *lookup, token, name string, inputs pulumi.Map, bp pulumi.ComponentResource) (builder, error) {
	options := []pulumi.ResourceOption{l.everywhere}
	if l.remote != nil {
		options = append(options, l.remote.component)
	}
	err := l.ctx.RegisterComponentResourceV2(token, name, inputs, bp, options...)
	l.component = bp
	b := builder{
		ctx: l.ctx, environment: l.environment, name: name, child: pulumi.Parent(bp), zoneProvider: l.zoneProvider,
		outputs: l.outputs,
	}
	// In a stack, the setting is not a child of the blueprint. Otherwise a stack that
	// changes its blueprint would delete it after creating it.
	b.account.name, b.account.options = "apigateway", []pulumi.ResourceOption{l.everywhere}
	if l.remote != nil { // The setting needs the component's provider, and other components may have one too.
		b.account.name, b.account.options = name+"-apigateway", []pulumi.ResourceOption{b.child}
	}
	return b, err
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
