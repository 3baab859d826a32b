package tests

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox"
	"private-api-blueprints/tests/faults"
)

// TestPoliciesAreConfiguredThroughTheCLI sets a parameter, exceptions and levels.
func TestPoliciesAreConfiguredThroughTheCLI(t *testing.T) {
	s := newNetworks(t, false)
	s.list = slices.DeleteFunc(s.list, func(f faults.Fault) bool { return f.Name != "one-zone" })
	require.NotEmpty(t, s.list)
	s.up()
	state, config := s.exported(), filepath.Join(t.TempDir(), "config.json")
	analyze := func(text string) []string {
		require.NoError(t, os.WriteFile(config, []byte(text), 0o644))
		return []string{"policy", "analyze", "--file", state, "--policy-pack", "bin/policy", "--policy-pack-config",
			config}
	}
	refused := func(text string) string {
		return s.fails(func(ctx context.Context, box *sandbox.Sandbox) error {
			return box.Exec(ctx, append([]string{"pulumi"}, analyze(text)...)...)
		})
	}
	violated := map[string]string{"endpoint-multiple-zones": "advisory"}

	printed := s.pulumi(analyze(`{"endpoint-multiple-zones": {"minimumZones": 3}}`)...)
	assert.Equal(t, violated, violations(printed), "only the rule whose parameter asks for more")
	assert.Contains(t, printed, "want 3 zones")

	printed = s.pulumi(analyze(`{"endpoint-multiple-zones": {"minimumZones": 3, "exceptions": [
		{"urn": "urn:pulumi:*::*::*VpcEndpoint::one-zone-endpoint", "reason": "two are enough here"}]}}`)...)
	assert.Empty(t, violations(printed), "the violation is excepted")

	printed = s.pulumi(analyze(`{"endpoint-multiple-zones": {"exceptions": [
		{"urn": "urn:pulumi:*::*::*VpcEndpoint::one-zone-endpoint", "reason": "two are enough here"}]}}`)...)
	assert.Equal(t, violated, violations(printed))
	assert.Contains(t, printed, "matches no violation of this policy", "the rule wants two, and there are two")

	assert.Contains(t, refused(`{"endpoint-multiple-zones": {"exceptions": [
		{"urn": "urn:pulumi:*::*::*VpcEndpoint::one-zone-endpoint"}]}}`),
		"endpoint-multiple-zones: exceptions.0: reason is required")
	assert.Contains(t, refused(`{"vpce-multi-az": "mandatory"}`),
		`policy "vpce-multi-az": this is a former name; want "endpoint-multiple-zones"`)
}

// TestAllSwitchesRulesOnThatAreOffByDefault gives all rules one level. Pulumi
// applies it to every policy whose level the configuration does not set.
func TestAllSwitchesRulesOnThatAreOffByDefault(t *testing.T) {
	s := newNetworks(t, true)
	s.list = slices.DeleteFunc(s.list, func(f faults.Fault) bool { return f.Name != "untraced" })
	require.NotEmpty(t, s.list)
	for _, c := range []struct {
		why, config string
		want        map[string]string
	}{
		{"off by default", `{}`, map[string]string{}},
		{"all", `{"all": "advisory"}`, map[string]string{"stage-tracing": "advisory"}},
		{"all except this one", `{"all": "advisory", "stage-tracing": "disabled"}`, map[string]string{}},
	} {
		require.NoError(t, os.WriteFile(s.options.PackConfig, []byte(c.config), 0o644))
		printed, err := s.run(preview)
		require.NoError(t, err, printed)
		assert.Equal(t, c.want, violations(printed), c.why)
	}
}

// exported exports the stack's state, and returns the file.
func (s *stack) exported() string {
	file := filepath.Join(s.t.TempDir(), "state.json")
	s.pulumi("stack", "export", "--file", file)
	return file
}

var violation = regexp.MustCompile(`\[(advisory|mandatory)\] \[severity: \w+\] +([a-z0-9-]+)`)

// violations returns the level of each policy that was violated.
func violations(printed string) map[string]string {
	found := map[string]string{}
	for _, match := range violation.FindAllStringSubmatch(printed, -1) {
		found[match[2]] = match[1]
	}
	return found
}
