package blueprints

import (
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// registered holds the types and names of resources that this program has registered, as "type name".
type registered map[string]bool

// record returns a transformation that adds every resource.
func (r registered) record() pulumi.ResourceTransformation {
	return func(args *pulumi.ResourceTransformationArgs) *pulumi.ResourceTransformationResult {
		r[args.Type+" "+args.Name] = true
		return &pulumi.ResourceTransformationResult{Props: args.Props, Opts: args.Opts}
	}
}

// hasType reports whether the program has registered a resource of a type.
func (r registered) hasType(token string) bool {
	for key := range r {
		if strings.HasPrefix(key, token+" ") {
			return true
		}
	}
	return false
}
