package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/rule"
	"private-api-blueprints/policy/rules"
)

// finding is a violation of a rule by a resource.
type finding struct{ rule, resource string }

// report holds what the pack finds in a view of a design.
type report struct {
	messages map[finding][]string
	levels   map[finding]rule.Level
}

// judge runs all rules that are on by default, with their default settings.
func judge(d *design, view string, list propertyList) (report, error) {
	found := report{map[finding][]string{}, map[finding]rule.Level{}}
	stack := decode.Stack(d.resources(view, list))
	for _, r := range rules.All() {
		if r.DefaultLevel() == rule.Disabled {
			continue
		}
		settings, err := r.ParseSettings(nil)
		if err != nil {
			return found, err
		}
		answers := rule.NewReport(settings)
		r.Check(stack, answers)
		for _, a := range answers.Findings {
			if a.Verdict == rule.Violation {
				f := finding{r.ID, resource.URN(a.Origin.URN).Name()}
				found.messages[f] = append(found.messages[f], a.Message)
				found.levels[f] = higher(found.levels[f], a.Defect.Level())
			}
		}
	}
	return found, nil
}

// higher returns the higher of two levels.
func higher(a, b rule.Level) rule.Level {
	if a == rule.Mandatory {
		return a
	}
	return b
}

// expected returns the findings that the pack should have in a view, given its
// known misses and false alarms.
func (d *design) expected(view string) []finding {
	var all []finding
	for _, e := range d.Want {
		if e.Missed == "" && (view == deployed || e.Undecided == "") {
			all = append(all, finding{e.Rule, e.Resource})
		}
	}
	for _, e := range d.FalseAlarms {
		if e.View == "" || e.View == view {
			all = append(all, finding{e.Rule, e.Resource})
		}
	}
	return all
}

// differences lists what a report has too much or too little.
func (d *design) differences(view string, found report) []string {
	var all []string
	expected := d.expected(view)
	for f, messages := range found.messages {
		if !slices.Contains(expected, f) {
			all = append(all, fmt.Sprintf("%s, %s: unexpected %s on %s: %s", d.Name, view, f.rule, f.resource,
				strings.Join(messages, "; ")))
		}
	}
	for _, f := range expected {
		if found.messages[f] == nil {
			all = append(all, fmt.Sprintf("%s, %s: no %s on %s", d.Name, view, f.rule, f.resource))
		}
	}
	slices.Sort(all)
	return all
}
