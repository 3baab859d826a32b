package components

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// parts is embedded by components that others wait for. pulumi.DependsOn takes
// for a component the children that it knows of at that moment, but children
// make themselves known in goroutines of their own: now and then one is missing.
type parts struct{ list []pulumi.Resource }

// collect is an option for the component with the parts: it makes them those of
// its children that are no components, and theirs, as soon as they are
// registered.
func (p *parts) collect() pulumi.ResourceOption {
	return pulumi.Transformations([]pulumi.ResourceTransformation{func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
		if custom, ok := args.Resource.(pulumi.CustomResource); ok {
			p.list = append(p.list, custom)
		}
		return nil
	}})
}

func (p *parts) resources() []pulumi.Resource { return p.list }

// dependsOn is pulumi.DependsOn, with all parts of components that have them.
func dependsOn(waitedFor []pulumi.Resource) pulumi.ResourceOption {
	all := []pulumi.Resource{}
	for _, r := range waitedFor {
		if component, ok := r.(interface{ resources() []pulumi.Resource }); ok {
			all = append(all, component.resources()...)
		} else {
			all = append(all, r)
		}
	}
	return pulumi.DependsOn(all)
}
