// Package rules holds the rules of the policy pack: what each of them demands
// of a stack, why, and how a person puts it right.
//
// A rule is one file, its fixtures testdata/<id>.txtar, and one line in All.
package rules

import "private-api-blueprints/policy/model"

// Rule is one demand on a stack. Everything that a person reads about it, in a
// terminal, in Pulumi Cloud or in docs/rules, comes from here.
type Rule struct {
	ID       string // Name of the policy: what configuration and messages call it.
	Title    string // The demand, as a sentence that is true of a sound stack.
	Why      string // What goes wrong without, and the symptom that a person sees.
	Fix      string // What to change.
	Severity Severity
	Level    Level // Enforcement where the configuration does not say otherwise.
	Links    []string
	Tags     []string
	// Parameters are the settings of its own that a configuration may change.
	Parameters []Parameter
	// Check reports a verdict for each subject of the rule in the stack.
	Check func(*model.Stack, *Report)
}

// Severity is how much harm a violation does.
type Severity string

// Severities, in the words of Pulumi.
const (
	Low      Severity = "low"
	Medium   Severity = "medium"
	High     Severity = "high"
	Critical Severity = "critical"
)

// Level is what a violation does to a deployment.
type Level string

// Levels, in the words of Pulumi.
const (
	Advisory  Level = "advisory"  // It is reported.
	Mandatory Level = "mandatory" // The preview or update fails.
)
