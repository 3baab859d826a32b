// Package settings decodes stack configuration into Go structs and collects
// everything that is wrong with it, so that a user mends a file once.
package settings

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with the configuration.
type Problem struct {
	Key    string // Full path, such as blueprint:endpoint.ipv4Addresses[1].
	Value  string // As configured; empty where there is none.
	Reason string // What would be accepted, and why this is not.
}

func (p Problem) String() string {
	if p.Value == "" {
		return fmt.Sprintf("%s: %s", p.Key, p.Reason)
	}
	return fmt.Sprintf("%s = %s: %s", p.Key, p.Value, p.Reason)
}

// Problems collects what is wrong with one configuration. The zero value is
// ready to use.
type Problems struct {
	list []Problem
	// Secret tells whether a top-level key is encrypted in the stack's
	// configuration; the values below it are never quoted. Nil means none is.
	Secret func(key string) bool
}

// Add records that the value at key is not acceptable. A nil value means that
// there is none to quote.
func (p *Problems) Add(key string, value any, reason string, args ...any) {
	p.list = append(p.list, Problem{Key: key, Value: p.quote(key, value), Reason: fmt.Sprintf(reason, args...)})
}

// Any tells whether something is wrong at key or below it.
func (p *Problems) Any(key string) bool {
	for _, problem := range p.list {
		if rest, below := strings.CutPrefix(problem.Key, key); below && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}
	return false
}

// Err is nil when nothing is wrong, and else lists every problem in the order
// in which they were added.
func (p *Problems) Err() error {
	if len(p.list) == 0 {
		return nil
	}
	var text strings.Builder
	fmt.Fprintf(&text, "the stack configuration has %d problem(s); nothing was registered:", len(p.list))
	for _, problem := range p.list {
		fmt.Fprintf(&text, "\n  - %s", problem)
	}
	return &Error{Problems: p.list, text: text.String()}
}

// Error is a configuration that was refused.
type Error struct {
	Problems []Problem
	text     string
}

func (e *Error) Error() string { return e.text }

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
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprint(value)
}
