package blueprints

import (
	"maps"
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// tagEverything returns a transformation that gives tags to every resource that takes
// them. awsx passes the tags of a VPC to the resources inside it.
func tagEverything(tags map[string]string) pulumi.ResourceTransformation {
	return func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
		if len(tags) > 0 {
			addTags(args.Props, tags)
		}
		return &pulumi.ResourceTransformationResult{Props: args.Props, Opts: args.Opts}
	}
}

// addTags adds tags to a resource's arguments, under the tags that are there. It
// does nothing if the resource takes no tags.
func addTags(props pulumi.Input, tags map[string]string) {
	args := reflect.ValueOf(props)
	if args.Kind() != reflect.Pointer || args.Elem().Kind() != reflect.Struct {
		return
	}
	for _, name := range []string{"Tags", "VolumeTags"} {
		field := args.Elem().FieldByName(name)
		if !field.IsValid() || field.Type() != reflect.TypeFor[pulumi.StringMapInput]() {
			continue
		}
		given, _ := field.Interface().(pulumi.StringMap)
		all := pulumi.ToStringMap(tags)
		maps.Copy(all, given)
		field.Set(reflect.ValueOf(all))
	}
}
