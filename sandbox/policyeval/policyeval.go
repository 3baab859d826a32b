// Package policyeval evaluates an IAM policy for one request, as AWS documents it.
//
// It takes the policy's JSON text as it is, and a request in which everything is
// known. It translates each part of the text into a test of a request once, and then
// runs the tests for each request. A part that IAM does not define is an error.
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
	"sync"
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

// condition reports whether the values of a request pass one condition. The error says why they cannot be compared.
type condition func(Request) (bool, error)

// object is a JSON object.
type object = map[string]any

// Policy is a resource-based policy whose text was translated once. Its methods may be called concurrently.
type Policy struct{ statements []statement }

// statement is a statement of a policy.
type statement struct {
	effect     Verdict
	elements   []test // The principal, the action and the resource.
	conditions []condition
}

// Evaluate returns what the text of a resource-based policy says about one request.
func Evaluate(policy []byte, r Request) (Verdict, error) {
	p, err := Parse(policy)
	if err != nil {
		return "", err
	}
	return p.Evaluate(r)
}

// Parse translates the text of a resource-based policy.
func Parse(policy []byte) (*Policy, error) {
	var document object
	if err := json.Unmarshal(policy, &document); err != nil {
		return nil, fmt.Errorf("the policy is not JSON: %w", err)
	}
	version, _ := document["Version"].(string)
	p := &Policy{}
	for i, node := range list(document["Statement"]) {
		fields, ok := node.(object)
		if !ok {
			return nil, fmt.Errorf("statement %d is not an object", i)
		}
		s, err := translate(fields, language{variables: version == "2012-10-17"})
		if err != nil {
			return nil, fmt.Errorf("statement %d: %w", i, err)
		}
		if s.effect != Allow && s.effect != Deny {
			return nil, fmt.Errorf("statement %d: Effect = %q: want Allow or Deny", i, fields["Effect"])
		}
		p.statements = append(p.statements, s)
	}
	return p, nil
}

// Evaluate returns what the policy says about a request. A Deny that matches wins over every Allow. The error says
// which value of the request a condition cannot compare.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func (p *Policy) Evaluate(r Request) (Verdict, error) {
	verdict := ImplicitDeny
	for i, s := range p.statements {
		switch matches, err := s.matches(r); {
		case err != nil:
			return "", fmt.Errorf("statement %d: %w", i, err)
		case matches && s.effect == Deny:
			return Deny, nil
		case matches:
			verdict = Allow
		}
	}
	return verdict, nil
}

// matches reports whether a statement is about a request. All conditions are asked, so that an error does not depend on
// the other parts of the statement.
func (s statement) matches(r Request) (bool, error) {
	all := !slices.ContainsFunc(s.elements, func(t test) bool { return !t(r) })
	for _, c := range s.conditions {
		passes, err := c(r)
		if err != nil {
			return false, err
		}
		all = all && passes
	}
	return all, nil
}

// translate returns a statement.
func translate(fields object, l language) (s statement, err error) {
	for _, e := range []struct {
		name  string
		match func(value any) (test, error)
	}{
		{"Principal", principals},
		{"Action", func(v any) (test, error) { return anyString(v, actionMatches) }},
		{"Resource", func(v any) (test, error) { return anyString(v, l.resourceMatches) }},
	} {
		value, positive := fields[e.name]
		excluded, negative := fields["Not"+e.name]
		if positive == negative {
			return s, fmt.Errorf("want either %s or Not%s", e.name, e.name)
		}
		if negative {
			value = excluded
		}
		matches, err := e.match(value)
		if err != nil {
			return s, err
		}
		if negative {
			matches = not(matches)
		}
		s.elements = append(s.elements, matches)
	}
	effect, _ := fields["Effect"].(string)
	s.effect = Verdict(effect)
	s.conditions, err = l.conditions(fields["Condition"])
	return s, err
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

// Policies translates each text once and keeps the result, for the texts of an account that does not change. The zero
// value is ready for use. Its methods may be called concurrently.
type Policies struct{ byText sync.Map }

// Evaluate returns what the text of a resource-based policy says about a request.
func (p *Policies) Evaluate(text string, r Request) (Verdict, error) {
	known, ok := p.byText.Load(text)
	if !ok {
		policy, err := Parse([]byte(text))
		if err != nil {
			return "", err
		}
		known, _ = p.byText.LoadOrStore(text, policy)
	}
	return known.(*Policy).Evaluate(r)
}
