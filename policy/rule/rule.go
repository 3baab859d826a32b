// Package rule is the framework of the policy pack's rules: what a rule is, how
// it reports what it finds, and how it is configured.
//
// The rules themselves are in policy/rules.
package rule

import "private-api-blueprints/policy/model"

// Rule is one requirement of the policy pack. Everything that a person reads
// about it comes from here: in a terminal, in Pulumi Cloud and in docs/rules.
type Rule struct {
	ID       string   // Name of the policy, as configuration and messages have it.
	Title    string   // What the rule requires, as a statement that holds for a compliant stack.
	Why      string   // What goes wrong otherwise, and the symptom that a person sees.
	Fix      string   // What to change.
	Severity Severity // How much harm a violation does.
	Level    Level    // What a violation does to a deployment, unless the configuration says otherwise.
	Links    []string // Pages of AWS, Pulumi and others with the facts behind the rule.
	Tags     []string // Words that Pulumi Cloud finds the rule by.
	// Parameters are what a configuration may set for this rule only.
	Parameters []Parameter
	// Check reports a verdict for each subject of the rule in the stack.
	Check func(*model.Stack, *Report)
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
	Advisory  Level = "advisory"  // The violation is reported.
	Mandatory Level = "mandatory" // The violation is reported, and the preview or update fails.
)
