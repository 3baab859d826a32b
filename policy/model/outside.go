package model

import "strings"

// Outside is what leaves the part of a stack that the model follows. Another stack, a controller or a script may then
// add to a resource what the stack itself lacks, such as targets of a target group.
type Outside struct {
	// Used holds the URNs of the resources that others use to which the model does not follow them, such as an Auto
	// Scaling group. A component stands for the resources inside it.
	Used map[string]bool
	// Outputs are the known texts among the outputs of the stack.
	Outputs []string
	// OutputsComplete is false if some outputs are not known yet.
	OutputsComplete bool
}

// MayName asks whether an output of the stack is the ARN or the name of a resource. An ARN such as
// …:targetgroup/web/0123456789abcdef contains the name, and its last part is also an output of the resource.
func (o Outside) MayName(arn, name Known[string]) Truth {
	id, known := arn.Get()
	text, named := name.Get()
	for _, output := range o.Outputs {
		switch {
		case known && (strings.Contains(output, id) || strings.Contains("/"+id+"/", "/"+output+"/")):
			return True
		case known && len(output) > minSuffix && strings.HasSuffix(id, output), named && output == text:
			return True
		}
	}
	return False.OrMaybeIf(!known && !o.OutputsComplete)
}

// minSuffix is a length that only suffixes of ARNs exceed, such as targetgroup/web/0123456789abcdef.
const minSuffix = 16
