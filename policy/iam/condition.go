package iam

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

// holds asks whether the call fulfills a condition.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
func (e *evaluation) holds(c model.Condition) model.Truth {
	v := e.call.value(c.Key)
	if c.Comparison() == "null" {
		return e.tellsPresence(c, v)
	}
	compare := comparisonOf(positive(c.Comparison()))
	if compare == nil {
		return model.Maybe
	}
	without := model.TruthOf(c.HoldsWithoutKey())
	switch v.isAbsent() {
	case model.True:
		return without
	case model.Maybe:
		return without.Agree(e.unknownHolds(c, v))
	}
	if !v.Known {
		return e.unknownHolds(c, v)
	}
	return e.knownHolds(c, v.Texts, compare)
}

// positive returns an operator without its negation.
func positive(operator string) string {
	if operator == "notipaddress" {
		return "ipaddress"
	}
	return strings.Replace(operator, "not", "", 1)
}

// tellsPresence asks whether a Null condition holds. Its value true wants that the
// call lacks the key.
func (e *evaluation) tellsPresence(c model.Condition, v Value) model.Truth {
	answer := model.False
	for _, wanted := range c.Values {
		switch strings.ToLower(wanted) {
		case "true":
			answer = answer.Or(v.isAbsent())
		case "false":
			answer = answer.Or(v.isAbsent().Not())
		default:
			answer = answer.Or(model.Maybe)
		}
	}
	if c.IfExists() || c.IsForAll() || c.IsForAny() { // IAM does not have these forms of Null.
		return model.Maybe
	}
	return answer
}

// knownHolds asks whether a condition holds for the values that a call has under
// its key. ForAllValues and ForAnyValue ask each value, except empty texts: they
// count as no value. The documentation says nothing about several values without
// one of them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (e *evaluation) knownHolds(c model.Condition, texts []string, compare comparison) model.Truth {
	every, some := model.True, model.False
	unset := model.TruthOf(c.IsNegated() && e.lacksVariable(c.Values)).AtMostMaybe()
	for _, text := range texts {
		if text == "" && (c.IsForAll() || c.IsForAny()) {
			continue
		}
		one := unset
		for _, wanted := range c.Values {
			one = one.Or(compare(e, text, wanted))
		}
		if c.IsNegated() {
			one = one.Not()
		}
		every, some = every.And(one), some.Or(one)
	}
	switch {
	case c.IsForAll():
		return every
	case c.IsForAny() || len(texts) == 1:
		return some
	}
	return model.Maybe
}

// unknownHolds asks whether a condition holds for a value that the call has, but
// that is not known. It is certain if it is the same for every possible value.
func (e *evaluation) unknownHolds(c model.Condition, v Value) model.Truth {
	matched := model.TruthOf(c.IsNegated() && e.lacksVariable(c.Values)).AtMostMaybe()
	for _, wanted := range c.Values {
		matched = matched.Or(e.unknownMatches(c, v, wanted))
	}
	if c.IsNegated() {
		matched = matched.Not()
	}
	mayBeEmpty := idPrefixes[strings.ToLower(c.Key)] == "" && !v.Within.IsValid()
	switch {
	case c.IsForAll() && mayBeEmpty:
		return matched.Or(model.Maybe)
	case c.IsForAny() && mayBeEmpty:
		return matched.AtMostMaybe()
	}
	return matched
}

// lacksVariable reports whether a variable in the values has no value. It may make
// the whole statement invalid, so that a negated operator is not decided.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func (e *evaluation) lacksVariable(values []string) bool {
	return slices.ContainsFunc(values, func(v string) bool { return e.expand(v, false).resolved == model.False })
}

// unknownMatches asks whether an unknown value of a call matches a value of a
// policy.
func (e *evaluation) unknownMatches(c model.Condition, v Value, wanted string) model.Truth {
	switch positive(c.Comparison()) {
	case "ipaddress":
		if !v.Within.IsValid() {
			return model.Maybe
		}
		return inRange(v.Within, wanted)
	case "stringequals":
		return e.expand(wanted, false).matches(shapeOf(c.Key))
	case "stringlike":
		return e.expand(wanted, true).matches(shapeOf(c.Key))
	}
	return model.Maybe
}

// idPrefixes are the beginnings of the IDs that keys hold.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-sourcevpc
var idPrefixes = map[string]string{"aws:sourcevpc": "vpc-", "aws:sourcevpce": "vpce-"}

// shapeOf returns the pieces of an unknown value under a key.
func shapeOf(key string) []piece {
	prefix := idPrefixes[strings.ToLower(key)]
	return append(literals(prefix), piece{kind: hole, optional: true})
}
