package blueprints

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
)

// remote says how a blueprint is registered in a program of others, which may use
// it several times.
type remote struct {
	name      string                // The component's name.
	component pulumi.ResourceOption // Options of the component.
	parent    pulumi.ResourceOption // Makes the component's parent the parent.
}

// prefix returns the prefix of resource names. A stack has only one blueprint, whose
// names are always the same.
func (l *lookup) prefix(ofStack string) string {
	if l.remote != nil {
		return l.remote.name
	}
	return ofStack
}

// newRoleProvider registers a provider for another account. It exists before the
// component does, because lookups use it.
func (l *lookup) newRoleProvider(name, roleArn string) (pulumi.ProviderResource, error) {
	region := l.environment.Region
	if l.remote != nil {
		return components.NewRoleProvider(l.ctx, l.remote.name+"-"+name, roleArn, region, l.remote.parent)
	}
	return components.NewRoleProvider(l.ctx, name, roleArn, region)
}

// outputs holds the outputs of a blueprint by name.
type outputs pulumi.Map

// export adds an output.
func (o outputs) export(name string, value pulumi.Input) { o[name] = value }
