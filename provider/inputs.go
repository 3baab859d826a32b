package main

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/property"

	"private-api-blueprints/internal/settings"
)

// unknown is the problem of an input that is an output of a resource which does not
// exist yet.
const unknown = "want a value that is known at preview, not an output of a resource that the program creates: " +
	"it decides which resources there are"

// decode returns the inputs of a component as package config decodes values: text as
// it stands, and everything else as JSON. The problems hold the inputs that are not
// known. They quote no input that has a secret in it.
func decode(inputs property.Map) (map[string]string, *settings.Problems) {
	problems := &settings.Problems{Secret: func(key string) bool { return inputs.Get(key).HasSecrets() }}
	values := map[string]string{}
	for key, value := range inputs.AllStable {
		if plain := plainOf(key, value, problems); plain != nil {
			values[key] = textOf(plain)
		}
	}
	return values, problems
}

// plainOf returns a value as JSON decoding would, or nil if it is null or unknown. A
// group leaves such members out, and a list with an unknown item is unknown as a whole.
func plainOf(path string, value property.Value, problems *settings.Problems) any {
	switch {
	case value.IsComputed():
		problems.Add(path, nil, unknown)
	case value.IsBool():
		return value.AsBool()
	case value.IsNumber():
		return value.AsNumber()
	case value.IsString():
		return value.AsString()
	case value.IsArray():
		items := make([]any, value.AsArray().Len())
		for i, item := range value.AsArray().All {
			items[i] = plainOf(settings.Item(path, i), item, problems)
			if item.IsComputed() {
				items = nil
				break
			}
		}
		if items != nil {
			return items
		}
	case value.IsMap():
		group := map[string]any{}
		for name, member := range value.AsMap().AllStable {
			if plain := plainOf(path+"."+name, member, problems); plain != nil {
				group[name] = plain
			}
		}
		return group
	case !value.IsNull():
		problems.Add(path, nil, "want text, a number, true or false, a list or a group of keys")
	}
	return nil
}

// textOf returns a value as the engine hands configuration to a program.
func textOf(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}
