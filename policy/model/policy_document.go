package model

import "strings"

// PolicyDocument is those parts of an IAM policy that rules read.
type PolicyDocument struct {
	// Version is the version of the policy language. Policy variables exist since 2012-10-17. A document without a
	// version is of an older one.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
	Version    string
	Statements []Statement
}

// AnyStatement asks whether the answer is True for a statement of the policy.
func (d *PolicyDocument) AnyStatement(question func(Statement) Truth) Truth {
	answer := False
	for _, s := range d.Statements {
		answer = answer.Or(question(s))
	}
	return answer
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

// ActionInvoke is the action of calling an API.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
const ActionInvoke = "execute-api:Invoke"

// IsAboutCalls reports whether the statement applies to calls of an API.
func (s Statement) IsAboutCalls() bool { return s.Actions.Include(ActionInvoke) }

// IsAboutEveryCall asks whether the statement applies to every method and stage
// of the API or custom domain that it belongs to. It may, if it names a stage:
// that may be the only one. A policy that names a custom domain is that domain's.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html
func (s Statement) IsAboutEveryCall() Truth {
	if s.Resources.Not {
		return Maybe
	}
	for _, resource := range s.Resources.Values {
		_, path, hasPath := strings.Cut(resource, "/")
		if resource == "*" || hasPath && (strings.Trim(path, "*/") == "" || strings.HasPrefix(path, domainNames)) {
			return True
		}
	}
	return Maybe
}

// domainNames begins the path in the ARN of a private custom domain.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains-tutorial.html
const domainNames = "domainnames/"

// AllowsCalls reports whether the statement allows some call to some caller.
func (s Statement) AllowsCalls() bool { return s.Effect == Allow && s.IsAboutCalls() }

// AdmitsAnyone asks whether the statement by itself allows calls to a private API
// to everybody, wherever they are.
func (s Statement) AdmitsAnyone() Truth {
	if !s.AllowsCalls() || !s.Principals.AreEveryone() {
		return False
	}
	narrowed := False
	for _, c := range s.Conditions {
		narrowed = narrowed.Or(c.narrowsAllow())
	}
	return narrowed.Not()
}

// DeniesOthers asks whether the statement denies every call to a private API,
// except those of some callers.
func (s Statement) DeniesOthers() Truth {
	if s.Effect != Deny || !s.IsAboutCalls() || !s.Principals.AreEveryone() {
		return False
	}
	denies := s.IsAboutEveryCall()
	if s.Principals.Not {
		denies = denies.AtMostMaybe()
	}
	for _, c := range s.Conditions {
		denies = denies.And(c.sparesFew())
	}
	return denies
}

// Include reports whether the patterns match an action. Case does not matter.
func (p Patterns) Include(text string) bool {
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
