package decode_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/rule"
	"private-api-blueprints/policy/rules"
)

// FuzzStack decodes and judges arbitrary stacks: nothing panics, and what is
// found does not depend on the order of the resources.
func FuzzStack(f *testing.F) {
	files, err := filepath.Glob("../rules/testdata/*.txtar")
	require.NoError(f, err)
	require.NotEmpty(f, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(f, err)
		cases, err := fixture.Parse(text)
		require.NoError(f, err)
		for _, c := range cases {
			seed, err := json.Marshal(c.Stack)
			require.NoError(f, err)
			f.Add(seed)
		}
	}
	f.Fuzz(func(t *testing.T, input []byte) {
		var stack []fixture.Resource
		if json.Unmarshal(input, &stack) != nil {
			return
		}
		forwards := fixture.Case{Stack: named(stack)}.Resources()
		backwards := slices.Clone(forwards)
		slices.Reverse(backwards)
		assert.Equal(t, judge(forwards), judge(backwards))
	})
}

// named gives resources names that make URNs, and keeps the edges between them.
func named(stack []fixture.Resource) []fixture.Resource {
	names := map[string]string{}
	for i, r := range stack {
		if _, taken := names[r.Name]; !taken {
			names[r.Name] = fmt.Sprintf("r%d", i)
		}
	}
	var sound []fixture.Resource
	for i, r := range stack {
		if !decode.Reads(r.Type) {
			r.Type = "awsx:ec2:Vpc"
		}
		r.Name, r.Parent = fmt.Sprintf("r%d", i), names[r.Parent]
		r.DependsOn = knownNames(r.DependsOn, names)
		for property, dependencies := range r.Dependencies {
			r.Dependencies[property] = knownNames(dependencies, names)
		}
		sound = append(sound, r)
	}
	return sound
}

// knownNames puts other resources in the place of names that no resource has.
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

func judge(resources []plugin.AnalyzerStackResource) map[string][]rule.Finding {
	stack := decode.Stack(resources)
	found := map[string][]rule.Finding{}
	for _, r := range rules.All() {
		report := rule.NewReport(nil)
		r.Check(stack, report)
		found[r.ID] = report.Findings
	}
	return found
}
