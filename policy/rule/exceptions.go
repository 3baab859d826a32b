package rule

import (
	"fmt"
	"strings"

	"private-api-blueprints/policy/model"
)

// Exception is a violation that someone accepts, and why.
type Exception struct {
	// URN is the URN of the resource that the violation is reported on. In each of
	// its four parts * stands for any characters.
	URN    string
	Reason string
}

const exceptionsDescription = "Violations that you accept: the URN that each is reported on, " +
	"in which * stands for any characters within a part, and the reason."

// exceptions is a parameter of every rule. The default is empty.
var exceptions = &ParameterOf[[]Exception]{
	name: "exceptions", description: exceptionsDescription,
	schema: map[string]any{
		"type": "array",
		"items": map[string]any{
			"type": "object",
			"properties": map[string]any{
				"urn":    map[string]any{"type": "string"},
				"reason": map[string]any{"type": "string", "minLength": 1},
			},
			"required":             []any{"urn", "reason"},
			"additionalProperties": false,
		},
		"default": []any{}, "description": exceptionsDescription,
	},
	parse: parseExceptions,
}

// Exceptions returns the exceptions that a configuration makes from the rule.
func (s Settings) Exceptions() []Exception {
	list, _ := s[exceptions.name].([]Exception)
	return list
}

const wantException = `want {"urn": "urn:pulumi:<stack>::<project>::<type>::<name>", "reason": "why it is accepted"}`

func parseExceptions(value any) ([]Exception, error) {
	items, isList := value.([]any)
	if !isList {
		return nil, fmt.Errorf("is %s; want a list of exceptions: %s", shown(value), wantException)
	}
	list := make([]Exception, len(items))
	for i, item := range items {
		problem := ""
		if list[i], problem = parseException(item); problem != "" {
			return nil, fmt.Errorf("has %s at position %d, %s; %s", shown(item), i+1, problem, wantException)
		}
	}
	return list, nil
}

func parseException(item any) (e Exception, problem string) {
	members, _ := item.(map[string]any)
	e.URN, _ = members["urn"].(string)
	e.Reason, _ = members["reason"].(string)
	switch {
	case strings.TrimSpace(e.Reason) == "":
		return e, "which has no reason"
	case len(members) > 2:
		return e, "which has other keys, too"
	case len(urnParts(e.URN)) < 4 || !strings.HasPrefix(e.URN, "urn:pulumi:"):
		return e, "which has no pattern of a URN"
	}
	return e, ""
}

// Covers reports whether the exception accepts violations reported on this URN.
func (e Exception) Covers(urn string) bool { return e.matches(urn, 4) }

// IsFor reports whether the exception is about the stack of the resource with
// this URN. One configuration may serve many stacks.
func (e Exception) IsFor(urn string) bool { return e.matches(urn, 2) }

// matches reports whether the first parts of a URN match those of the pattern.
func (e Exception) matches(urn string, parts int) bool {
	pattern, parsed := urnParts(e.URN), urnParts(urn)
	if len(parsed) < 4 {
		return false
	}
	for i := range parts {
		if !model.Matches(pattern[i], parsed[i]) {
			return false
		}
	}
	return true
}

// urnParts splits a URN into the stack (with the prefix of all URNs), the
// project, the type with the parents' types, and the name.
// https://www.pulumi.com/docs/iac/concepts/resources/names/#urns
func urnParts(urn string) []string { return strings.SplitN(urn, "::", 4) }
