package rules

import (
	"fmt"

	"private-api-blueprints/policy/model"
)

// Verdict is what a rule says of a subject.
type Verdict string

// The verdicts. Undecided is an answer too: the stack does not say yet.
const (
	Passed    Verdict = "pass"
	Undecided Verdict = "unknown"
	Violated  Verdict = "violation"
)

// Finding is a verdict on one subject.
type Finding struct {
	Verdict Verdict
	Subject string       // URN of what the rule judges.
	Origin  model.Origin // The element at fault: the subject, or what decides on it.
	Message string       // Subject, fact and expectation. Empty for Passed.
}

// Report collects the findings of one rule and gives it its settings.
type Report struct {
	Findings []Finding
	settings Settings
}

// NewReport is an empty report for a rule under these settings; parameters that
// they leave out have their defaults.
func NewReport(settings Settings) *Report { return &Report{settings: settings} }

// Pass records that the subject is sound.
func (r *Report) Pass(subject model.Origin) {
	r.Findings = append(r.Findings, Finding{Passed, subject.URN, subject, ""})
}

// Unknown records that the stack does not yet say enough to decide.
func (r *Report) Unknown(subject model.Origin, format string, args ...any) {
	r.Findings = append(r.Findings, Finding{Undecided, subject.URN, subject, fmt.Sprintf(format, args...)})
}

// Violation records that the subject breaks the rule.
func (r *Report) Violation(subject model.Origin, format string, args ...any) {
	r.Findings = append(r.Findings, Finding{Violated, subject.URN, subject, fmt.Sprintf(format, args...)})
}

// fault is one way in which a subject may break a rule.
type fault struct {
	present model.Truth
	at      model.Origin
	message string
}

// judge records a violation for each fault that is certain. A subject without
// passes if no other fault is possible.
func (r *Report) judge(subject model.Origin, faults []fault) {
	var possible *fault
	violated := false
	for i, f := range faults {
		switch f.present {
		case model.True:
			violated = true
			r.Findings = append(r.Findings, Finding{Violated, subject.URN, f.at, f.message})
		case model.Maybe:
			possible = &faults[i]
		}
	}
	switch {
	case violated:
	case possible != nil:
		r.Unknown(subject, "not known yet whether this is so: %s", possible.message)
	default:
		r.Pass(subject)
	}
}
