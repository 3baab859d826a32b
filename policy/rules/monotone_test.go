package rules_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/rule"
)

// TestUnknownValuesNeverReverseAVerdict replaces every value of every fixture with
// an unknown one, one at a time and at every depth. A pass or a violation may then
// become unknown. It must never become the opposite, and must not disappear.
func TestUnknownValuesNeverReverseAVerdict(t *testing.T) {
	mutants := 0
	for r, c := range allCases(t) {
		t.Run(r.ID+"/"+c.ID(), func(t *testing.T) {
			resources := c.Resources()
			before := verdicts(check(t, r, c.Settings, resources))
			for m := range mutations(resources) {
				mutants++
				after := verdicts(check(t, r, c.Settings, m.resources))
				for subject, verdict := range before {
					assert.Contains(t, []rule.Verdict{verdict, rule.Unknown}, after[subject], "%s: %s", subject, m.what)
				}
				for subject, verdict := range after {
					if _, had := before[subject]; !had {
						assert.NotEqual(t, rule.Violation, verdict, "%s: %s", subject, m.what)
					}
				}
			}
		})
	}
	assert.Greater(t, mutants, 1000, "mutations of nested values")
}

// verdicts returns the gravest verdict about each subject.
func verdicts(findings []rule.Finding) map[string]rule.Verdict {
	gravity := []rule.Verdict{"", rule.Pass, rule.Unknown, rule.Violation}
	gravest := map[string]rule.Verdict{}
	for _, f := range findings {
		if slices.Index(gravity, f.Verdict) > slices.Index(gravity, gravest[f.Subject]) {
			gravest[f.Subject] = f.Verdict
		}
	}
	return gravest
}

// mutation is a stack in which one value is unknown.
type mutation struct {
	what      string
	resources []plugin.AnalyzerStackResource
}

// mutations returns stacks in which one value is unknown. The engine records where
// an unknown value comes from, so each has a dependency, on a resource that the
// model does not have. It also returns stacks without that dependency, except if
// that means that the program left the property to the provider.
func mutations(resources []plugin.AnalyzerStackResource) func(func(mutation) bool) {
	return func(yield func(mutation) bool) {
		for i, r := range resources {
			for _, key := range slices.Sorted(maps.Keys(r.Properties)) {
				for path, hidden := range hideEach(r.Properties[key], string(key)) {
					what := r.Name + " " + path
					if !yield(mutation{what, hide(resources, i, key, hidden, true)}) {
						return
					}
					if path == string(key) && decode.FilledByProvider(string(r.Type), path) {
						continue
					}
					alone := hide(resources, i, key, hidden, false)
					if !yield(mutation{what + " without dependency", alone}) {
						return
					}
				}
			}
		}
	}
}

// hideEach returns copies of a value in which all or one part is unknown.
func hideEach(v resource.PropertyValue, path string) func(func(string, resource.PropertyValue) bool) {
	return func(yield func(string, resource.PropertyValue) bool) {
		if !yield(path, resource.MakeComputed(resource.NewProperty(""))) {
			return
		}
		switch {
		case v.IsArray():
			for i, item := range v.ArrayValue() {
				for p, hidden := range hideEach(item, fmt.Sprintf("%s[%d]", path, i)) {
					items := slices.Clone(v.ArrayValue())
					items[i] = hidden
					if !yield(p, resource.NewProperty(items)) {
						return
					}
				}
			}
		case v.IsObject():
			for _, key := range slices.Sorted(maps.Keys(v.ObjectValue())) {
				for p, hidden := range hideEach(v.ObjectValue()[key], path+"."+string(key)) {
					object := v.ObjectValue().Copy()
					object[key] = hidden
					if !yield(p, resource.NewProperty(object)) {
						return
					}
				}
			}
		}
	}
}

// hide replaces a value in a copy of the stack. If a resource's own ID or ARN
// becomes unknown, it is also unknown in other resources.
func hide(
	resources []plugin.AnalyzerStackResource, at int, key resource.PropertyKey, is resource.PropertyValue, depends bool,
) []plugin.AnalyzerStackResource {
	changed := slices.Clone(resources)
	r := &changed[at]
	was := r.Properties[key]
	r.Properties = r.Properties.Copy()
	r.Properties[key] = is
	if depends {
		const origin = "urn:pulumi:dev::fixture::random:index/randomId:RandomId::origin"
		r.PropertyDependencies = withDependency(r.PropertyDependencies, key, origin)
	}
	if (key == "id" || key == "arn") && was.IsString() {
		for i := range changed {
			changed[i] = hideName(changed[i], was.StringValue(), r.URN)
		}
	}
	return changed
}

// dependencies are the engine's property dependencies.
type dependencies = map[resource.PropertyKey][]resource.URN

// withDependency returns the dependencies with one more.
func withDependency(all dependencies, key resource.PropertyKey, urn resource.URN) dependencies {
	changed := maps.Clone(all)
	if changed == nil {
		changed = dependencies{}
	}
	changed[key] = append(slices.Clone(changed[key]), urn)
	return changed
}

// hideName hides a name in all properties of a resource that contain it.
func hideName(r plugin.AnalyzerStackResource, name string, owner resource.URN) plugin.AnalyzerStackResource {
	if r.URN == owner {
		return r
	}
	r.Properties = r.Properties.Copy()
	for key, v := range r.Properties {
		if strings.Contains(v.String(), name) {
			r.Properties[key] = hideIn(v, name)
			r.PropertyDependencies = withDependency(r.PropertyDependencies, key, owner)
		}
	}
	return r
}

// hideIn hides a name inside a value.
func hideIn(v resource.PropertyValue, name string) resource.PropertyValue {
	switch {
	case v.IsString() && v.StringValue() == name:
		return resource.MakeComputed(resource.NewProperty(""))
	case v.IsArray():
		items := slices.Clone(v.ArrayValue())
		for i := range items {
			items[i] = hideIn(items[i], name)
		}
		return resource.NewProperty(items)
	case v.IsObject():
		object := v.ObjectValue().Copy()
		for key := range object {
			object[key] = hideIn(object[key], name)
		}
		return resource.NewProperty(object)
	}
	return v
}
