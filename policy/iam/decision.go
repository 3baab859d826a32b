package iam

import "private-api-blueprints/policy/model"

// Outcome is how a policy decides about a call.
type Outcome int

// Outcomes. The zero Outcome is Undecided.
const (
	// Undecided means that the outcome depends on something unknown.
	Undecided Outcome = iota
	// Allowed means that a statement allows the call and none denies it.
	Allowed
	// Denied means that a statement denies the call.
	Denied
	// NotAllowed means that no statement is about the call, so that it is denied implicitly.
	NotAllowed
)

// String returns the name of the outcome, such as "explicit deny".
func (o Outcome) String() string {
	return [...]string{"undecided", "allowed", "explicit deny", "implicit deny"}[o]
}

// Decision is how a policy decides about a call, and why.
type Decision struct {
	Outcome Outcome
	// Permits is whether the call is allowed. It can be False although Outcome is Undecided: an explicit and an
	// implicit deny both refuse the call.
	Permits model.Truth
	// Statement is the index of the statement that decided. It is -1 if no single one did.
	Statement int
	// Part names the element of the statement that decided, such as Resource or Condition StringNotEquals
	// aws:SourceVpc. It is empty if the whole statement did.
	Part string
	// Why tells in a clause how the statement decided. It may quote the policy, which can be a secret.
	Why string

	allows, denies model.Truth // Whether a statement allows or denies the call.
}

// Unknown returns the decision of a policy that is not known.
func Unknown(why string) Decision {
	return Decision{Statement: -1, Why: why}
}

// Silent returns the decision of a policy that says nothing about the call.
func Silent(why string) Decision {
	return decide(model.False, model.False).because(-1, "", why)
}

// Allows returns the decision of a policy that allows the call.
func Allows(why string) Decision {
	return decide(model.True, model.False).because(-1, "", why)
}

// decide returns the decision of a policy in which a statement may allow or deny
// the call. A deny wins.
func decide(allows, denies model.Truth) Decision {
	d := Decision{Permits: allows.And(denies.Not()), Statement: -1, allows: allows, denies: denies}
	switch {
	case denies == model.True:
		d.Outcome = Denied
	case denies == model.Maybe || allows == model.Maybe:
		d.Outcome = Undecided
	case allows == model.True:
		d.Outcome = Allowed
	default:
		d.Outcome = NotAllowed
	}
	return d
}

// because returns the decision with its reason.
func (d Decision) because(statement int, part, why string) Decision {
	d.Statement, d.Part, d.Why = statement, part, why
	return d
}
