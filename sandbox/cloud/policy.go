package cloud

import (
	"encoding/json"
	"slices"
	"strings"
)

// statement is the part of a policy statement that AWS looks at when a policy
// is attached. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type statement struct {
	Effect    string
	Action    oneOrMany
	Principal principals
}

// oneOrMany is a string or a list of strings.
type oneOrMany []string

func (o *oneOrMany) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*o = oneOrMany{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(o))
}

// principals is "*" or names by kind, such as Service.
type principals map[string]oneOrMany

func (p *principals) UnmarshalJSON(data []byte) error {
	var all string
	if json.Unmarshal(data, &all) == nil {
		*p = principals{"*": {all}}
		return nil
	}
	return json.Unmarshal(data, (*map[string]oneOrMany)(p))
}

// statements reads a policy document; ok is false if it is none.
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

// allows tells whether a statement of the document allows a service an action.
func allows(document, service, action string) bool {
	list, _ := statements(document)
	return slices.ContainsFunc(list, func(s statement) bool {
		return s.Effect == "Allow" && slices.Contains(s.Principal["Service"], service) &&
			slices.ContainsFunc(s.Action, func(a string) bool { return covers(a, action) })
	})
}

// covers matches an action with one of a policy, which may end in a wildcard.
func covers(pattern, action string) bool {
	prefix, wild := strings.CutSuffix(pattern, "*")
	return strings.EqualFold(pattern, action) || (wild && strings.HasPrefix(strings.ToLower(action), strings.ToLower(prefix)))
}
