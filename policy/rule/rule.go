// Package rule is the framework of the policy pack's rules: what a rule is, how
// it reports what it finds, and how it is configured. The rules themselves are
// in policy/rules.
//
// A function that "asks whether" something holds returns a [model.Truth], since a
// stack that does not exist yet may not say.
package rule

import (
	"slices"

	"private-api-blueprints/policy/model"
)

// Rule is one requirement of the policy pack. Everything that a person reads
// about it comes from here: in a terminal, in Pulumi Cloud and in docs/rules.
type Rule struct {
	ID       string   // Name of the policy in configuration and messages.
	Title    string   // What the rule requires, as a statement that holds for a compliant stack.
	Why      string   // What goes wrong otherwise, and the symptom that a person sees.
	Fix      string   // What to change.
	Severity Severity // How much harm a violation does.
	Links    []string // Pages of AWS, Pulumi and others that document the facts.
	Tags     []string // Words by which Pulumi Cloud finds the rule.
	// Defects are what the rule may find wrong, each with its level. The first ones are the most severe.
	Defects []*Defect
	// OffByDefault is whether the rule runs only if the configuration gives it a level.
	OffByDefault bool
	// FormerIDs are names that the rule had in earlier versions. A configuration
	// that uses one is refused, and the error names the ID.
	FormerIDs []string
	// Parameters are what a configuration can set for this rule alone.
	Parameters []Parameter
	// Check reports a verdict for each subject of the rule in the stack.
	Check func(*model.Stack, *Report)
}

// DefaultLevel returns the highest level of the rule's defects, or Disabled if
// the rule is off by default. It is the level that the pack gives to the engine.
func (r *Rule) DefaultLevel() Level {
	switch {
	case r.OffByDefault:
		return Disabled
	case slices.ContainsFunc(r.Defects, func(d *Defect) bool { return d.Level() == Mandatory }):
		return Mandatory
	}
	return Advisory
}

// Severity is how much harm a violation does.
type Severity string

// These are the severities, in Pulumi's words.
const (
	Low      Severity = "low"
	Medium   Severity = "medium"
	High     Severity = "high"
	Critical Severity = "critical"
)

// Level is what a violation does to a deployment.
type Level string

// These are the levels, in Pulumi's words.
const (
	Disabled  Level = "disabled"  // The rule is not run.
	Advisory  Level = "advisory"  // The violation is reported.
	Mandatory Level = "mandatory" // The violation is reported, and the preview or update fails.
)
