package decode

import (
	"encoding/json"
	"maps"
	"slices"

	"private-api-blueprints/policy/model"
)

// parsePolicy reads a policy from JSON text, or from the object that some Pulumi
// languages send. It returns nil if the text is not known.
func parsePolicy(v value) *model.PolicyDocument {
	if text, known := v.str().Get(); known {
		return parseDocument([]byte(text))
	}
	if v.hidden || v.absent || v.raw.ContainsUnknowns() || !v.raw.IsObject() {
		return nil
	}
	text, err := json.Marshal(v.raw.Mappable())
	if err != nil {
		return nil
	}
	return parseDocument(text)
}

// oneOrMany is a part of a policy that IAM accepts as one value or as a list.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type oneOrMany[T any] []T

// UnmarshalJSON reads one value or a list.
func (m *oneOrMany[T]) UnmarshalJSON(text []byte) error {
	var many []T
	if json.Unmarshal(text, &many) == nil {
		*m = many
		return nil
	}
	var one T
	if err := json.Unmarshal(text, &one); err != nil {
		return err
	}
	*m = []T{one}
	return nil
}

// scalar is the value of a condition: a string, or a number or flag without quotes.
type scalar string

// UnmarshalJSON reads a string, or keeps other JSON as it is written.
func (s *scalar) UnmarshalJSON(text []byte) error {
	var str string
	if json.Unmarshal(text, &str) == nil {
		*s = scalar(str)
		return nil
	}
	*s = scalar(text)
	return nil
}

// statementJSON is a statement as IAM writes it.
type statementJSON struct {
	Effect                  string
	Principal, NotPrincipal principalsJSON
	Action, NotAction       oneOrMany[string]
	Resource, NotResource   oneOrMany[string]
	Condition               map[string]map[string]oneOrMany[scalar]
}

// principalsJSON is the principals of a statement: "*", or lists of names by kind.
type principalsJSON []model.Principal

// UnmarshalJSON reads the principals in the order of their kinds.
func (p *principalsJSON) UnmarshalJSON(text []byte) error {
	var all string
	if json.Unmarshal(text, &all) == nil {
		*p = principalsJSON{{ID: all}}
		return nil
	}
	var byKind map[string]oneOrMany[string]
	if err := json.Unmarshal(text, &byKind); err != nil {
		return err
	}
	*p = principalsJSON{}
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		for _, id := range byKind[kind] {
			*p = append(*p, model.Principal{Kind: kind, ID: id})
		}
	}
	return nil
}

// statement returns the statement as the model holds it.
func (s statementJSON) statement() model.Statement {
	statement := model.Statement{
		Effect:     model.Effect(s.Effect),
		Principals: model.Principals{Values: s.Principal},
		Actions:    patterns(s.Action, s.NotAction),
		Resources:  patterns(s.Resource, s.NotResource),
		Conditions: conditions(s.Condition),
	}
	if s.NotPrincipal != nil {
		statement.Principals = model.Principals{Values: s.NotPrincipal, Not: true}
	}
	return statement
}

// patterns returns the values of an element such as Action or of its negation.
func patterns(these, not oneOrMany[string]) model.Patterns {
	if not != nil {
		return model.Patterns{Values: not, Not: true}
	}
	return model.Patterns{Values: these}
}

// parseDocument returns a policy document, or nil if the text is not one.
func parseDocument(text []byte) *model.PolicyDocument {
	var policy struct {
		Version   string
		Statement oneOrMany[statementJSON]
	}
	if json.Unmarshal(text, &policy) != nil {
		return nil
	}
	document := &model.PolicyDocument{Version: policy.Version}
	for _, s := range policy.Statement {
		document.Statements = append(document.Statements, s.statement())
	}
	return document
}

// conditions returns the conditions of a block in the order of their operators and keys.
func conditions(block map[string]map[string]oneOrMany[scalar]) []model.Condition {
	var all []model.Condition
	for _, operator := range slices.Sorted(maps.Keys(block)) {
		for _, key := range slices.Sorted(maps.Keys(block[operator])) {
			c := model.Condition{Operator: operator, Key: key}
			for _, v := range block[operator][key] {
				c.Values = append(c.Values, string(v))
			}
			all = append(all, c)
		}
	}
	return all
}
