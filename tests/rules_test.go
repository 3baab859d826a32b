package tests

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/blueprints"
	"private-api-blueprints/sandbox"
	"private-api-blueprints/tests/faults"
)

// TestPoliciesAreConfiguredThroughTheCLI sets a parameter and exceptions.
func TestPoliciesAreConfiguredThroughTheCLI(t *testing.T) {
	s := newNetworks(t, false)
	s.list = slices.DeleteFunc(s.list, func(f faults.Fault) bool { return f.Name != "one-zone" })
	require.NotEmpty(t, s.list)
	s.up()
	state, config := s.exported(), filepath.Join(t.TempDir(), "config.json")
	analyze := func(text string) []string {
		require.NoError(t, os.WriteFile(config, []byte(text), 0o644))
		return []string{"policy", "analyze", "--file", state, "--policy-pack", "bin/policy", "--policy-pack-config", config}
	}
	printed := s.pulumi(analyze(`{"endpoint-multiple-zones": {"minimumZones": 3}}`)...)
	assert.Equal(t, map[string]string{"endpoint-multiple-zones": "advisory"}, violations(printed), "no rule but the one whose parameter asks for more")
	assert.Contains(t, printed, "want 3 zones")

	printed = s.pulumi(analyze(`{"endpoint-multiple-zones": {"minimumZones": 3, "exceptions": [
		{"urn": "urn:pulumi:*::*::*VpcEndpoint::one-zone-endpoint", "reason": "two are enough here"}]}}`)...)
	assert.Empty(t, violations(printed), "the violation is excepted")
	printed = s.pulumi(analyze(`{"endpoint-multiple-zones": {"exceptions": [{"urn": "urn:pulumi:*::*::*VpcEndpoint::one-zone-endpoint", "reason": "two are enough here"}]}}`)...)
	assert.Equal(t, map[string]string{"endpoint-multiple-zones": "advisory"}, violations(printed))
	assert.Contains(t, printed, "matches no violation of this policy", "two are what is wanted")
	printed = s.fails(func(ctx context.Context, box *sandbox.Sandbox) error {
		return box.Exec(ctx, append([]string{"pulumi"}, analyze(`{"endpoint-multiple-zones": {"exceptions": [{"urn": "urn:pulumi:*::*::*VpcEndpoint::one-zone-endpoint"}]}}`)...)...)
	})
	assert.Contains(t, printed, "endpoint-multiple-zones: exceptions.0: reason is required")
}

// exported is a file with the stack's state.
func (s *stack) exported() string {
	file := filepath.Join(s.t.TempDir(), "state.json")
	s.pulumi("stack", "export", "--file", file)
	return file
}

var violation = regexp.MustCompile(`\[(advisory|mandatory)\] \[severity: \w+\] +([a-z0-9-]+)`)

// violations are the policies that were violated, and at which level.
func violations(printed string) map[string]string {
	found := map[string]string{}
	for _, match := range violation.FindAllStringSubmatch(printed, -1) {
		found[match[2]] = match[1]
	}
	return found
}

var ruleName = regexp.MustCompile("`((?:api|private|custom|resource|public|stage|certificate|endpoint|integration|lambda|load|dns|vpc)-[a-z0-9-]+)`")

// TestReadmeNamesRulesThatExist covers the traps of each blueprint, too.
func TestReadmeNamesRulesThatExist(t *testing.T) {
	levels, readme := documentedLevels(t), read(t, "README.md")
	for _, match := range ruleName.FindAllStringSubmatch(readme+read(t, "policy/README.md"), -1) {
		assert.Contains(t, levels, match[1])
	}
	for _, blueprint := range blueprints.All() {
		_, section, _ := strings.Cut(readme, "\n## "+blueprint.Name+"\n")
		section, _, _ = strings.Cut(section, "\n## ")
		assert.Contains(t, section, "Rules about its traps: `", blueprint.Name)
	}
}
