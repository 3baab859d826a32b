package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// edited is the text of a policy after an edit.
type edited struct{ text, says string }

// isPolicy reports whether a value is the text of an IAM policy.
func isPolicy(v resource.PropertyValue) bool {
	return v.IsString() && strings.HasPrefix(v.StringValue(), "{") && strings.Contains(v.StringValue(), `"Statement"`)
}

// policyMutants returns a policy with one edit each, statement by statement.
func policyMutants(text string) []edited {
	var all []edited
	for i := range statementsOf(text) {
		for _, edit := range statementEdits {
			document, statements := parsePolicy(text)
			says, ok := edit(statements[i])
			if !ok {
				continue
			}
			if says == "removed" {
				statements = slices.Delete(statements, i, i+1)
			}
			document["Statement"] = statements
			changed, err := json.Marshal(document)
			if err == nil {
				all = append(all, edited{string(changed), fmt.Sprintf("statement %d: %s", i+1, says)})
			}
		}
	}
	return append(all, edited{
		`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}`,
		"denies everyone",
	}, edited{
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}`,
		"allows everyone",
	})
}

// parsePolicy returns a policy and its statements.
func parsePolicy(text string) (map[string]any, []map[string]any) {
	document, statements := map[string]any{}, []map[string]any(nil)
	if json.Unmarshal([]byte(text), &document) != nil {
		return nil, nil
	}
	list, isList := document["Statement"].([]any)
	if !isList {
		list = []any{document["Statement"]}
	}
	for _, s := range list {
		if statement, ok := s.(map[string]any); ok {
			statements = append(statements, statement)
		}
	}
	return document, statements
}

func statementsOf(text string) []map[string]any {
	_, statements := parsePolicy(text)
	return statements
}

// statementEdits change a statement in place. Each says what it did, and whether
// it did anything.
var statementEdits = []func(map[string]any) (string, bool){
	func(map[string]any) (string, bool) { return "removed", true },
	func(s map[string]any) (string, bool) {
		if s["Effect"] == "Allow" {
			s["Effect"] = "Deny"
		} else {
			s["Effect"] = "Allow"
		}
		return fmt.Sprintf("Effect %v", s["Effect"]), true
	},
	func(s map[string]any) (string, bool) {
		s["Principal"] = map[string]any{"AWS": "arn:aws:iam::999999999999:root"}
		return "principal of another account", true
	},
	func(s map[string]any) (string, bool) {
		was := s["Principal"]
		s["Principal"] = "*"
		return "principal everyone", was != "*"
	},
	func(s map[string]any) (string, bool) {
		s["Action"] = "execute-api:ManageConnections"
		return "another action", true
	},
	func(s map[string]any) (string, bool) {
		resources := textsIn(s["Resource"])
		if len(resources) == 0 || !strings.Contains(resources[0], ":execute-api:") {
			return "", false
		}
		s["Resource"] = strings.TrimSuffix(resources[0], "*") + "*/POST/*"
		return "POST only", true
	},
	func(s map[string]any) (string, bool) {
		resources := textsIn(s["Resource"])
		if len(resources) == 0 || !strings.Contains(resources[0], ":execute-api:") {
			return "", false
		}
		s["Resource"] = "arn:aws:execute-api:us-east-1:123456789012:zzzzzzzzzz/*"
		return "another API", true
	},
	func(s map[string]any) (string, bool) {
		_, has := s["Condition"]
		delete(s, "Condition")
		return "without conditions", has
	},
	func(s map[string]any) (string, bool) { return editCondition(s, "operator") },
	func(s map[string]any) (string, bool) { return editCondition(s, "key") },
	func(s map[string]any) (string, bool) { return editCondition(s, "value") },
}

// editCondition changes the operator, the key or the value of the first condition.
func editCondition(s map[string]any, part string) (string, bool) {
	conditions, _ := s["Condition"].(map[string]any)
	for _, operator := range slices.Sorted(maps.Keys(conditions)) {
		keys, _ := conditions[operator].(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(keys)) {
			switch part {
			case "operator":
				delete(conditions, operator)
				conditions[otherOperator(operator)] = keys
				return "condition " + otherOperator(operator), true
			case "key":
				keys[otherKey(key)] = keys[key]
				delete(keys, key)
				return "condition on " + otherKey(key), true
			default:
				keys[key] = otherID(key)
				return "another value of " + key, true
			}
		}
	}
	return "", false
}

// otherOperator returns the opposite of an operator.
func otherOperator(operator string) string {
	if strings.Contains(operator, "Not") {
		return strings.Replace(operator, "Not", "", 1)
	}
	for _, kind := range []string{"String", "Arn"} {
		if rest, ok := strings.CutPrefix(operator, kind); ok {
			return kind + "Not" + rest
		}
	}
	return "Not" + operator
}

// otherKey returns a condition key that people confuse with another.
func otherKey(key string) string {
	switch strings.ToLower(key) {
	case "aws:sourcevpc":
		return "aws:SourceVpce"
	case "aws:sourcevpce":
		return "aws:SourceVpc"
	}
	return "aws:SourceIp"
}

// otherID returns a value of a condition key that the stack does not have.
func otherID(key string) string {
	switch strings.ToLower(key) {
	case "aws:sourcevpc":
		return "vpc-0123456789abcdef0"
	case "aws:sourcevpce":
		return "vpce-0123456789abcdef0"
	case "aws:sourceip":
		return "198.51.100.0/24"
	}
	return "other"
}

// textsIn returns a text or the texts of a list.
func textsIn(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, text := range v {
			all = append(all, fmt.Sprint(text))
		}
		return all
	}
	return nil
}
