package state

import (
	"encoding/json"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/policy/decode"
)

// propertyMap reads properties. It leaves out the engine's own properties, and
// assets and archives, which no rule reads.
func propertyMap(given map[string]any) resource.PropertyMap {
	properties := resource.PropertyMap{}
	for key, v := range given {
		if resource.IsInternalPropertyKey(resource.PropertyKey(key)) {
			continue
		}
		if value, is := value(v); is {
			properties[resource.PropertyKey(key)] = value
		}
	}
	return properties
}

// markByName marks outputs as secret whose inputs of the same name are. A provider that knows no secrets, or a refresh,
// may have left them in plain text.
func markByName(outputs, inputs resource.PropertyMap) {
	for key, input := range inputs {
		output, has := outputs[key]
		switch {
		case !has || output.IsSecret():
		case output.IsObject() && input.IsObject():
			markByName(output.ObjectValue(), input.ObjectValue())
		case input.ContainsSecrets():
			outputs[key] = resource.MakeSecret(output)
		}
	}
}

// value reads a value. It returns false for an asset or an archive.
func value(v any) (read resource.PropertyValue, is bool) {
	switch v := v.(type) {
	case string:
		if v == plugin.UnknownStringValue {
			return resource.MakeComputed(resource.NewProperty("")), true
		}
	case []any:
		items := make([]resource.PropertyValue, 0, len(v))
		for _, item := range v {
			read, is := value(item)
			if !is {
				read = resource.NewNullProperty()
			}
			items = append(items, read)
		}
		return resource.NewProperty(items), true
	case map[string]any:
		if signature, special := v[resource.SigKey].(string); special {
			return specialValue(signature, v)
		}
		return resource.NewProperty(propertyMap(v)), true
	}
	return resource.NewPropertyValue(v), true
}

// specialValue reads an object that stands for a value without a form in JSON.
func specialValue(signature string, members map[string]any) (read resource.PropertyValue, is bool) {
	switch signature {
	case resource.SecretSig:
		return resource.MakeSecret(plaintextOf(members)), true
	case resource.AssetSig, resource.ArchiveSig:
		return resource.PropertyValue{}, false
	case resource.ResourceReferenceSig:
		return reference(members), true
	case resource.OutputValueSig:
		return outputValue(members), true
	}
	return decode.Unreadable(), true
}

// plaintextOf returns the value of a secret. It can be read if the state was
// exported with --show-secrets.
func plaintextOf(members map[string]any) resource.PropertyValue {
	text, shown := members["plaintext"].(string)
	var v any
	if !shown || json.Unmarshal([]byte(text), &v) != nil {
		return decode.Unreadable()
	}
	read, is := value(v)
	if !is {
		return resource.NewNullProperty()
	}
	return read
}

// reference reads a reference to a resource. A component has no ID.
func reference(members map[string]any) resource.PropertyValue {
	urn, _ := members["urn"].(string)
	version, _ := members["packageVersion"].(string)
	if id, custom := members["id"].(string); custom {
		return resource.MakeCustomResourceReference(resource.URN(urn), resource.ID(id), version)
	}
	return resource.MakeComponentResourceReference(resource.URN(urn), version)
}

// outputValue reads a value that a program registered as an output. Without a
// value, it is not known.
func outputValue(members map[string]any) resource.PropertyValue {
	v, known := members["value"]
	secret, _ := members["secret"].(bool)
	if !known {
		return resource.NewProperty(resource.Output{Secret: secret})
	}
	element, _ := value(v)
	return resource.NewProperty(resource.Output{Element: element, Known: true, Secret: secret})
}
