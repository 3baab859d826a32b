package blueprints

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// remote says how a blueprint is registered in a program of others, which may use
// it several times.
type remote struct {
	name      string                // The component's name.
	component pulumi.ResourceOption // Options of the component.
	parent    pulumi.ResourceOption // Makes the component's parent the parent.
}

// outputs holds the outputs of a blueprint by name.
type outputs pulumi.Map

// export adds an output.
func (o outputs) export(name string, value pulumi.Input) { o[name] = value }
