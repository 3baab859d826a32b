package decode

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/rule"
	"private-api-blueprints/policy/rules"
)

// FuzzStack decodes arbitrary stacks and runs all rules on them. Nothing panics,
// and the findings do not depend on the order of the resources.
func FuzzStack(f *testing.F) {
	for _, c := range ruleCases(f) {
		seed, err := json.Marshal(c.Stack)
		require.NoError(f, err)
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		var stack []fixture.Resource
		if json.Unmarshal(input, &stack) != nil {
			return
		}
		forwards := fixture.Case{Stack: withValidNames(stack)}.Resources()
		backwards := slices.Clone(forwards)
		slices.Reverse(backwards)
		assert.Equal(t, findings(forwards), findings(backwards))
	})
}

// withValidNames returns the resources with names that are valid in URNs. Their
// dependencies stay the same.
func withValidNames(stack []fixture.Resource) []fixture.Resource {
	names := map[string]string{}
	for i, r := range stack {
		if _, taken := names[r.Name]; !taken {
			names[r.Name] = fmt.Sprintf("r%d", i)
		}
	}
	var valid []fixture.Resource
	for i, r := range stack {
		if !Reads(r.Type) {
			r.Type = "awsx:ec2:Vpc"
		}
		r.Name, r.Parent = fmt.Sprintf("r%d", i), names[r.Parent]
		r.DependsOn = knownNames(r.DependsOn, names)
		for property, dependencies := range r.Dependencies {
			r.Dependencies[property] = knownNames(dependencies, names)
		}
		valid = append(valid, r)
	}
	return valid
}

// knownNames returns the new names of dependencies. A name that no resource has
// becomes the name of a resource outside the stack.
func knownNames(dependencies []string, names map[string]string) []string {
	var all []string
	for _, name := range dependencies {
		known, exists := names[name]
		if !exists {
			known = "none"
		}
		all = append(all, known)
	}
	return all
}

// findings returns what each rule finds in a stack.
func findings(resources []plugin.AnalyzerStackResource) map[string][]rule.Finding {
	stack := Stack(resources)
	found := map[string][]rule.Finding{}
	for _, r := range rules.All() {
		report := rule.NewReport(nil)
		r.Check(stack, report)
		found[r.ID] = report.Findings
	}
	return found
}
