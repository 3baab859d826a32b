package rule

import (
	"fmt"
	"slices"
	"strings"
)

// Exception is a violation that someone accepts, and why.
type Exception struct {
	// URN is of the resource that the violation is reported on. In each of its
	// four parts * stands for any characters.
	URN    string
	Reason string
}

const exceptionsDescription = "Violations that are accepted: each with the URN that they are reported on, in which * stands for any characters within a part, and a reason."

// exceptions is a parameter of every rule. Its default is none.
var exceptions = &Setting[[]Exception]{
	name: "exceptions", description: exceptionsDescription,
	schema: map[string]any{
		"type": "array",
		"items": map[string]any{
			"type":                 "object",
			"properties":           map[string]any{"urn": map[string]any{"type": "string"}, "reason": map[string]any{"type": "string", "minLength": 1}},
			"required":             []any{"urn", "reason"},
			"additionalProperties": false,
		},
		"default": []any{}, "description": exceptionsDescription,
	},
	parse: parseExceptions,
}

// AllParameters are all parameters of a rule: its own, and what every rule has.
func (rule *Rule) AllParameters() []Parameter {
	return append(slices.Clip(rule.Parameters), exceptions)
}

// Exceptions are those that a configuration makes from a rule.
func (s Settings) Exceptions() []Exception {
	list, _ := s[exceptions.name].([]Exception)
	return list
}

const wantException = `want {"urn": "urn:pulumi:<stack>::<project>::<type>::<name>", "reason": "why it is accepted"}`

func parseExceptions(value any) ([]Exception, error) {
	items, isList := value.([]any)
	if !isList {
		return nil, fmt.Errorf("is %v; want a list of exceptions: %s", value, wantException)
	}
	list := make([]Exception, len(items))
	for i, item := range items {
		fault := ""
		if list[i], fault = parseException(item); fault != "" {
			return nil, fmt.Errorf("has %v at position %d, %s; %s", item, i+1, fault, wantException)
		}
	}
	return list, nil
}

func parseException(item any) (e Exception, fault string) {
	members, _ := item.(map[string]any)
	e.URN, _ = members["urn"].(string)
	e.Reason, _ = members["reason"].(string)
	switch {
	case strings.TrimSpace(e.Reason) == "":
		return e, "which has no reason"
	case len(members) > 2:
		return e, "which has other members too"
	case len(urnParts(e.URN)) < 4 || !strings.HasPrefix(e.URN, "urn:pulumi:"):
		return e, "which has no pattern of a URN"
	}
	return e, ""
}

// Covers reports that the exception is for what is reported on this URN.
func (e Exception) Covers(urn string) bool { return e.matches(urn, 4) }

// IsFor reports that the exception is for the stack that the resource with this
// URN is in. One configuration may serve many stacks.
func (e Exception) IsFor(urn string) bool { return e.matches(urn, 2) }

// matches compares the first parts of a URN with those of the pattern.
func (e Exception) matches(urn string, parts int) bool {
	pattern, parsed := urnParts(e.URN), urnParts(urn)
	if len(parsed) < 4 {
		return false
	}
	for i := range parts {
		if !matchesPattern(pattern[i], parsed[i]) {
			return false
		}
	}
	return true
}

// urnParts are the stack, with the prefix that all URNs have, the project, the
// type with those of the parents, and the name.
// https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
func urnParts(urn string) []string { return strings.SplitN(urn, "::", 4) }

// matchesPattern compares a text with a pattern in which * stands for any
// characters.
func matchesPattern(pattern, text string) bool {
	pieces := strings.Split(pattern, "*")
	text, matches := strings.CutPrefix(text, pieces[0])
	if len(pieces) == 1 {
		return matches && text == ""
	}
	last := len(pieces) - 1
	for _, piece := range pieces[1:last] {
		_, rest, found := strings.Cut(text, piece)
		matches, text = matches && found, rest
	}
	return matches && strings.HasSuffix(text, pieces[last])
}
