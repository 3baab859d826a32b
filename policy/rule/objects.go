package rule

import "fmt"

// Objects returns a parameter for a list of objects. The default is empty. The
// schema is the JSON Schema of one object. If parse finds something wrong, its
// error says what is accepted.
func Objects[T any](
	name, description string, schema map[string]any, parse func(any) (T, error),
) *ParameterOf[[]T] {
	return &ParameterOf[[]T]{
		name: name, description: description,
		schema: map[string]any{"type": "array", "items": schema, "default": []any{}, "description": description},
		parse: func(value any) ([]T, error) {
			items, isList := value.([]any)
			if !isList {
				return nil, fmt.Errorf("is %v; want a list of objects", value)
			}
			parsed := make([]T, len(items))
			for i, item := range items {
				var err error
				if parsed[i], err = parse(item); err != nil {
					return nil, fmt.Errorf("at position %d: %w", i+1, err)
				}
			}
			return parsed, nil
		},
	}
}
