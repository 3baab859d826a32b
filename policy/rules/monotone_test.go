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

// TestUnknownIsMonotone replaces every value of every fixture by unknown, one at
// a time and at every depth. What was known to be sound or faulty may become
// undecided; it must never become the other, and no fault may go unnoticed.
func TestUnknownIsMonotone(t *testing.T) {
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
	assert.Greater(t, mutants, 1000, "the mutations reach into the fixtures")
}

// verdicts is the gravest verdict on each subject.
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

type mutation struct {
	what      string
	resources []plugin.AnalyzerStackResource
}

// mutations ranges over stacks in which one value is unknown. The engine
// records for an unknown where it comes from, so each has a dependency, here on
// a resource that the model does not know; and without one, except where that
// means that the program has left the property to the provider.
func mutations(resources []plugin.AnalyzerStackResource) func(func(mutation) bool) {
	return func(yield func(mutation) bool) {
		for i, r := range resources {
			for _, key := range slices.Sorted(maps.Keys(r.Properties)) {
				for path, hidden := range hideEach(r.Properties[key], string(key)) {
					what := r.Name + " " + path
					if !yield(mutation{what, hide(resources, i, key, r.Properties[key], hidden, true)}) {
						return
					}
					if path == string(key) && decode.FilledByProvider(string(r.Type), path) {
						continue
					}
					if !yield(mutation{what + " without dependency", hide(resources, i, key, r.Properties[key], hidden, false)}) {
						return
					}
				}
			}
		}
	}
}

// hideEach ranges over copies of a value in which the whole or one part is unknown.
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

// hide puts a value into a copy of the stack. Where a resource's own id or ARN
// is not known, it is not known wherever else it stands.
func hide(resources []plugin.AnalyzerStackResource, at int, key resource.PropertyKey, was, is resource.PropertyValue, depends bool) []plugin.AnalyzerStackResource {
	changed := slices.Clone(resources)
	r := &changed[at]
	r.Properties = r.Properties.Copy()
	r.Properties[key] = is
	if depends {
		r.PropertyDependencies = withEdge(r.PropertyDependencies, key, "urn:pulumi:dev::fixture::random:index/randomId:RandomId::origin")
	}
	if (key == "id" || key == "arn") && was.IsString() {
		for i := range changed {
			changed[i] = hideName(changed[i], was.StringValue(), r.URN)
		}
	}
	return changed
}

func withEdge(all map[resource.PropertyKey][]resource.URN, key resource.PropertyKey, urn resource.URN) map[resource.PropertyKey][]resource.URN {
	changed := maps.Clone(all)
	if changed == nil {
		changed = map[resource.PropertyKey][]resource.URN{}
	}
	changed[key] = append(slices.Clone(changed[key]), urn)
	return changed
}

// hideName hides a name in all properties of a resource that hold it.
func hideName(r plugin.AnalyzerStackResource, name string, owner resource.URN) plugin.AnalyzerStackResource {
	if r.URN == owner {
		return r
	}
	r.Properties = r.Properties.Copy()
	for key, v := range r.Properties {
		if strings.Contains(v.String(), name) {
			r.Properties[key] = hideIn(v, name)
			r.PropertyDependencies = withEdge(r.PropertyDependencies, key, owner)
		}
	}
	return r
}

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
