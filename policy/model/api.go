package model

import "strings"

// RestAPI is an API Gateway REST API.
type RestAPI struct {
	Element
	// Type is EDGE, REGIONAL or PRIVATE; API Gateway's default is EDGE.
	Type Known[string]
	// DefaultNameOff says that the API does not answer to its execute-api name.
	DefaultNameOff Known[bool]
}

// HTTPAPI is an HTTP or WebSocket API. Neither can be private.
type HTTPAPI struct {
	Element
	// DefaultNameOff says that the API does not answer to its execute-api name.
	DefaultNameOff Known[bool]
}

// Endpoint types of a REST API.
// https://docs.aws.amazon.com/apigateway/latest/api/API_EndpointConfiguration.html
const (
	TypePrivate  = "PRIVATE"
	TypeRegional = "REGIONAL"
	TypeEdge     = "EDGE"
)

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
	// Secret says that no part of the text may be shown.
	Secret bool
}

// PolicyDocument is an IAM policy as far as rules read it.
type PolicyDocument struct {
	Statements []Statement
}

// Statement is one statement of a policy.
type Statement struct {
	Effect     string
	Conditions []Condition
}

// Condition is one key of a statement's condition block.
type Condition struct {
	Operator string // As written: StringNotEquals, ForAnyValue:StringLike, StringEqualsIfExists …
	Key      string // As written; IAM ignores the case of keys.
	Values   []string
}

// HasPolicy asks whether the API has a resource policy.
func (s *Stack) HasPolicy(api *RestAPI) Truth {
	has := False
	for _, p := range s.ResourcePolicies {
		has = has.Or(p.Set.And(p.API.Names(api)))
	}
	return has
}

// ComparesStrings reports that the condition compares its key with text, as
// against asking whether the key is there (Null) or reading it as another type.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func (c Condition) ComparesStrings() bool { return strings.HasPrefix(c.operator(), "string") }

// TakesPatterns reports that * and ? stand for other characters in the values.
func (c Condition) TakesPatterns() bool { return strings.HasSuffix(c.operator(), "like") }

// operator is the bare operator in lower case, without the set prefix and the
// IfExists suffix.
func (c Condition) operator() string {
	bare := strings.ToLower(c.Operator)
	for _, set := range []string{"forallvalues:", "foranyvalue:"} {
		bare = strings.TrimPrefix(bare, set)
	}
	return strings.TrimSuffix(bare, "ifexists")
}
