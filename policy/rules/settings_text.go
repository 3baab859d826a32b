package rules

import (
	"fmt"
	"regexp"
)

// names is a parameter that lists texts. Its default is none.
func names(name, description string) *parameter[[]string] {
	return &parameter[[]string]{
		name: name, description: description,
		schema: map[string]any{
			"type": "array", "items": map[string]any{"type": "string"}, "default": []any{}, "description": description,
		},
		parse: func(value any) ([]string, error) {
			items, isList := value.([]any)
			if !isList {
				return nil, fmt.Errorf("is %v; want a list of texts", value)
			}
			texts := make([]string, len(items))
			for i, item := range items {
				text, isText := item.(string)
				if !isText || text == "" {
					return nil, fmt.Errorf("has %v at position %d; want a text", item, i+1)
				}
				texts[i] = text
			}
			return texts, nil
		},
	}
}

// pattern is a parameter that is a regular expression.
func pattern(name, fallback, description string) *parameter[*regexp.Regexp] {
	return &parameter[*regexp.Regexp]{
		name: name, description: description, fallback: regexp.MustCompile(fallback),
		schema: map[string]any{"type": "string", "default": fallback, "description": description},
		parse: func(value any) (*regexp.Regexp, error) {
			text, isText := value.(string)
			if !isText {
				return nil, fmt.Errorf("is %v; want a regular expression such as %q", value, fallback)
			}
			expression, err := regexp.Compile(text)
			if err != nil {
				return nil, fmt.Errorf("is %q, which is no regular expression (%w); want one such as %q", text, err, fallback)
			}
			return expression, nil
		},
	}
}
