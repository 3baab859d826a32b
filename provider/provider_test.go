package main

import (
	"encoding/json"
	"testing"

	pschema "github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/property"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/blueprints"
	"private-api-blueprints/config"
)

func TestPulumiAcceptsTheSchemaWhichHasEveryBlueprint(t *testing.T) {
	var spec pschema.PackageSpec
	require.NoError(t, json.Unmarshal([]byte(schema), &spec))
	pkg, problems, err := pschema.BindSpec(spec, noOtherPackages{}, pschema.ValidationOptions{})
	require.NoError(t, err)
	assert.Empty(t, problems)
	assert.Equal(t, name, pkg.Name)
	assert.Nil(t, pkg.Version, "Pulumi takes the tag that the package is built from only if the schema has no version")
	var tokens []string
	for _, component := range pkg.Resources {
		assert.True(t, component.IsComponent, component.Token)
		tokens = append(tokens, component.Token)
		for _, input := range component.InputProperties {
			assert.True(t, input.Plain, "%s %s", component.Token, input.Name)
			assert.NotEmpty(t, input.Comment, "%s %s", component.Token, input.Name)
			assert.Nil(t, input.DefaultValue, "%s %s", component.Token, input.Name)
		}
	}
	for _, blueprint := range config.Blueprints() {
		token := blueprints.Token(blueprint)
		assert.Contains(t, tokens, token)
		got, err := blueprintOf(token)
		assert.NoError(t, err)
		assert.Equal(t, blueprint.Name, got)
	}
	assert.Len(t, tokens, len(config.Blueprints()))
	_, err = blueprintOf("private-api-blueprints:blueprints:Other")
	assert.ErrorContains(t, err, "the package has no component private-api-blueprints:blueprints:Other")
}

// noOtherPackages loads no package, because the schema refers to none.
type noOtherPackages struct{ pschema.ReferenceLoader }

func TestInputsAreDecodedAsConfigurationIs(t *testing.T) {
	text, computed := func(s string) property.Value { return property.New(s) }, property.New(property.Computed)
	for _, row := range []struct {
		why    string
		value  property.Value
		want   string // Nothing if the key is left out.
		wanted string // The path of the problem.
	}{
		{"text stands as it is", text("a"), "a", ""},
		{"a number", property.New(60.0), "60", ""},
		{"a flag", property.New(true), "true", ""},
		{"a null is left out", property.New(property.Null), "", ""},
		{"a list", property.New([]property.Value{text("a"), text("b")}), `["a","b"]`, ""},
		{"a group, without nulls", property.New(map[string]property.Value{
			"a": text("b"), "c": property.New(property.Null),
		}), `{"a":"b"}`, ""},
		{"an unknown value", computed, "", "key"},
		{"an unknown member of a group", property.New(map[string]property.Value{
			"a": text("b"), "c": computed,
		}), `{"a":"b"}`, "key.c"},
		{"an unknown item of a list", property.New(map[string]property.Value{
			"list": property.New([]property.Value{text("a"), computed}),
		}), `{}`, "key.list[1]"},
	} {
		values, problems := decode(property.NewMap(map[string]property.Value{"key": row.value}))
		assert.Equal(t, row.want, values["key"], row.why)
		err := problems.Err()
		if row.wanted == "" {
			assert.NoError(t, err, row.why)
		} else {
			assert.ErrorContains(t, err, "- "+row.wanted+": want a value that is known at preview", row.why)
		}
	}
}

func TestAnInputWithASecretInItIsSecret(t *testing.T) {
	_, problems := decode(property.NewMap(map[string]property.Value{
		"open": property.New("a"),
		"group": property.New(map[string]property.Value{
			"member": property.New("b").WithSecret(true),
		}),
	}))
	assert.True(t, problems.Secret("group"))
	assert.False(t, problems.Secret("open"))
}
