package rule

import (
	"fmt"
	"regexp"
)

// Pattern is a parameter that is a regular expression.
func Pattern(name, fallback, description string) *Setting[*regexp.Regexp] {
	return &Setting[*regexp.Regexp]{
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
