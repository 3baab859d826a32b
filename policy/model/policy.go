package model

import "strings"

// ResourcePolicy is a resource policy of a REST API, from whichever of the
// places that a stack can put it in, or of a private custom domain.
type ResourcePolicy struct {
	Element
	API Ref[RestAPI] // Absent for a domain's.
	// Set is Maybe where the property that would hold the policy is not known,
	// or may hold an old copy of another resource's policy.
	Set Truth
	// Document is nil while the policy's text is unknown or is no policy.
	Document *PolicyDocument
	// From is what the text is made from.
	From Sources
	// VPCs and Endpoints are those that its conditions compare aws:SourceVpc and
	// aws:SourceVpce with.
	VPCs      Refs[VPC]
	Endpoints Refs[Endpoint]
	// Secret says that no part of the text may be shown.
	Secret bool
}

// IsAbout asks whether the policy is about calls through an endpoint: it names
// that or its VPC, or no network at all. While its text is not known, what it is
// made from tells.
func (p *ResourcePolicy) IsAbout(e *Endpoint) Truth {
	if p.Document == nil {
		vpc, certain := e.VPC.Sole()
		return TruthOf(p.From.Has(e.Origin) || certain && p.From.Has(vpc.Origin)).Or(Maybe)
	}
	if p.VPCs.IsEmpty() && p.Endpoints.IsEmpty() {
		return True
	}
	inVPC := p.VPCs.Any(e.VPC.Same)
	return inVPC.Or(p.Endpoints.Any(func(r Ref[Endpoint]) Truth { return r.Names(e) }))
}

// PolicyOwner is a resource that puts a resource policy on a REST API.
type PolicyOwner struct {
	Element
	API Ref[RestAPI]
	// Puts is Maybe where the resource may only repeat, as the provider has read
	// it, what another resource has put there.
	Puts Truth
}

// PolicyDocument is an IAM policy as far as rules read it.
type PolicyDocument struct {
	Statements []Statement
}

// Statement is one statement of a policy.
type Statement struct {
	Effect     string // Allow or Deny.
	Principals Principals
	Actions    Patterns
	Resources  Patterns
	Conditions []Condition
}

// Effects of a statement.
const (
	Allow = "Allow"
	Deny  = "Deny"
)

// Patterns are the actions or resources that a statement is about.
type Patterns struct {
	Values []string
	Not    bool // All but these: NotAction, NotResource.
}

// Principals are the callers that a statement is about.
type Principals struct {
	Values []Principal
	Not    bool // All but these: NotPrincipal.
}

// Principal is a caller: "*" of no kind, or one of the kind AWS, Service,
// Federated or CanonicalUser.
type Principal struct{ Kind, ID string }

// Condition is one key of a statement's condition block.
type Condition struct {
	Operator string // As written: StringNotEquals, ForAnyValue:StringLike, StringEqualsIfExists …
	Key      string // As written; IAM ignores the case of keys.
	Values   []string
}

// invoke is the action of calling an API.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-control-access-using-iam-policies-to-invoke-api.html
const invoke = "execute-api:Invoke"

// IsAboutCalls reports that the statement is about calls of an API.
func (s Statement) IsAboutCalls() bool { return s.Actions.include(invoke) }

// IsAboutEveryCall asks whether the statement is about every method of the API
// that it belongs to, whatever the stage. One that names a stage may be.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html
func (s Statement) IsAboutEveryCall() Truth {
	if s.Resources.Not {
		return Maybe
	}
	for _, resource := range s.Resources.Values {
		if _, path, hasPath := strings.Cut(resource, "/"); resource == "*" || hasPath && strings.Trim(path, "*/") == "" {
			return True
		}
	}
	return Maybe
}

// include reports that the patterns match a text, whatever its case.
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

// AreEveryone reports that a statement for these principals is for callers that
// show no credentials, too.
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

// Matches reports that a text has the form of a pattern, in which * stands for
// any characters and ? for one.
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

// ComparesStrings reports that the condition compares its key with text, as
// against asking whether the key is there (Null) or reading it as another type.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func (c Condition) ComparesStrings() bool { return strings.HasPrefix(c.operator(), "string") }

// TakesPatterns reports that * and ? stand for other characters in the values.
func (c Condition) TakesPatterns() bool { return strings.HasSuffix(c.operator(), "like") }

// IsNegated reports that the condition holds where the key has another value,
// or none.
func (c Condition) IsNegated() bool { return strings.Contains(c.operator(), "not") }

// AsksPresence reports that the condition is about whether the request has the
// key at all.
func (c Condition) AsksPresence() bool { return c.operator() == "null" }

// IfExists reports that the condition holds where the request lacks the key.
func (c Condition) IfExists() bool { return strings.HasSuffix(strings.ToLower(c.Operator), ifExists) }

const ifExists = "ifexists"

// operator is the bare operator in lower case, without the set prefix and the
// IfExists suffix.
func (c Condition) operator() string {
	bare := strings.ToLower(c.Operator)
	for _, set := range []string{"forallvalues:", "foranyvalue:"} {
		bare = strings.TrimPrefix(bare, set)
	}
	return strings.TrimSuffix(bare, ifExists)
}
