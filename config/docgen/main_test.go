package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"private-api-blueprints/config"
	"private-api-blueprints/internal/configtest"
)

const root = "../.."

func TestGeneratedFilesAreFresh(t *testing.T) {
	files, err := generate(root)
	require.NoError(t, err)
	for path, want := range files {
		got, err := os.ReadFile(filepath.Join(root, path))
		require.NoError(t, err)
		assert.True(t, bytes.Equal(want, got), "%s is out of date: run `go run ./config/docgen`", path)
	}
}

// compile returns the schema of stack files.
func compile(t *testing.T) *jsonschema.Schema {
	t.Helper()
	files, err := generate(root)
	require.NoError(t, err)
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(files[schemaPath]))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource(schemaPath, document))
	schema, err := compiler.Compile(schemaPath)
	require.NoError(t, err)
	return schema
}

// validate checks a whole stack file as an editor does.
func validate(t *testing.T, schema *jsonschema.Schema, file any) error {
	t.Helper()
	text, err := json.Marshal(file) // The validator knows the types of JSON only.
	require.NoError(t, err)
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	return schema.Validate(document)
}

// stackFile returns a stack file with a configuration.
func stackFile(configuration map[string]any) any { return map[string]any{"config": configuration} }

func TestTheSchemaAcceptsEveryExampleWhichNamesIt(t *testing.T) {
	schema := compile(t)
	paths, err := filepath.Glob(filepath.Join(root, "Pulumi.*.yaml"))
	require.NoError(t, err)
	require.Len(t, paths, len(config.Blueprints()))
	for _, path := range paths {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.True(t, strings.HasPrefix(string(text), "# yaml-language-server: $schema="+schemaPath+"\n"), path)
		var file any
		require.NoError(t, yaml.Unmarshal(text, &file))
		assert.NoError(t, validate(t, schema, file), path)
	}
}

// Both the program's test cases and the blueprints' are tried: the schema must
// accept what only AWS contradicts.
func TestTheSchemaRefusesWhatTheTestCasesSayThatAnEditorShows(t *testing.T) {
	schema := compile(t)
	for _, blueprint := range config.Blueprints() {
		file := configtest.Load(t, filepath.Join(root, "config/testdata", blueprint.Name+".yaml"))
		for name, stack := range file.Stacks {
			assert.NoError(t, validate(t, schema, stackFile(stack)), "%s: the stack %s", blueprint.Name, name)
		}
		aws := configtest.Load(t, filepath.Join(root, "blueprints/testdata", blueprint.Name+".yaml"))
		aws.Stacks = file.Stacks
		for _, c := range file.Refused {
			assertEditor(t, schema, file, c)
		}
		for _, c := range append(aws.Refused, aws.Deployed...) {
			assertEditor(t, schema, aws, c)
		}
	}
}

// assertEditor checks that the schema decides as the test case expects.
func assertEditor(t *testing.T, schema *jsonschema.Schema, file *configtest.File, c configtest.Case) {
	t.Helper()
	err := validate(t, schema, stackFile(file.Configuration(t, c)))
	if c.Editor {
		assert.Error(t, err, c.Why)
	} else {
		assert.NoError(t, err, c.Why)
	}
}

func TestTheSchemaAcceptsWhatPulumiWritesAndOtherNamespaces(t *testing.T) {
	schema := compile(t)
	for why, text := range map[string]string{
		"an encrypted group":                  "blueprint:front: {secure: v1:x}",
		"an encrypted value in a group":       "blueprint:front: {allowedCidrs: {secure: v1:x}}",
		"an encrypted item of a list":         "blueprint:front: {allowedCidrs: [{secure: v1:x}]}",
		"an encrypted name":                   "blueprint:name: {secure: v1:x}",
		"an encrypted region":                 "aws:region: {secure: v1:x}",
		"a region with a long prefix":         "aws:region: eusc-de-east-1",
		"a group that was set without --path": `blueprint:front: '{"allowedCidrs":["192.0.2.0/24"]}'`,
		"an empty text for none": "blueprint:domain: {name: a.example.com, endpointType: regional, " +
			"publicZoneId: Z0123456789EXAMPLE01, certificateArn: '', createCertificate: true}",
		"other settings of the provider":           "aws:defaultTags: {tags: {owner: me}}",
		"a key of another program":                 "other:key: 1",
		"a key without namespace, as Pulumi reads": "key: 1",
	} {
		stack := configtest.Load(t, filepath.Join(root, "config/testdata/static-ip-apigw.yaml")).Stacks["good"]
		assert.NoError(t, validate(t, schema, stackFile(configtest.Change(stack, configtest.Parse(t, text)))), why)
	}
	peered := configtest.Load(t, filepath.Join(root, "config/testdata/ipv6-front.yaml")).Stacks["two networks"]
	for _, text := range []string{"true", "false"} { // As `pulumi config set blueprint:peered true` writes it.
		changed := configtest.Change(peered, map[string]any{"blueprint:peered": text})
		assert.NoError(t, validate(t, schema, stackFile(changed)), text)
	}
	yes := configtest.Change(peered, map[string]any{"blueprint:peered": "yes"})
	assert.Error(t, validate(t, schema, stackFile(yes)))
}

func TestTheSchemaRequiresKeysUnlessAnEnvironmentMayHoldThem(t *testing.T) {
	schema := compile(t)
	incomplete := configtest.Parse(t, `
secretsprovider: awskms://alias/pulumi
encryptedkey: x
encryptionsalt: v1:x
config: {blueprint:name: shared-vpc-apis}`)
	assert.ErrorContains(t, validate(t, schema, incomplete), "missing properties")
	assert.ErrorContains(t, validate(t, schema, map[string]any{}), "missing property")
	incomplete["environment"] = []any{"dev"}
	assert.NoError(t, validate(t, schema, incomplete))
	assert.NoError(t, validate(t, schema, map[string]any{"environment": []any{"dev"}}))
	incomplete["config"].(map[string]any)["blueprint:hue"] = map[string]any{}
	assert.Error(t, validate(t, schema, incomplete), "a key that no blueprint has")
}

func TestEveryExampleOfThePageIsAcceptedByTheSchema(t *testing.T) {
	schema := compile(t)
	for _, blueprint := range config.Blueprints() {
		comments, err := readComments(filepath.Join(root, "config"))
		require.NoError(t, err)
		b, err := describe(blueprint, comments)
		require.NoError(t, err)
		file := configtest.Load(t, filepath.Join(root, "config/testdata", blueprint.Name+".yaml"))
		for _, stack := range file.Stacks {
			for _, k := range b.keys {
				if !k.isGroup() && k.exampleValue() != "" {
					changed := configtest.Change(stack, configtest.Parse(t, "blueprint:"+k.name+": "+k.exampleValue()))
					assert.NoError(t, validate(t, schema, stackFile(changed)), k.path)
				}
			}
		}
	}
}

func TestCommentsLoseTheirNameAndKeepTheirSources(t *testing.T) {
	for text, want := range map[string]comment{
		"Port is the port.":                        {text: "The port."},
		"Port are ports.":                          {text: "Ports."},
		"Port lets clients\nconnect.":              {text: "Lets clients connect."},
		"Port says who listens.\n\nTwice.":         {text: "Who listens. Twice."},
		"Port is it.\nhttps://a.example/\n":        {text: "It.", sources: []string{"https://a.example/"}},
		"Port is the configuration of x-y: a port": {text: "A port"},
	} {
		assert.Equal(t, want, parseComment("Port", text))
	}
}
