package tests

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/tests/faults"
)

// sight is what rules objected to, by view and fault.
type sight map[faults.View]map[string][]string

// document is docs/faults.md: which faults are seen in which view, and why the
// others are not.
func document(list []faults.Fault, seen sight) string {
	warned := slices.DeleteFunc(slices.Clone(list), func(f faults.Fault) bool { return f.Number == 0 })
	slices.SortFunc(warned, func(a, b faults.Fault) int { return a.Number - b.Number })
	others := slices.DeleteFunc(slices.Clone(list), func(f faults.Fault) bool { return f.Number > 0 })
	var notes []string
	text := "<!-- Written by `go test ./tests -run TestEveryFaultIsSeen -update`. Do not edit. -->\n\n" + preface +
		"\n## What the articles and AWS warn of\n\n" + seen.table(warned, &notes) + "\n## Others\n\n" + seen.table(others, &notes) + "\n## Why not\n\n"
	for i, why := range notes {
		text += fmt.Sprintf("%d. %s.\n", i+1, why)
	}
	return text
}

const preface = `# Faults, and when the policy pack sees them

Each line is a small network with one thing wrong, built through the Pulumi CLI against the
sandbox; its sound twin differs in that one thing, and no rule objects to it. An existing
network is one whose VPC and subnets a program takes by their ids; a created one has no ids
before the first deployment. [tests/faults](../tests/faults) has the programs.
`

// table has a line for each fault and a sum for each view. It adds to the notes
// why faults are not seen.
func (seen sight) table(list []faults.Fault, notes *[]string) string {
	lines := [][]string{{"fault", "rules"}, {"---", "---"}}
	sums := []string{"**seen**", ""}
	for _, view := range faults.Views {
		lines[0], lines[1] = append(lines[0], string(view)), append(lines[1], "---")
		count := 0
		for _, f := range list {
			if len(seen[view][f.Name]) > 0 {
				count++
			}
		}
		sums = append(sums, fmt.Sprintf("**%d of %d**", count, len(list)))
	}
	for _, f := range list {
		lines = append(lines, seen.line(f, notes))
	}
	var text strings.Builder
	for _, line := range append(lines, sums) {
		fmt.Fprintf(&text, "| %s |\n", strings.Join(line, " | "))
	}
	return text.String()
}

func (seen sight) line(f faults.Fault, notes *[]string) []string {
	says := f.Says
	if f.Number > 0 {
		says = fmt.Sprintf("%d. %s", f.Number, f.Says)
	}
	var rules []string
	for _, rule := range f.Rules {
		rules = append(rules, fmt.Sprintf("[%s](rules/%s.md)", rule, rule))
	}
	line := []string{says, strings.Join(rules, ", ")}
	for _, view := range faults.Views {
		cell := "yes"
		if len(seen[view][f.Name]) == 0 {
			why, no := reason(f, view), "no"
			if why != f.Unseen[view] {
				no = "refused"
			}
			if !slices.Contains(*notes, why) {
				*notes = append(*notes, why)
			}
			cell = fmt.Sprintf("%s (%d)", no, slices.Index(*notes, why)+1)
		}
		line = append(line, cell)
	}
	return line
}

// assertDocument compares a document with what it should be.
func assertDocument(t *testing.T, path, want string) {
	t.Helper()
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
	}
	assert.Equal(t, read(t, path), want, "%s is stale: run this test with -update", path)
}
