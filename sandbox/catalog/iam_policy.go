package catalog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

// statement is the part of a policy statement that AWS checks when a policy is
// attached.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type statement struct {
	Effect    string
	Action    oneOrMany
	Principal principals
	Resource  oneOrMany
	Condition map[string]map[string]any // Operator -> key -> value or values.
}

// oneOrMany is a string or a list of strings.
type oneOrMany []string

// UnmarshalJSON reads a string or a list of strings.
func (o *oneOrMany) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*o = oneOrMany{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(o))
}

// principals is "*", or names by kind such as Service.
type principals map[string]oneOrMany

// UnmarshalJSON reads "*" or names by kind.
func (p *principals) UnmarshalJSON(data []byte) error {
	var all string
	if json.Unmarshal(data, &all) == nil {
		*p = principals{"*": {all}}
		return nil
	}
	return json.Unmarshal(data, (*map[string]oneOrMany)(p))
}

// statements reads a policy document. It reports in ok whether it is one.
func statements(document string) (list []statement, ok bool) {
	var many struct{ Statement []statement }
	if json.Unmarshal([]byte(document), &many) == nil {
		return many.Statement, len(many.Statement) > 0
	}
	var one struct{ Statement statement }
	if json.Unmarshal([]byte(document), &one) != nil {
		return nil, false
	}
	return []statement{one.Statement}, one.Statement.Effect != ""
}

// access describes what a service wants to do, and the condition keys that are
// known.
type access struct {
	service, action, resource string
	context                   map[string]string
	// orAccount says that an account of AWS may act instead of the service. The sandbox does not know its ID, so it may
	// be each one except the user's own.
	orAccount bool
}

// allows reports whether a trust policy allows a service an action.
func allows(document, service, action string) bool {
	return permits(document, access{service: service, action: action})
}

// permits reports whether a statement of the document allows an access and
// none denies it. If a condition cannot be decided, an Allow counts as
// fulfilled and a Deny does not.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func permits(document string, a access) bool {
	list, _ := statements(document)
	says := func(effect string, undecided bool) bool {
		return slices.ContainsFunc(list, func(s statement) bool {
			return s.Effect == effect && s.isFor(a) && s.covers(a, undecided)
		})
	}
	return says("Allow", true) && !says("Deny", false)
}

// isFor reports whether a statement names the service or account of an access, or everybody.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (s statement) isFor(a access) bool {
	everybody := s.Principal["*"] != nil || slices.Contains(s.Principal["AWS"], "*")
	return everybody || slices.Contains(s.Principal["Service"], a.service) ||
		a.orAccount && slices.ContainsFunc(s.Principal["AWS"], func(name string) bool {
			return !strings.Contains(name, cloud.AccountID)
		})
}

// covers reports whether a statement is about an access.
func (s statement) covers(a access, undecided bool) bool {
	return slices.ContainsFunc(s.Action, func(action string) bool { return covers(action, a.action) }) &&
		(s.Resource == nil ||
			slices.ContainsFunc(s.Resource, func(r string) bool { return matchesWildcard(r, a.resource) })) &&
		s.fulfilled(a.context, undecided)
}

// conditions are the operators that permits understands.
var conditions = map[string]func(pattern, value string) bool{
	"StringEquals": func(pattern, value string) bool { return pattern == value },
	"Bool":         strings.EqualFold,
	"StringLike":   matchesWildcard,
	"ArnLike":      matchesWildcard,
	"ArnEquals":    matchesWildcard,
}

func (s statement) fulfilled(context map[string]string, undecided bool) bool {
	for operator, keys := range s.Condition {
		compare := conditions[operator]
		for key, patterns := range keys {
			value, known := context[strings.ToLower(key)]
			if compare == nil || !known {
				if !undecided {
					return false
				}
				continue
			}
			if !slices.ContainsFunc(texts(patterns), func(pattern string) bool { return compare(pattern, value) }) {
				return false
			}
		}
	}
	return true
}

// texts returns the values of a condition key, which are strings, numbers or
// booleans.
func texts(v any) []string {
	many, ok := v.([]any)
	if !ok {
		many = []any{v}
	}
	var out []string
	for _, one := range many {
		out = append(out, fmt.Sprint(one))
	}
	return out
}

// covers reports whether an action of a policy, which may end in a wildcard,
// stands for an action.
func covers(pattern, action string) bool {
	prefix, wild := strings.CutSuffix(pattern, "*")
	return strings.EqualFold(pattern, action) ||
		(wild && strings.HasPrefix(strings.ToLower(action), strings.ToLower(prefix)))
}
