package cloud

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Constraint says which values of an input the provider sends to AWS. It refuses
// others itself, at a preview already.
type Constraint struct {
	// Path is the input, written as in Kind.References.
	Path string
	// Problem returns what is wrong with a value, or nothing. Other types of values
	// than it expects, such as unknown ones, have no problem.
	Problem func(value any) string
}

// Problem is what the provider refuses about the inputs of a resource.
type Problem struct {
	Input  string // The input, without what is nested in it.
	Reason string
}

// Problems returns what the provider refuses about inputs, sorted by input. It
// assumes that unknown values are accepted.
func (k *Kind) Problems(inputs resource.PropertyMap) []Problem {
	given := fromEngine(inputs)
	var found []Problem
	for _, c := range k.Constraints {
		for _, value := range given.valuesAt(c.Path) {
			if reason := c.Problem(value); reason != "" {
				input, _, _ := strings.Cut(strings.TrimSuffix(c.Path, "[]"), ".")
				found = append(found, Problem{strings.TrimSuffix(input, "[]"), "expected " + c.Path + " " + reason})
			}
		}
	}
	for _, group := range k.ExactlyOne {
		if !slices.ContainsFunc(group, given.Has) {
			found = append(found, Problem{group[0], "one of " + strings.Join(group, ", ") + " must be specified"})
		}
	}
	for _, group := range slices.Concat(k.Conflicts, k.ExactlyOne) {
		if known := knownOf(given, group); len(known) > 1 {
			found = append(found, Problem{known[0], fmt.Sprintf("%q: conflicts with %s", known[0], known[1])})
		}
	}
	slices.SortStableFunc(found, func(a, b Problem) int { return cmp.Compare(a.Input, b.Input) })
	return found
}

// knownOf returns the inputs of a group that are given and known.
func knownOf(given Props, group []string) []string {
	return slices.DeleteFunc(slices.Clone(group), func(key string) bool {
		_, unknown := given[key].(resource.Computed)
		return unknown || !given.Has(key)
	})
}

// valuesAt returns every value at a path such as "subnetMappings[].allocationId".
func (p Props) valuesAt(path string) []any {
	head, rest, nested := strings.Cut(path, ".")
	key, many := strings.CutSuffix(head, "[]")
	values := []any{p[key]}
	if many {
		values = p.List(key)
	}
	if !nested {
		return values
	}
	var out []any
	for _, value := range values {
		out = append(out, asProps(value).valuesAt(rest)...)
	}
	return out
}

// Between accepts whole numbers of a range.
func Between(path string, low, high int) Constraint {
	return Constraint{path, func(value any) string {
		if n, ok := value.(float64); ok && (n < float64(low) || n > float64(high)) {
			return fmt.Sprintf("to be in the range (%d - %d), got %v", low, high, n)
		}
		return ""
	}}
}

// OneOf accepts some texts.
func OneOf(path string, accepted ...string) Constraint {
	return Constraint{path, func(value any) string {
		if s, ok := value.(string); ok && !slices.Contains(accepted, s) {
			return fmt.Sprintf("to be one of %q, got %s", accepted, s)
		}
		return ""
	}}
}

// Matching accepts texts that match a pattern. The words say what they look like.
func Matching(path, pattern, words string) Constraint {
	matches := regexp.MustCompile(pattern)
	return Constraint{path, func(value any) string {
		if s, ok := value.(string); ok && !matches.MatchString(s) {
			return fmt.Sprintf("to be %s, got %q", words, s)
		}
		return ""
	}}
}

// Network accepts ranges without host bits.
// https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/verify/validate.go
func Network(path string) Constraint {
	return Constraint{path, func(value any) string {
		s, _ := value.(string)
		if block, err := netip.ParsePrefix(s); err == nil && block != block.Masked() {
			return fmt.Sprintf("to be a CIDR block, got %q; did you mean %q?", s, block.Masked())
		}
		return ""
	}}
}
