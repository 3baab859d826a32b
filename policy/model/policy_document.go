package model

import "strings"

// PolicyDocument is those parts of an IAM policy that rules read.
type PolicyDocument struct {
	Statements []Statement
}

// Statement is one statement of a policy.
type Statement struct {
	Effect     Effect
	Principals Principals
	Actions    Patterns
	Resources  Patterns
	Conditions []Condition
}

// Effect is whether a statement allows or denies.
type Effect string

// Effects of a statement.
const (
	Allow Effect = "Allow"
	Deny  Effect = "Deny"
)

// Patterns are the actions or resources that a statement is about.
type Patterns struct {
	Values []string
	// Not is true for NotAction and NotResource: the statement is about all except Values.
	Not bool
}

// Principals are the callers that a statement is about.
type Principals struct {
	Values []Principal
	// Not is true for NotPrincipal: the statement is about all except Values.
	Not bool
}

// Principal is a caller.
type Principal struct {
	// Kind is AWS, Service, Federated or CanonicalUser. It is empty for a principal that is only "*".
	Kind string
	ID   string
}

// Condition is one key of a statement's condition block.
type Condition struct {
	// Operator is the operator as written, such as StringNotEquals, ForAnyValue:StringLike or StringEqualsIfExists.
	Operator string
	// Key is the key as written. IAM ignores its case.
	Key    string
	Values []string
}

// invoke is the action of calling an API.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
const invoke = "execute-api:Invoke"

// IsAboutCalls reports whether the statement applies to calls of an API.
func (s Statement) IsAboutCalls() bool { return s.Actions.include(invoke) }

// IsAboutEveryCall asks whether the statement applies to every method and stage
// of the API that it belongs to. It may, if it names a stage: that may be the
// only one.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html
func (s Statement) IsAboutEveryCall() Truth {
	if s.Resources.Not {
		return Maybe
	}
	for _, resource := range s.Resources.Values {
		_, path, hasPath := strings.Cut(resource, "/")
		if resource == "*" || hasPath && strings.Trim(path, "*/") == "" {
			return True
		}
	}
	return Maybe
}

// include reports whether the patterns match a text. Case does not matter.
func (p Patterns) include(text string) bool {
	if p.Values == nil {
		return false
	}
	for _, pattern := range p.Values {
		if Matches(strings.ToLower(pattern), strings.ToLower(text)) {
			return !p.Not
		}
	}
	return p.Not
}

// AreEveryone reports whether the principals include callers without credentials.
func (p Principals) AreEveryone() bool {
	if p.Not {
		return true
	}
	for _, principal := range p.Values {
		if principal.ID == "*" && (principal.Kind == "" || principal.Kind == "AWS") {
			return true
		}
	}
	return false
}

// Matches reports whether a text matches a pattern, in which * stands for any
// number of characters and ? for one.
func Matches(pattern, text string) bool {
	p, t := 0, 0
	star, resume := -1, 0 // The last * and where the text after it begins.
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0:
			resume++
			p, t = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// ComparesStrings reports whether the condition compares its key with text.
// Other conditions read the key as another type, or test whether the request
// has it (Null).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func (c Condition) ComparesStrings() bool { return strings.HasPrefix(c.operator(), "string") }

// TakesPatterns reports whether * and ? are wildcards in the condition's values.
func (c Condition) TakesPatterns() bool { return strings.HasSuffix(c.operator(), "like") }

// IsNegated reports whether the condition holds if the key has another value,
// or none.
func (c Condition) IsNegated() bool { return strings.Contains(c.operator(), "not") }

// AsksPresence reports whether the condition tests if the request has the key.
func (c Condition) AsksPresence() bool { return c.operator() == "null" }

// IfExists reports whether the condition holds if the request lacks the key.
func (c Condition) IfExists() bool { return strings.HasSuffix(strings.ToLower(c.Operator), ifExists) }

const ifExists = "ifexists"

// operator returns the operator in lower case, without the ForAllValues: or
// ForAnyValue: prefix and without the IfExists suffix.
func (c Condition) operator() string {
	bare := strings.ToLower(c.Operator)
	for _, set := range []string{"forallvalues:", "foranyvalue:"} {
		bare = strings.TrimPrefix(bare, set)
	}
	return strings.TrimSuffix(bare, ifExists)
}
