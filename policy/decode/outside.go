package decode

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/policy/model"
)

// outside is what leaves the part of a stack that the model follows. Another stack, a controller or a script may then
// add to a resource what the stack itself lacks, such as targets of a target group.
type outside struct {
	// used holds the URNs of the resources that others use to which the model does not follow them, such as an Auto
	// Scaling group. A component stands for the resources inside it.
	used map[string]bool
	// scripted holds the URNs of the resources to which commands, other providers and CloudFormation may do anything.
	scripted map[string]bool
	// outputs are the known texts among the outputs of the stack.
	outputs []string
	// outputsComplete is false if some outputs are not known yet.
	outputsComplete bool
}

// mayName asks whether an output of the stack is the ARN or the name of a resource. An ARN such as
// …:targetgroup/web/0123456789abcdef contains the name, and its last part is also an output of the resource.
func (o outside) mayName(arn, name model.Known[string]) model.Truth {
	id, known := arn.Get()
	text, named := name.Get()
	for _, output := range o.outputs {
		switch {
		case known && (strings.Contains(output, id) || strings.Contains("/"+id+"/", "/"+output+"/")):
			return model.True
		case known && len(output) > minSuffix && strings.HasSuffix(id, output), named && output == text:
			return model.True
		}
	}
	return model.False.OrMaybeIf(!known && !o.outputsComplete)
}

// minSuffix is a length that only suffixes of ARNs exceed, such as targetgroup/web/0123456789abcdef.
const minSuffix = 16

// IsStack reports whether a resource of a type stands for the stack. Its properties are the stack's outputs.
func IsStack(resourceType string) bool { return resourceType == stackType }

// followed begins the types whose references to target groups the model follows, or that register no targets.
var followed = []string{
	"aws:alb/", "aws:apigateway/", "aws:apigatewayv2/", "aws:cloudwatch/", "aws:ec2/vpcEndpointService:",
	"aws:globalaccelerator/", "aws:lambda/permission:", "aws:lb/", "aws:route53/", "aws:vpc/", "aws:wafv2/",
	ownPrefix, "pulumi:",
}

// isFollowed reports whether a resource adds nothing to others that the model does not show.
func isFollowed(r plugin.AnalyzerStackResource) bool {
	return slices.ContainsFunc(followed, func(prefix string) bool { return strings.HasPrefix(string(r.Type), prefix) })
}

// readOutside finds what leaves the part of the stack that the model follows.
func (b *builder) readOutside(resources []plugin.AnalyzerStackResource) {
	b.outside = outside{used: map[string]bool{}, scripted: map[string]bool{}, outputsComplete: true}
	for _, r := range resources {
		switch {
		case IsStack(string(r.Type)):
			for key, output := range r.Properties {
				b.addOutput(newValue(output, string(key)), 0)
			}
		case !isFollowed(r):
			for _, urn := range passedOn(r) {
				if !b.input.isInside(r.URN, resource.URN(urn)) {
					b.outside.used[urn] = true
					b.outside.scripted[urn] = b.outside.scripted[urn] || isScript(r)
				}
			}
		}
	}
}

// passedOn returns the URNs of the resources of which another one may have an ID or an ARN. A resource of AWS gets
// those by its properties only. Another one, such as a command, may also look them up after it has waited for them.
func passedOn(r plugin.AnalyzerStackResource) []string {
	if strings.HasPrefix(string(r.Type), "aws:") && len(r.PropertyDependencies) > 0 {
		r.Dependencies = nil
	}
	return prerequisites(r)
}

// addOutput adds the texts in an output of the stack.
func (b *builder) addOutput(v value, nesting int) {
	switch {
	case nesting > maxNesting || v.hidden:
		b.outside.outputsComplete = false
	case v.raw.IsObject():
		for key := range v.raw.ObjectValue() {
			b.addOutput(v.field(string(key)), nesting+1)
		}
	case v.raw.IsArray():
		for _, item := range v.raw.ArrayValue() {
			b.addOutput(newValue(item, v.path), nesting+1)
		}
	default:
		if text, known := v.str().Get(); known {
			b.outside.outputs = append(b.outside.outputs, text)
		} else if v.computed() {
			b.outside.outputsComplete = false
		}
	}
}

// isScript reports whether a resource may do anything with those that it gets: it is no resource of the AWS provider,
// or a stack of CloudFormation.
func isScript(r plugin.AnalyzerStackResource) bool {
	return !strings.HasPrefix(string(r.Type), "aws:") || strings.HasPrefix(string(r.Type), "aws:cloudformation/")
}

// isUsed reports whether others use a resource, or a component around it.
func (b *builder) isUsed(urn resource.URN) bool { return b.isIn(b.outside.used, urn) }

// isScripted reports whether a resource, or a component around it, is among those to which anything may be done.
func (b *builder) isScripted(urn resource.URN) bool { return b.isIn(b.outside.scripted, urn) }

// isIn reports whether a resource, or a component around it, is in a set.
func (b *builder) isIn(set map[string]bool, urn resource.URN) bool {
	for range maxDepth {
		if set[string(urn)] {
			return true
		}
		r, known := b.input.resources[urn]
		if !known || r.Parent == "" {
			return false
		}
		urn = r.Parent
	}
	return true
}

// isShared asks whether others may register targets with a target group. A stack that only reads a group shows no
// reference to its VPC. The second result is whether only outputs that are not known yet speak for it.
func (b *builder) isShared(n *node, tg *model.TargetGroup) (shared model.Truth, byOutput bool) {
	if b.isUsed(n.URN) {
		return model.True, false
	}
	exported := b.outside.mayName(tg.ID, tg.Naming.Name)
	isRead := n.isProgrammed("vpcId") != model.True
	return exported.OrMaybeIf(isRead), exported == model.Maybe && !isRead
}
