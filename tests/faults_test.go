package tests

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox"
	"private-api-blueprints/tests/faults"
)

// one limits the tests of faults to those whose names match, while you work on
// them.
var one = flag.String("fault", "", "pattern of names of faults")

// selected returns the faults to test.
func selected(t *testing.T) (list []faults.Fault) {
	t.Helper()
	for _, f := range faults.All() {
		if regexp.MustCompile(*one).MatchString(f.Name) {
			list = append(list, f)
		}
	}
	return list
}

// TestEveryFaultIsSeen deploys the networks with their faults, and their compliant
// twins, and checks and writes what the rules and the clients see of them.
func TestEveryFaultIsSeen(t *testing.T) {
	t.Parallel()
	seen := findings{}
	t.Run("deployed", func(t *testing.T) {
		t.Run("faults", func(t *testing.T) { assertFaultsSeen(t, seen) })
		t.Run("compliant twins", assertTwinsViolateNothing)
		t.Run("updates of faults", func(t *testing.T) { assertUpdatesSeen(t, true) })
		t.Run("updates of compliant twins", func(t *testing.T) { assertUpdatesSeen(t, false) })
	})
	if *one == "" && !t.Failed() {
		assertDocument(t, "docs/faults.md", document(faults.All(), seen)+clientsTable(faults.All()))
	}
}

// assertFaultsSeen checks, in each view of a stack, that each fault violates its rules
// and no others, at the level that the rule or the configuration says. It also checks what
// clients see.
func assertFaultsSeen(t *testing.T, seen findings) {
	n := newNetworks(t, true)
	all := n.list
	n.existing = &faults.Existing{}
	seen[faults.PreviewExisting] = n.violations(preview)
	n.existing = nil
	seen[faults.PreviewCreated] = n.violations(preview)
	n.list = slices.DeleteFunc(slices.Clone(all), func(f faults.Fault) bool { return f.Refused != "" })
	seen[faults.Deployed] = n.violations(up)
	n.assertClientsSee(false)
	analyze := n.analyze()
	seen[faults.Analysis] = n.violations(func(ctx context.Context, box *sandbox.Sandbox) error {
		return box.Exec(ctx, append([]string{"pulumi"}, analyze...)...)
	})
	for _, view := range faults.Views {
		for _, f := range all {
			var want []string
			if whyUnseen(f, view) == "" {
				want = slices.Sorted(slices.Values(violated(f, view)))
			}
			assert.Equal(t, want, seen[view][f.Name], "%s: %s (%s)", view, f.Name, f.Says)
		}
		assert.Empty(t, seen[view][unexpected], view)
	}
}

// violated returns the rules that a fault violates in a view that shows it.
func violated(f faults.Fault, view faults.View) []string {
	if len(f.Early) > 0 && (view == faults.PreviewExisting || view == faults.PreviewCreated) {
		return f.Early
	}
	return f.Rules
}

// whyUnseen returns why no rule sees a fault in a view. It is empty if one does.
func whyUnseen(f faults.Fault, view faults.View) string {
	if f.Refused != "" && (view == faults.Deployed || view == faults.Analysis) {
		return "AWS refuses the deployment: " + f.Refused
	}
	return f.Unseen[view]
}

// assertTwinsViolateNothing runs the same networks without their faults, and checks
// what clients see.
func assertTwinsViolateNothing(t *testing.T) {
	n := newNetworks(t, false)
	n.existing = &faults.Existing{}
	n.preview()
	n.existing = nil
	n.preview()
	n.up()
	assert.Empty(t, violations(n.pulumi(n.analyze()...)))
	n.assertClientsSee(false)
}

// TestEveryRuleHasAFault also checks that the faults can be told apart, and that
// the table of numbered faults is complete.
func TestEveryRuleHasAFault(t *testing.T) {
	covered, names, numbers := map[string]bool{}, map[string]bool{}, map[int]bool{}
	configured := map[string]any{}
	for _, f := range faults.All() {
		assert.False(t, names[f.Name], "two faults %s", f.Name)
		for other := range names {
			begins := strings.HasPrefix(other+"-", f.Name+"-") || strings.HasPrefix(f.Name+"-", other+"-")
			assert.False(t, begins, "%s and %s: want names of which none begins with the other", f.Name, other)
		}
		names[f.Name], numbers[f.Number] = true, true
		for _, rule := range f.Rules {
			covered[rule] = true
		}
		for rule, value := range f.Configuration {
			other, has := configured[rule]
			assert.True(t, !has || assert.ObjectsAreEqual(other, value),
				"%s: another fault configures %s in another way, and one configuration holds for all", f.Name, rule)
			configured[rule] = value
		}
	}
	for rule := range documentedLevels(t) {
		assert.True(t, covered[rule], "no fault for the rule %s: want one in tests/faults", rule)
	}
	for number := 1; number <= 20; number++ {
		assert.True(t, numbers[number], "no fault number %d", number)
	}
}

// networks is a stack with the networks of faults.
type networks struct {
	*stack
	list     []faults.Fault
	faulty   bool
	later    bool
	existing *faults.Existing // Nil if the stack creates everything.
}

// newNetworks returns a stack with the networks of all faults, or with their
// compliant twins.
func newNetworks(t *testing.T, faulty bool) *networks {
	n := &networks{stack: newStack(t), list: selected(t), faulty: faulty}
	n.options.Program = func(ctx *pulumi.Context, config map[string]string) error {
		if n.existing != nil {
			n.existing.Account = n.box.Account()
		}
		return faults.Program(n.list, faults.Options{
			Faulty: n.faulty, Later: n.later, Existing: n.existing,
		})(ctx, config)
	}
	config, err := json.Marshal(faults.Configuration())
	require.NoError(t, err)
	n.options.PackConfig = filepath.Join(t.TempDir(), "policy-config.json")
	require.NoError(t, os.WriteFile(n.options.PackConfig, config, 0o644))
	return n
}

// analyze returns a command of the Pulumi CLI that analyzes the stack's state.
func (n *networks) analyze() []string {
	return []string{
		"policy", "analyze", "--file", n.exported(),
		"--policy-pack", "bin/policy", "--policy-pack-config", n.options.PackConfig,
	}
}

var printedViolation = regexp.MustCompile(`\[(advisory|mandatory)\] \[severity: \w+\] +([a-z0-9-]+) +\(\S+ ([^)]+)\)`)

// unexpected is the key of violations on other resources, or at a wrong level.
const unexpected = "?"

// violations returns the rules that a command reports as violated, by the fault
// to whose resources they belong. The command must fail if one is mandatory.
func (n *networks) violations(command func(context.Context, *sandbox.Sandbox) error) map[string][]string {
	n.t.Helper()
	printed, err := n.run(command)
	if assert.Contains(n.t, printed, "Policies:", "%v", err); strings.Contains(printed, "[mandatory]") {
		assert.Error(n.t, err, printed)
	} else {
		assert.NoError(n.t, err, printed)
	}
	levels := expectedLevels(n.t)
	found := map[string][]string{}
	for _, match := range printedViolation.FindAllStringSubmatch(printed, -1) {
		level, rule, resource, name := match[1], match[2], match[3], unexpected
		for _, f := range n.list {
			want := levels[rule]
			if f.Advisory {
				want = "advisory"
			}
			if strings.HasPrefix(resource, f.Name+"-") && level == want {
				name = f.Name
			}
		}
		if name == unexpected {
			rule = fmt.Sprintf("%s %s on %s", level, rule, resource)
		}
		found[name] = append(found[name], rule)
	}
	for name, list := range found {
		found[name] = slices.Compact(slices.Sorted(slices.Values(list)))
	}
	if testing.Verbose() {
		n.t.Log(printed)
	}
	return found
}

// expectedLevels returns the level of each rule under the configuration of the
// faults.
func expectedLevels(t *testing.T) map[string]string {
	levels := documentedLevels(t)
	for rule, configured := range faults.Configuration() {
		if properties, has := configured.(map[string]any); has {
			configured = properties["enforcementLevel"]
		}
		if level, has := configured.(string); has {
			levels[rule] = level
		}
	}
	return levels
}

var documentedRule = regexp.MustCompile(
	`(?m)^\| \[([a-z0-9-]+)\].* \| (advisory|mandatory|off by default)(?: or advisory)? \|$`)

// documentedLevels returns the level of each rule, or its highest one, as
// docs/rules has it.
func documentedLevels(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("docs/rules/README.md")
	require.NoError(t, err)
	levels := map[string]string{}
	inWords := map[string]string{"off by default": "disabled"}
	for _, match := range documentedRule.FindAllStringSubmatch(string(text), -1) {
		levels[match[1]] = cmp.Or(inWords[match[2]], match[2])
	}
	require.NotEmpty(t, levels)
	return levels
}
