// Package policyeval evaluates an IAM policy for one request, as AWS documents it.
//
// It takes the policy's JSON text as it is, and a request in which everything is
// known. It translates each part of the text into a test of a request, and then
// runs the tests. A part that IAM does not define is an error.
//
// The policy pack has an evaluator too, which answers for requests that are not
// known in full. The two were written apart and share no code: a test in the
// pack compares them on thousands of policies.
package policyeval

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Request is a request to AWS.
type Request struct {
	// Action is what the caller wants to do, such as execute-api:Invoke.
	Action string
	// Resource is the ARN of what the caller wants to use.
	Resource string
	// Caller are the names of the caller: the ARN of the user or session, that of the session's role, and the
	// account's ID. An anonymous caller has none.
	Caller []string
	// Context are the values of condition keys. Its keys are in lower case.
	Context map[string][]string
}

// Verdict is what a policy says about a request.
type Verdict string

// Verdicts. A request that is denied implicitly is not mentioned by the policy.
const (
	Allow        Verdict = "Allow"
	Deny         Verdict = "Deny"
	ImplicitDeny Verdict = "ImplicitDeny"
)

// test reports whether a part of a policy matches a request.
type test func(Request) bool

// object is a JSON object.
type object = map[string]any

// Evaluate returns what a resource-based policy says about a request. A Deny
// that matches wins over every Allow.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func Evaluate(policy []byte, r Request) (Verdict, error) {
	var document object
	if err := json.Unmarshal(policy, &document); err != nil {
		return "", fmt.Errorf("the policy is not JSON: %w", err)
	}
	version, _ := document["Version"].(string)
	verdict := ImplicitDeny
	for i, node := range list(document["Statement"]) {
		statement, ok := node.(object)
		if !ok {
			return "", fmt.Errorf("statement %d is not an object", i)
		}
		matches, err := translate(statement, text{request: r, variables: version == "2012-10-17"})
		if err != nil {
			return "", fmt.Errorf("statement %d: %w", i, err)
		}
		switch effect := statement["Effect"]; {
		case effect != string(Allow) && effect != string(Deny):
			return "", fmt.Errorf("statement %d: Effect = %q: want Allow or Deny", i, effect)
		case !matches(r):
		case effect == string(Deny):
			return Deny, nil
		default:
			verdict = Allow
		}
	}
	return verdict, nil
}

// translate returns the test of a whole statement.
func translate(statement object, t text) (test, error) {
	elements := []struct {
		name  string
		match func(value any) (test, error)
	}{
		{"Principal", principals},
		{"Action", func(v any) (test, error) { return anyString(v, actionMatches) }},
		{"Resource", func(v any) (test, error) { return anyString(v, t.resourceMatches) }},
	}
	var tests []test
	for _, e := range elements {
		value, positive := statement[e.name]
		excluded, negative := statement["Not"+e.name]
		if positive == negative {
			return nil, fmt.Errorf("want either %s or Not%s", e.name, e.name)
		}
		if negative {
			value = excluded
		}
		matches, err := e.match(value)
		if err != nil {
			return nil, err
		}
		if negative {
			matches = not(matches)
		}
		tests = append(tests, matches)
	}
	conditions, err := t.conditions(statement["Condition"])
	return all(append(tests, conditions...)), err
}

// principals returns the test of who calls. Only "*" matches an anonymous caller.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func principals(value any) (test, error) {
	if value == "*" {
		return func(Request) bool { return true }, nil
	}
	kinds, ok := value.(object)
	if !ok {
		return nil, fmt.Errorf("principal = %v: want \"*\" or an object", value)
	}
	return anyString(kinds["AWS"], func(name string) (test, error) {
		account := strings.TrimSuffix(name, ":root")
		account = account[strings.LastIndex(account, ":")+1:]
		return func(r Request) bool {
			return name == "*" || slices.Contains(r.Caller, name) ||
				strings.HasSuffix(name, ":root") && slices.Contains(r.Caller, account)
		}, nil
	})
}

// actionMatches returns the test of the action. Case does not matter.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
func actionMatches(pattern string) (test, error) {
	glob := wildcard(strings.ToLower(pattern), ".")
	return func(r Request) bool { return glob.MatchString(strings.ToLower(r.Action)) }, nil
}

// anyString returns a test that passes if one of the strings in a JSON value does.
func anyString(value any, translate func(string) (test, error)) (test, error) {
	var tests []test
	for _, item := range list(value) {
		s, ok := item.(string)
		if !ok {
			return nil, fmt.Errorf("%v is not a string", item)
		}
		one, err := translate(s)
		if err != nil {
			return nil, err
		}
		tests = append(tests, one)
	}
	return func(r Request) bool { return slices.ContainsFunc(tests, func(t test) bool { return t(r) }) }, nil
}

// list returns the items of a JSON list. A single value is a list of one.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
func list(value any) []any {
	switch v := value.(type) {
	case nil:
		return nil
	case []any:
		return v
	}
	return []any{value}
}

func not(t test) test { return func(r Request) bool { return !t(r) } }

func all(tests []test) test {
	return func(r Request) bool { return !slices.ContainsFunc(tests, func(t test) bool { return !t(r) }) }
}
