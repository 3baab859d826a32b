package rule

import (
	"fmt"

	"private-api-blueprints/policy/model"
)

// Verdict is a rule's answer about one subject.
type Verdict string

// These are the verdicts. Unknown means that the stack does not say enough yet,
// as before its first deployment.
const (
	Pass      Verdict = "pass"
	Unknown   Verdict = "unknown"
	Violation Verdict = "violation"
)

// Finding is a verdict about one subject.
type Finding struct {
	Verdict Verdict
	Subject string       // URN of the element that the rule judges.
	Origin  model.Origin // Element and property to fix. The element is often the subject.
	Message string       // What is wrong, and what the rule wants. Empty for Pass.
}

// Report collects the findings of one rule, and holds the rule's settings.
type Report struct {
	Findings []Finding
	settings Settings
}

// NewReport returns an empty report for a rule with these settings. Parameters
// that the settings leave out have their defaults.
func NewReport(settings Settings) *Report { return &Report{settings: settings} }

// Pass records that the subject complies with the rule.
func (r *Report) Pass(subject model.Origin) {
	r.Findings = append(r.Findings, Finding{Pass, subject.URN, subject, ""})
}

// Unknown records that the stack does not say enough about the subject yet.
func (r *Report) Unknown(subject model.Origin, format string, args ...any) {
	r.Findings = append(r.Findings, Finding{Unknown, subject.URN, subject, fmt.Sprintf(format, args...)})
}

// Violation records that the subject breaks the rule.
func (r *Report) Violation(subject model.Origin, format string, args ...any) {
	r.Findings = append(r.Findings, Finding{Violation, subject.URN, subject, fmt.Sprintf(format, args...)})
}

// Fault is one way in which a subject may break a rule. [FaultIf] makes one.
type Fault struct {
	present model.Truth
	at      model.Origin
	message string
}

// FaultIf returns a fault that exists if present is True, and may exist if it is
// Maybe. It is reported at the element and property to fix. The message says what
// is wrong and what the rule wants.
func FaultIf(present model.Truth, at model.Origin, format string, args ...any) Fault {
	if present == model.False { // The usual case: nobody reads the message.
		return Fault{present: model.False}
	}
	return Fault{present, at, fmt.Sprintf(format, args...)}
}

// And returns the fault with a further condition.
func (f Fault) And(condition model.Truth) Fault {
	f.present = f.present.And(condition)
	return f
}

// Judge records a violation for each fault that exists. Without one, the subject
// is unknown if a fault may exist, and passes otherwise.
func (r *Report) Judge(subject model.Origin, faults ...Fault) {
	var possible *Fault
	violated := false
	for i, f := range faults {
		switch f.present {
		case model.True:
			violated = true
			r.Findings = append(r.Findings, Finding{Violation, subject.URN, f.at, f.message})
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

// JudgePrivateAPIs judges the resource policies of private APIs by their text.
// The callback returns the faults of one policy. Its second argument is the answer
// to [model.ResourcePolicy.IsOfPrivateAPI].
func JudgePrivateAPIs(s *model.Stack, r *Report, faults func(*model.ResourcePolicy, model.Truth) []Fault) {
	for _, p := range s.ResourcePolicies {
		inForce := p.IsOfPrivateAPI()
		switch {
		case inForce == model.False:
		case p.Document == nil:
			r.Unknown(p.Origin, "%s: the text of its resource policy is not known yet", p.Name)
		default:
			r.Judge(p.Origin, faults(p, inForce)...)
		}
	}
}
