// Package settings decodes stack configuration into Go structs and collects
// everything that is wrong with it, so that a user can fix everything in one go.
package settings

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with the configuration.
type Problem struct {
	Key    string // Full path, such as blueprint:endpoint.ipv4Addresses[1].
	Value  string // The configured value; empty if there is none to quote.
	Reason string // What would be accepted, and why this value is not.
}

func (p Problem) String() string {
	key := shortened(p.Key, longestValue)
	if p.Value == "" {
		return fmt.Sprintf("%s: %s", key, p.Reason)
	}
	return fmt.Sprintf("%s = %s: %s", key, p.Value, p.Reason)
}

// Problems collects everything that is wrong with one configuration. The zero
// value is ready to use.
type Problems struct {
	// Secret reports whether a top-level key is encrypted in the stack's
	// configuration. Decode refuses such keys, and the values at and below them
	// are never quoted. Nil means that no key is encrypted.
	Secret func(key string) bool
	// Subject begins the list of problems, such as "the inputs have". If it is empty, the list is about the stack's
	// configuration.
	Subject string

	list     []Problem
	mistyped map[string]bool // Keys whose values have the wrong type, so that nothing below them was read.
	given    map[string]bool // Keys that the configuration has, groups and items of lists included.
}

// Add records that the value at key is not acceptable. A nil value means that
// there is no value to quote. A message shows only the beginning of a long value or reason.
func (p *Problems) Add(key string, value any, reason string, args ...any) {
	why := shortened(fmt.Sprintf(reason, args...), longestReason)
	p.list = append(p.list, Problem{Key: key, Value: p.quote(key, value), Reason: why})
}

// addMistyped records that the value at key is not of the type that the key
// takes.
func (p *Problems) addMistyped(key string, value any, want string) {
	p.Add(key, value, "want %s", want)
	if p.mistyped == nil {
		p.mistyped = map[string]bool{}
	}
	p.mistyped[key] = true
}

// addSecret records that the value at key is a secret. The values of a configuration decide names, addresses and
// policies, which anyone finds who may read the state of the stack or the account.
func (p *Problems) addSecret(key string) {
	p.addGiven(key)
	p.addMistyped(key, nil, "a value that is not a secret: it would be in the state of the stack and on AWS in plain "+
		"text; a function can read a secret from AWS Secrets Manager by its name")
}

// addGiven records that the configuration has a key.
func (p *Problems) addGiven(key string) {
	if p.given == nil {
		p.given = map[string]bool{}
	}
	p.given[key] = true
}

// Any reports whether something is wrong at key or below it, or whether key
// was not read because a group around it is not a group.
func (p *Problems) Any(key string) bool {
	for _, problem := range p.list {
		if below(key, problem.Key) || p.mistyped[problem.Key] && below(problem.Key, key) {
			return true
		}
	}
	return false
}

// below reports whether key is outer, or below it.
func below(outer, key string) bool {
	rest, found := strings.CutPrefix(key, outer)
	return found && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// Err returns nil if nothing is wrong. Otherwise it returns an *Error that lists
// every problem in the order in which they were added.
func (p *Problems) Err() error {
	if len(p.list) == 0 {
		return nil
	}
	var text strings.Builder
	count := "1 problem"
	if len(p.list) > 1 {
		count = fmt.Sprintf("%d problems", len(p.list))
	}
	subject := p.Subject
	if subject == "" {
		subject = "the stack configuration has"
	}
	fmt.Fprintf(&text, "%s %s; nothing was created or changed on AWS:", subject, count)
	for _, problem := range p.list {
		fmt.Fprintf(&text, "\n  - %s", problem)
	}
	return &Error{Problems: p.list, text: text.String()}
}

// Error reports a configuration that is not acceptable.
type Error struct {
	Problems []Problem
	text     string
}

func (e *Error) Error() string { return e.text }

// quote returns a value as messages show it, or nothing for nil.
func (p *Problems) quote(key string, value any) string {
	if value == nil {
		return ""
	}
	top, _, _ := strings.Cut(key, ".")
	top, _, _ = strings.Cut(top, "[")
	if p.Secret != nil && p.Secret(top) {
		return "[secret]"
	}
	if text, ok := value.(string); ok {
		shown, rest := shorten(text, longestValue)
		return fmt.Sprintf("%q", shown) + rest
	}
	return shortened(fmt.Sprint(value), longestValue)
}
