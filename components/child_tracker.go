package components

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// childTracker is embedded by components that other resources depend on. It
// remembers their children.
//
// pulumi.DependsOn on a component covers the children registered so far.
// Registration is asynchronous, so now and then it misses one.
type childTracker struct{ children []pulumi.Resource }

// track returns the option that makes t remember every child of the component
// as soon as it is registered, those of nested components included. Nested
// components themselves are left out.
func (t *childTracker) track() pulumi.ResourceOption {
	remember := func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
		if custom, ok := args.Resource.(pulumi.CustomResource); ok {
			t.children = append(t.children, custom)
		}
		return nil
	}
	return pulumi.Transformations([]pulumi.ResourceTransformation{remember})
}

// trackedChildren returns the children registered so far.
func (t *childTracker) trackedChildren() []pulumi.Resource { return t.children }

// dependsOn returns pulumi.DependsOn of resources, with tracked components
// replaced by their children.
func dependsOn(resources []pulumi.Resource) pulumi.ResourceOption {
	all := []pulumi.Resource{}
	for _, r := range resources {
		if component, ok := r.(interface{ trackedChildren() []pulumi.Resource }); ok {
			all = append(all, component.trackedChildren()...)
		} else {
			all = append(all, r)
		}
	}
	return pulumi.DependsOn(all)
}
