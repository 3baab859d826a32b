package iam

import (
	"strings"

	"private-api-blueprints/policy/model"
)

// expansion is a text of a policy after its variables have got their values.
type expansion struct {
	pieces []piece
	// resolved is False if a variable has no value, so that the text equals nothing. It is Maybe if a variable's
	// value is not known. Then pieces has a * in its place.
	resolved model.Truth
}

// variablesSince is the version of the policy language that introduced variables.
// Older versions treat them as literal text.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
const variablesSince = "2012-10-17"

// expand returns the pieces of a text of a policy. * and ? are wildcards if wild
// is set.
func (e *evaluation) expand(text string, wild bool) expansion {
	x := expansion{resolved: model.True}
	for text != "" {
		before, rest, found := strings.Cut(text, "${")
		variable, after, closed := strings.Cut(rest, "}")
		if !found || !closed || e.version != variablesSince {
			x.append(text, wild)
			return x
		}
		x.append(before, wild)
		x.substitute(e, variable)
		text = after
	}
	return x
}

// append adds a text without variables.
func (x *expansion) append(text string, wild bool) {
	for _, c := range text {
		p := piece{char: c}
		switch {
		case wild && c == '*':
			p = piece{kind: anyMany}
		case wild && c == '?':
			p = piece{kind: anyOne}
		}
		x.pieces = append(x.pieces, p)
	}
}

// substitute adds the value of a variable. ${*}, ${?} and ${$} stand for the
// characters themselves. A default follows the key: ${aws:username, 'nobody'}.
func (x *expansion) substitute(e *evaluation, variable string) {
	if variable == "*" || variable == "?" || variable == "$" {
		x.pieces = append(x.pieces, literals(variable)...)
		return
	}
	key, preset, hasPreset := strings.Cut(variable, ",")
	v := e.call.value(strings.TrimSpace(key))
	switch absent := v.isAbsent(); {
	case absent == model.True && hasPreset:
		x.pieces = append(x.pieces, literals(strings.Trim(strings.TrimSpace(preset), "'"))...)
	case absent == model.True:
		x.resolved = model.False
	case v.Known && len(v.Texts) == 1:
		x.pieces = append(x.pieces, literals(v.Texts[0])...)
	default: // A key with several values cannot be a variable.
		x.resolved = x.resolved.AtMostMaybe()
		x.pieces = append(x.pieces, piece{kind: anyMany})
	}
}

// matches asks whether the expanded text matches another one. A text with a
// variable that has no value matches nothing.
func (x expansion) matches(text []piece) model.Truth {
	return matches(x.pieces, text).And(x.resolved)
}
