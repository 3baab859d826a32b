package iam

import (
	"fmt"
	"strings"

	"private-api-blueprints/policy/model"
)

// kind is where a policy belongs.
type kind int

const (
	ofResource kind = iota
	ofEndpoint
	ofIdentity
)

// evaluation is the evaluation of one policy for one call.
type evaluation struct {
	call    *Call
	kind    kind
	version string
}

// ResourcePolicy returns what the resource policy of an API or of a private
// custom domain decides. Such a policy may use the short form of ARNs,
// execute-api:/stage/GET/path. A document that is nil is not known.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
func ResourcePolicy(d *model.PolicyDocument, c Call) Decision { return evaluate(d, c, ofResource) }

// EndpointPolicy returns what the policy of a VPC endpoint decides. A document
// that is nil is not known. An endpoint without a policy allows everything, which
// is not this function's business: see [Allows].
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html
func EndpointPolicy(d *model.PolicyDocument, c Call) Decision { return evaluate(d, c, ofEndpoint) }

// IdentityPolicy returns what a policy of the caller decides, or one that a Lambda
// authorizer returns. It has no principals. A document that is nil is not known.
func IdentityPolicy(d *model.PolicyDocument, c Call) Decision { return evaluate(d, c, ofIdentity) }

// evaluate returns what a policy decides about a call.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func evaluate(d *model.PolicyDocument, c Call, k kind) Decision {
	if d == nil {
		return Unknown("the text of the policy is not known")
	}
	e := &evaluation{call: &c, kind: k, version: d.Version}
	allows, denies := model.False, model.False
	findings := make([]finding, len(d.Statements))
	for i, s := range d.Statements {
		findings[i] = e.find(s)
		if s.Effect != model.Deny {
			allows = allows.Or(findings[i].applies)
		}
		if s.Effect != model.Allow {
			denies = denies.Or(findings[i].applies)
		}
	}
	decision := decide(allows, denies)
	return decision.because(explain(d, findings, decision.Outcome))
}

// finding is whether a statement applies to a call, and the element of the
// statement that decided.
type finding struct {
	applies model.Truth
	part    string
	why     string
}

// find returns whether a statement applies to the call. The element that decides
// is the first one that does not match, otherwise the first one that may not.
func (e *evaluation) find(s model.Statement) finding {
	f := finding{applies: model.True}
	if s.Effect != model.Allow && s.Effect != model.Deny {
		f.add(model.Maybe, "Effect", fmt.Sprintf("its effect is %q", s.Effect))
	}
	if e.kind != ofIdentity {
		f.add(e.includes(s.Principals), named("Principal", s.Principals.Not), quote(identities(s.Principals)))
	}
	f.add(e.isAbout(s.Actions), named("Action", s.Actions.Not), quote(s.Actions.Values))
	f.add(e.covers(s.Resources), named("Resource", s.Resources.Not), quote(s.Resources.Values))
	for _, c := range s.Conditions {
		part := fmt.Sprintf("Condition %s %s", c.Operator, c.Key)
		f.add(e.holds(c), part, fmt.Sprintf("%s and the call has %s", quote(c.Values), e.call.value(c.Key)))
	}
	return f
}

// add combines the finding with the answer for one more element.
func (f *finding) add(answer model.Truth, part, why string) {
	combined := f.applies.And(answer)
	if combined != f.applies || answer == model.True && strings.HasPrefix(part, "Condition") {
		f.part, f.why = part, why
	}
	f.applies = combined
}

// named returns the name of a statement's element or of its negation.
func named(element string, negated bool) string {
	if negated {
		return "Not" + element
	}
	return element
}

// identities returns the texts that name the principals.
func identities(principals model.Principals) []string {
	ids := make([]string, len(principals.Values))
	for i, p := range principals.Values {
		ids[i] = p.ID
	}
	return ids
}

// quote returns values as a list in quotation marks.
func quote(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = fmt.Sprintf("%q", v)
	}
	return strings.Join(quoted, ", ")
}

// String returns the value as a message names it.
func (v Value) String() string {
	switch {
	case v.Within.IsValid():
		return "an address in " + v.Within.String()
	case !v.Known:
		return "a value that is not known yet"
	case len(v.Texts) == 0:
		return "none"
	}
	return quote(v.Texts)
}

// isAbout asks whether the actions of a statement include that of the call. IAM
// refuses a statement without actions.
func (e *evaluation) isAbout(actions model.Patterns) model.Truth {
	if actions.Values == nil {
		return model.Maybe
	}
	return model.TruthOf(actions.Include(e.call.Action))
}

// covers asks whether the resources of a statement include that of the call. IAM
// refuses a statement without resources.
func (e *evaluation) covers(resources model.Patterns) model.Truth {
	if resources.Values == nil {
		return model.Maybe
	}
	answer := model.False
	for _, pattern := range resources.Values {
		answer = answer.Or(e.isResource(pattern, resources.Not))
	}
	if resources.Not {
		return answer.Not()
	}
	return answer
}

// shortForm begins an ARN in an API's own policy. API Gateway puts the API's ARN
// before the slash.
const shortForm = executeAPI + ":/"

// isResource asks whether a pattern of a policy matches the ARN of the call. A
// variable without a value matches nothing, but may make a whole statement
// invalid, which matters to NotResource.
func (e *evaluation) isResource(pattern string, negated bool) model.Truth {
	text := e.call.Resource.text().pieces()
	if strings.HasPrefix(pattern, shortForm) {
		if e.kind != ofResource {
			return model.Maybe
		}
		text = e.call.Resource.Resource.ownPath().pieces()
		pattern = strings.TrimPrefix(pattern, executeAPI+":")
		return e.matchResource(e.expand(pattern, true), text, negated)
	}
	x := e.expand(pattern, true)
	x.pieces = arnPattern(x.pieces, true)
	answer := e.matchResource(x, text, negated)
	if parts := strings.Count(pattern, ":") + 1; answer == model.False && parts < arnParts {
		// The documentation of some services completes an incomplete ARN with wildcards.
		rest := e.expand(pattern+strings.Repeat(":*", arnParts-parts), true)
		rest.pieces = arnPattern(rest.pieces, true)
		return e.matchResource(rest, text, negated).AtMostMaybe()
	}
	return answer
}

// matchResource asks whether an expanded pattern matches a text.
func (e *evaluation) matchResource(x expansion, text []piece, negated bool) model.Truth {
	if x.resolved == model.False && negated {
		return model.Maybe
	}
	return x.matches(text)
}

// ownPath returns the resource without its first part, which is the ID of an API.
func (t Text) ownPath() Text {
	for i, part := range t {
		if text, known := part.Get(); known && strings.HasPrefix(text, "/") {
			return t[i:]
		}
	}
	return t
}

// explain returns the statement that decided, its element, and the reason.
func explain(d *model.PolicyDocument, findings []finding, o Outcome) (statement int, part, why string) {
	switch o {
	case Denied:
		return describe(d, findings, func(s model.Statement, f finding) bool {
			return s.Effect == model.Deny && f.applies == model.True
		}, "%s applies%s")
	case Allowed:
		return describe(d, findings, func(s model.Statement, f finding) bool {
			return s.Effect == model.Allow && f.applies == model.True
		}, "%s applies%s")
	case Undecided:
		const format = "whether %s applies is not known%s"
		isOpen := func(s model.Statement, f finding) bool { return f.applies == model.Maybe }
		isOpenDeny := func(s model.Statement, f finding) bool { return s.Effect != model.Allow && isOpen(s, f) }
		if statement, part, why = describe(d, findings, isOpenDeny, format); statement >= 0 {
			return statement, part, why
		}
		return describe(d, findings, isOpen, format)
	}
	allow := -1
	for i, s := range d.Statements {
		if s.Effect == model.Allow && (allow < 0 || isCloser(findings[i].part, findings[allow].part)) {
			allow = i
		}
	}
	if allow < 0 {
		return -1, "", "no statement allows anything"
	}
	f := findings[allow]
	return allow, f.part, fmt.Sprintf("no statement allows it: statement %d allows only %s %s", allow, f.part, f.why)
}

// describe returns the first statement that a question selects, with its reason.
func describe(
	d *model.PolicyDocument, findings []finding, selects func(model.Statement, finding) bool, format string,
) (statement int, part, why string) {
	for i, s := range d.Statements {
		if f := findings[i]; selects(s, f) {
			detail := ""
			if f.part != "" {
				detail = fmt.Sprintf(": %s %s", f.part, f.why)
			}
			return i, f.part, fmt.Sprintf(format, fmt.Sprintf("statement %d (%s)", i, s.Effect), detail)
		}
	}
	return -1, "", ""
}

// isCloser reports whether a statement that failed at one element came closer to
// the call than one that failed at another.
func isCloser(part, than string) bool {
	const order = "Principal NotPrincipal Action NotAction Resource NotResource Condition"
	return strings.Index(order, strings.Fields(part)[0]) > strings.Index(order, strings.Fields(than)[0])
}
