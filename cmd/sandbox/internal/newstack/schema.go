package newstack

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"private-api-blueprints/config"
	"private-api-blueprints/docs"
)

// schema is what a part of the JSON Schema of stack files says about keys.
type schema struct {
	Ref         string             `json:"$ref"`
	Description string             `json:"description"`
	Pattern     string             `json:"pattern"`
	Examples    []any              `json:"examples"`
	Meanings    []string           `json:"enumDescriptions"`
	Const       string             `json:"const"`
	Properties  map[string]*schema `json:"properties"`
	AnyOf       []*schema          `json:"anyOf"`
	AllOf       []*schema          `json:"allOf"`
	If          *schema            `json:"if"`
	Then        *schema            `json:"then"`
	Definitions map[string]*schema `json:"definitions"`
}

// readSchema reads the schema of stack files.
func readSchema() (*schema, error) {
	var s schema
	if err := json.Unmarshal(docs.StackSchema, &s); err != nil {
		return nil, fmt.Errorf("docs/stack.schema.json: %w", err)
	}
	return &s, nil
}

// configuration returns the schema of all keys.
func (s *schema) configuration() *schema { return s.property("config") }

// selecting returns the schema of the keys of a blueprint.
func (s *schema) selecting(blueprint string) *schema {
	for _, branch := range s.configuration().AllOf {
		if branch.If.property(config.Namespace+":name").Const == blueprint {
			return branch.Then
		}
	}
	return &schema{}
}

// property returns the schema of the first of some properties that the group has, or one that says nothing.
func (s *schema) property(names ...string) *schema {
	for _, name := range names {
		if found := s.Properties[name]; found != nil {
			return found
		}
	}
	return &schema{}
}

// group returns the schema of the group that a property holds.
func (s *schema) group(property *schema) *schema {
	for _, accepted := range property.AnyOf {
		name := strings.TrimPrefix(accepted.Ref, "#/definitions/")
		if found := s.Definitions[name]; found != nil && len(found.Properties) > 0 {
			return found
		}
	}
	return &schema{}
}

// accepts reports whether a property takes a text, as far as patterns tell.
func (s *schema) accepts(text string) bool {
	for _, accepted := range s.AnyOf {
		if accepted.Pattern == "" {
			continue
		}
		if matched, err := regexp.MatchString(accepted.Pattern, text); err == nil && matched {
			return true
		}
	}
	return false
}
