package tests

import (
	"context"
	"flag"
	"fmt"
	"os"
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

// one limits the tests of faults to those whose names match, for work on them.
var one = flag.String("fault", "", "pattern of names of faults")

func selected(t *testing.T) (list []faults.Fault) {
	t.Helper()
	for _, f := range faults.All() {
		if regexp.MustCompile(*one).MatchString(f.Name) {
			list = append(list, f)
		}
	}
	return list
}

// TestEveryFaultIsSeen has every rule object to its faults, and to nothing else,
// in each view of a stack: mandatory or advisory as the rule says.
func TestEveryFaultIsSeen(t *testing.T) {
	seen := sight{}
	n := newNetworks(t, true)
	all := n.list
	n.existing = &faults.Existing{}
	preview := func(ctx context.Context, box *sandbox.Sandbox) error { _, err := box.Preview(ctx); return err }
	seen[faults.PreviewExisting] = n.objections(preview)
	n.existing = nil
	seen[faults.PreviewCreated] = n.objections(preview)
	n.list = slices.DeleteFunc(slices.Clone(all), func(f faults.Fault) bool { return f.Refused != "" })
	seen[faults.Deployed] = n.objections(func(ctx context.Context, box *sandbox.Sandbox) error { _, err := box.Up(ctx); return err })
	state := n.exported()
	seen[faults.Analysis] = n.objections(func(ctx context.Context, box *sandbox.Sandbox) error {
		return box.Exec(ctx, "pulumi", "policy", "analyze", "--file", state, "--policy-pack", "bin/policy")
	})
	for _, view := range faults.Views {
		for _, f := range all {
			var want []string
			if reason(f, view) == "" {
				want = slices.Sorted(slices.Values(f.Rules))
			}
			assert.Equal(t, want, seen[view][f.Name], "%s: %s (%s)", view, f.Name, f.Says)
		}
		assert.Empty(t, seen[view]["?"], view)
	}
	if *one == "" {
		assertDocument(t, "docs/faults.md", document(all, seen))
	}
}

// reason is why a fault is not seen in a view; empty where it is.
func reason(f faults.Fault, view faults.View) string {
	if f.Refused != "" && (view == faults.Deployed || view == faults.Analysis) {
		return "AWS refuses the deployment: " + f.Refused
	}
	return f.Unseen[view]
}

// TestNoRuleObjectsToTheSoundTwins runs the same networks without their faults.
func TestNoRuleObjectsToTheSoundTwins(t *testing.T) {
	n := newNetworks(t, false)
	n.existing = &faults.Existing{}
	n.preview()
	n.existing = nil
	n.preview()
	n.up()
	assert.Empty(t, violations(n.pulumi("policy", "analyze", "--file", n.exported(), "--policy-pack", "bin/policy")))
}

// TestEveryRuleHasAFault keeps the faults complete, and their table too.
func TestEveryRuleHasAFault(t *testing.T) {
	covered, names, numbers := map[string]bool{}, map[string]bool{}, map[int]bool{}
	for _, f := range faults.All() {
		assert.False(t, names[f.Name], "two faults %s", f.Name)
		for other := range names {
			assert.False(t, strings.HasPrefix(other+"-", f.Name+"-") || strings.HasPrefix(f.Name+"-", other+"-"), "%s and %s cannot be told apart", f.Name, other)
		}
		names[f.Name], numbers[f.Number] = true, true
		for _, rule := range f.Rules {
			covered[rule] = true
		}
	}
	var missing []string
	for rule := range documentedLevels(t) {
		if !covered[rule] {
			missing = append(missing, rule)
		}
	}
	for number := 1; number <= 20; number++ {
		if !numbers[number] {
			missing = append(missing, fmt.Sprintf("number %d", number))
		}
	}
	assert.Empty(t, missing)
}

// networks is a stack of the faults' networks.
type networks struct {
	*stack
	list     []faults.Fault
	existing *faults.Existing // Nil where the stack creates all.
}

func newNetworks(t *testing.T, faulty bool) *networks {
	n := &networks{stack: newStack(t), list: selected(t)}
	n.options.Program = func(ctx *pulumi.Context, config map[string]string) error {
		if n.existing != nil {
			n.existing.Account = n.box.Account()
		}
		return faults.Program(n.list, faults.Options{Faulty: faulty, Existing: n.existing})(ctx, config)
	}
	return n
}

var objection = regexp.MustCompile(`\[(advisory|mandatory)\] \[severity: \w+\] +([a-z0-9-]+) +\(\S+ ([^)]+)\)`)

// objections are the rules that object to what a command does, by the fault to
// whose resources they do; "?" are those to other resources, or at a level other
// than the rule's. The command fails if one of them is mandatory.
func (n *networks) objections(command func(context.Context, *sandbox.Sandbox) error) map[string][]string {
	n.t.Helper()
	printed, err := n.run(command)
	if assert.Contains(n.t, printed, "Policies:", "%v", err); strings.Contains(printed, "[mandatory]") {
		assert.Error(n.t, err, printed)
	} else {
		assert.NoError(n.t, err, printed)
	}
	levels := documentedLevels(n.t)
	found := map[string][]string{}
	for _, match := range objection.FindAllStringSubmatch(printed, -1) {
		level, rule, resource, name := match[1], match[2], match[3], "?"
		for _, f := range n.list {
			if strings.HasPrefix(resource, f.Name+"-") && level == levels[rule] {
				name = f.Name
			}
		}
		if name == "?" {
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

var documentedRule = regexp.MustCompile(`(?m)^\| \[([a-z0-9-]+)\].* \| (advisory|mandatory) \|$`)

// documentedLevels is every rule with its level, as the documentation has them.
func documentedLevels(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("docs/rules/README.md")
	require.NoError(t, err)
	levels := map[string]string{}
	for _, match := range documentedRule.FindAllStringSubmatch(string(text), -1) {
		levels[match[1]] = match[2]
	}
	require.NotEmpty(t, levels)
	return levels
}
