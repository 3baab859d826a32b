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
	Defect  *Defect      // What a violation found. Nil for Pass and Unknown.
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
	r.Findings = append(r.Findings, Finding{Verdict: Pass, Subject: subject.URN, Origin: subject})
}

// Unknown records that the stack does not say enough about the subject yet.
func (r *Report) Unknown(subject model.Origin, format string, args ...any) {
	r.Findings = append(r.Findings, Finding{
		Verdict: Unknown, Subject: subject.URN, Origin: subject, Message: fmt.Sprintf(format, args...),
	})
}

// Fault is a defect of one subject, which exists or may exist. [Defect.If] makes
// one.
type Fault struct {
	defect  *Defect
	present model.Truth
	at      model.Origin
	message string
}

// And returns the fault with a further condition.
func (f Fault) And(condition model.Truth) Fault {
	f.present = f.present.And(condition)
	return f
}

// IsPresent reports whether the fault certainly exists.
func (f Fault) IsPresent() bool { return f.present == model.True }

// Judge records a violation for each fault that exists. Without one, the subject
// is unknown if a fault may exist, and passes otherwise. Defects that the
// configuration disables do not count.
func (r *Report) Judge(subject model.Origin, faults ...Fault) {
	var possible *Fault
	violated := false
	for i, f := range faults {
		switch {
		case f.present == model.False || r.ignores(f.defect):
		case f.present == model.True:
			violated = true
			r.Findings = append(r.Findings, Finding{
				Verdict: Violation, Subject: subject.URN, Origin: f.at, Message: f.message, Defect: f.defect,
			})
		default:
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

// ignores reports whether the configuration disables the findings of a defect.
func (r *Report) ignores(d *Defect) bool {
	level, given := r.settings.LevelOf(d)
	return given && level == Disabled
}
