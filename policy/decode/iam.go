package decode

import (
	"encoding/json"
	"maps"
	"slices"

	"private-api-blueprints/policy/model"
)

// parsePolicy reads a policy that is given as JSON text, or as the object that
// some Pulumi languages pass on. It is nil where the text is not known.
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

// oneOrMany is an element of a policy that IAM takes as one value or as a list.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
type oneOrMany[T any] []T

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

// scalar is a condition value: a string, or a number or flag without quotes.
type scalar string

func (s *scalar) UnmarshalJSON(text []byte) error {
	var str string
	if json.Unmarshal(text, &str) == nil {
		*s = scalar(str)
		return nil
	}
	*s = scalar(text)
	return nil
}

type statementJSON struct {
	Effect    string
	Condition map[string]map[string]oneOrMany[scalar]
}

// parseDocument is nil where the text is no policy document.
func parseDocument(text []byte) *model.PolicyDocument {
	var policy struct{ Statement oneOrMany[statementJSON] }
	if json.Unmarshal(text, &policy) != nil {
		return nil
	}
	document := &model.PolicyDocument{}
	for _, s := range policy.Statement {
		document.Statements = append(document.Statements, model.Statement{
			Effect: s.Effect, Conditions: conditions(s.Condition),
		})
	}
	return document
}

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
