package rule

import (
	"fmt"

	"private-api-blueprints/policy/model"
)

// Outcome is what happens to a stack with a defect. It decides the defect's level.
type Outcome string

// These are the outcomes. All except Risky make a finding mandatory.
const (
	Refused  Outcome = "AWS refuses it"         // The update fails.
	Broken   Outcome = "it cannot work"         // The update succeeds, and requests do not arrive.
	Exposed  Outcome = "it opens to strangers"  // Callers get in whom nobody has let in.
	Required Outcome = "the pack insists on it" // It may work, and is a trap that this pack exists to prevent.
	Risky    Outcome = "it works, with a risk"  // It works in some networks, for some time, or for some clients.
)

// level returns the level of a finding with this outcome.
func (o Outcome) level() Level {
	if o == Risky {
		return Advisory
	}
	return Mandatory
}

// Defect is one thing that a rule may find wrong. The rule's page lists its
// defects, each with its level and the reason.
type Defect struct {
	// ID names the defect within its rule, in the parameter levels.
	ID string
	// Summary is what is wrong, as a sentence.
	Summary string
	// Outcome is what happens. It decides the level, unless the configuration says otherwise.
	Outcome Outcome
	// Effect is what AWS or a client then does, in a sentence or two: the reason for the outcome.
	Effect string
}

// Level returns what a finding of the defect does to a deployment, unless the
// configuration says otherwise.
func (d *Defect) Level() Level { return d.Outcome.level() }

// If returns the fault that a subject has the defect. It exists if present is
// True, and may exist if it is Maybe. It is reported at the element and property
// to fix. The message says what is wrong and what the rule wants.
func (d *Defect) If(present model.Truth, at model.Origin, format string, args ...any) Fault {
	if present == model.False { // The usual case: nobody reads the message.
		return Fault{present: model.False}
	}
	return Fault{defect: d, present: present, at: at, message: fmt.Sprintf(format, args...)}
}
