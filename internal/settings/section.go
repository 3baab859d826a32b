package settings

import (
	"fmt"
	"slices"
	"strings"
)

// Section is a group of keys in a configuration. It records at most one problem
// per key, so that a check need not ask whether an earlier one failed.
type Section struct {
	problems *Problems
	path     string // Full key of the group; the namespace and a colon for the outermost one; empty without namespace.
}

// Section returns the outermost group of a namespace.
func (p *Problems) Section(namespace string) Section { return Section{p, prefixOf(namespace)} }

// prefixOf returns how the keys of a namespace begin.
func prefixOf(namespace string) string {
	if namespace == "" {
		return ""
	}
	return namespace + ":"
}

// Group returns the group at a key of this one.
func (s Section) Group(key string) Section { return Section{s.problems, s.At(key)} }

// At returns the full form of a key of the group.
func (s Section) At(key string) string {
	if s.path == "" || s.path[len(s.path)-1] == ':' {
		return s.path + key
	}
	return s.path + "." + key
}

// Path returns the full key of the group itself.
func (s Section) Path() string { return s.path }

// Item returns the key of the item with an index in the list at key.
func Item(key string, index int) string { return fmt.Sprintf("%s[%d]", key, index) }

// Any reports whether something is wrong at one of the keys of the group, or
// below them. Without keys it reports whether anything is wrong in the group.
func (s Section) Any(keys ...string) bool {
	if len(keys) == 0 {
		return s.problems.Any(s.path)
	}
	for _, key := range keys {
		if s.problems.Any(s.At(key)) {
			return true
		}
	}
	return false
}

// Given reports whether the configuration has a key of the group, even if the
// value is the default.
func (s Section) Given(key string) bool { return s.problems.given[s.At(key)] }

// Keys returns the keys of the group that the configuration has, in order.
func (s Section) Keys() []string {
	var keys []string
	for key := range s.problems.given {
		name, found := strings.CutPrefix(key, s.At(""))
		if found && name != "" && !strings.ContainsAny(name, ".[") {
			keys = append(keys, name)
		}
	}
	slices.Sort(keys)
	return keys
}

// Reject records that the value at a key of the group is not acceptable, unless
// something is wrong at or below that key already. A nil value means that there
// is no value to quote.
func (s Section) Reject(key string, value any, reason string, args ...any) {
	if !s.Any(key) {
		s.problems.Add(s.At(key), value, reason, args...)
	}
}

// RejectGroup records a problem of the group as a whole, unless something is
// wrong with the group as a whole, or at one of the keys.
func (s Section) RejectGroup(keys []string, reason string, args ...any) {
	for _, problem := range s.problems.list {
		if problem.Key == s.path {
			return
		}
	}
	if len(keys) == 0 || !s.Any(keys...) {
		s.problems.Add(s.path, nil, reason, args...)
	}
}
