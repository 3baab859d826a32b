package state_test

import (
	"compress/gzip"
	"context"
	"io"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/state"
)

// Files in testdata: the exported state of a blueprint in the sandbox, and what
// `pulumi policy analyze` sends to a policy pack for it.
const (
	exported = "static-ip-apigw.json.gz"
	analyzed = "static-ip-apigw_request.json.gz"
)

// TestAStateIsReadAsTheEngineReadsIt compares the model of an exported state with
// the model of what the engine sends for the same state.
func TestAStateIsReadAsTheEngineReadsIt(t *testing.T) {
	read, err := state.Read(strings.NewReader(string(unzip(t, exported))))
	require.NoError(t, err)
	sent, resources := engineResources(t), read.Resources
	require.Len(t, resources, len(sent))
	for i := range sent {
		assert.Equal(t, sent[i].URN, resources[i].URN)
		assert.Equal(t, sent[i].Name, resources[i].Name)
		assert.Equal(t, sent[i].Parent, resources[i].Parent)
	}
	got, want := reflect.ValueOf(decode.Stack(resources)).Elem(), reflect.ValueOf(decode.Stack(sent)).Elem()
	filled := 0
	for i := range want.NumField() {
		field := want.Type().Field(i)
		if !field.IsExported() {
			continue
		}
		if want.Field(i).Len() > 0 {
			filled++
		}
		assert.True(t, reflect.DeepEqual(want.Field(i).Interface(), got.Field(i).Interface()), field.Name)
	}
	assert.Greater(t, filled, 15, "kinds of elements in the state")
}

// engineResources returns the resources that the engine sends.
func engineResources(t *testing.T) []plugin.AnalyzerStackResource {
	t.Helper()
	var request pulumirpc.AnalyzeStackRequest
	require.NoError(t, protojson.Unmarshal(unzip(t, analyzed), &request))
	receiver := &receiver{}
	_, err := plugin.NewAnalyzerServer(receiver).AnalyzeStack(t.Context(), &request)
	require.NoError(t, err)
	return receiver.resources
}

// receiver is a policy pack that keeps the resources of a stack.
type receiver struct {
	plugin.Analyzer
	resources []plugin.AnalyzerStackResource
}

func (r *receiver) AnalyzeStack(
	_ context.Context, resources []plugin.AnalyzerStackResource,
) (plugin.AnalyzeResponse, error) {
	r.resources = resources
	return plugin.AnalyzeResponse{}, nil
}

func unzip(t *testing.T, name string) []byte {
	t.Helper()
	file, err := os.Open("testdata/" + name)
	require.NoError(t, err)
	defer file.Close()
	compressed, err := gzip.NewReader(file)
	require.NoError(t, err)
	text, err := io.ReadAll(compressed)
	require.NoError(t, err)
	return text
}

// withOutputs returns a state with one resource that has these outputs, in JSON.
func withOutputs(outputs string) string {
	return `{"version": 3, "deployment": {"resources": [
		{"urn": "urn:pulumi:dev::shop::pulumi:providers:aws::east", "type": "pulumi:providers:aws", "custom": true,
		 "id": "1", "inputs": {"region": "us-east-1"}, "outputs": {"region": "us-west-2"}},
		{"urn": "urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::old", "type": "aws:ec2/vpc:Vpc", "delete": true},
		{"urn": "urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::a::b", "type": "aws:ec2/vpc:Vpc", "custom": true, "id": "vpc-1",
		 "provider": "urn:pulumi:dev::shop::pulumi:providers:aws::east::1", "outputs": ` + outputs + `}]}}`
}

func TestValuesOfAStateAreRead(t *testing.T) {
	redacted := decode.Unreadable()
	for _, c := range []struct {
		why, json string
		want      resource.PropertyValue
	}{
		{"a text", `"a"`, resource.NewProperty("a")},
		{"a number in a list", `[1.5, null]`,
			resource.NewProperty([]resource.PropertyValue{resource.NewProperty(1.5), resource.NewNullProperty()})},
		{"an object", `{"a": true}`, resource.NewProperty(resource.PropertyMap{"a": resource.NewProperty(true)})},
		{"a value that was not known", `"04da6b54-80e4-46f7-96ec-b56ff0331ba9"`,
			resource.MakeComputed(resource.NewProperty(""))},
		{"a secret that nobody can read",
			`{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:xyz"}`,
			resource.MakeSecret(redacted)},
		{"a secret that is shown",
			`{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "plaintext": "[\"a\"]"}`,
			resource.MakeSecret(resource.NewProperty([]resource.PropertyValue{resource.NewProperty("a")}))},
		{"an output with a value",
			`{"4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4", "value": "a"}`,
			resource.NewProperty(resource.Output{Element: resource.NewProperty("a"), Known: true})},
		{"an output without a value", `{"4dabf18193072939515e22adb298388d": "d0e6a833031e9bbcd3f4e8bde6ca49a4"}`,
			resource.NewProperty(resource.Output{})},
		{"a value of a kind that does not exist yet", `{"4dabf18193072939515e22adb298388d": "new"}`, redacted},
		{"a reference",
			`{"4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", "urn": "u", "id": "i"}`,
			resource.MakeCustomResourceReference("u", "i", "")},
		{"a reference to a component",
			`{"4dabf18193072939515e22adb298388d": "5cf8f73096256a8f31e491e813e4eb8e", "urn": "u"}`,
			resource.MakeComponentResourceReference("u", "")},
	} {
		t.Run(c.why, func(t *testing.T) {
			read, err := state.Read(strings.NewReader(withOutputs(`{"x": ` + c.json + `}`)))
			require.NoError(t, err)
			require.Len(t, read.Resources, 2, "the provider and the VPC that stays")
			assert.Equal(t, c.want, read.Resources[1].Properties["x"])
		})
	}
}

func TestResourcesOfAStateHaveTheirProvider(t *testing.T) {
	const archive = `{"4dabf18193072939515e22adb298388d": "0def7320c3a5731c473e5ecbe6d01bc7", "path": "hello.zip"}`
	read, err := state.Read(strings.NewReader(withOutputs(`{"__meta": "1", "code": ` + archive + `}`)))
	require.NoError(t, err)
	assert.Empty(t, read.Resources[1].Properties, "no property of the engine, and no archive")
	assert.Equal(t, "a::b", read.Resources[1].Name)
	require.NotNil(t, read.Resources[1].Provider)
	assert.Equal(t, "east", read.Resources[1].Provider.Name)
	assert.Equal(t, resource.NewProperty("us-east-1"), read.Resources[1].Provider.Properties["region"],
		"the provider's input")

	backend := strings.Replace(withOutputs("{}"), `"deployment": {`, `"checkpoint": {"latest": {`, 1) + "}"
	read, err = state.Read(strings.NewReader(backend))
	require.NoError(t, err)
	assert.Len(t, read.Resources, 2, "a file of a self-managed backend")
}

// An import, a refresh, or a provider that knows no secrets leaves outputs in plain text.
func TestSecretInputsAreCollected(t *testing.T) {
	const signed = `{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ` +
		`"plaintext": "\"canary-1\""}`
	const text = `{"version": 3, "deployment": {"resources": [
		{"urn": "urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::a", "type": "aws:ec2/vpc:Vpc", "custom": true, "id": "vpc-1",
		 "inputs": {"tags": {"Token": ` + signed + `}, "list": [` + signed + `, "canary-2"], "written": ` + signed + `},
		 "outputs": {"tags": {"Token": "canary-1", "a": "b"}, "list": ["canary-2"], "tagsAll": {"Token": "canary-1"}}},
		{"urn": "urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::b", "type": "aws:ec2/vpc:Vpc", "delete": true,
		 "inputs": {"x": ` + signed + `}}]}}`
	read, err := state.Read(strings.NewReader(text))
	require.NoError(t, err)
	require.Len(t, read.Resources, 1)
	tags := read.Resources[0].Properties["tags"].ObjectValue()
	assert.Equal(t, resource.MakeSecret(resource.NewProperty("canary-1")), tags["Token"])
	assert.Equal(t, resource.NewProperty("b"), tags["a"])
	assert.True(t, read.Resources[0].Properties["list"].IsSecret(), "a list with a secret item")
	assert.Len(t, read.Inputs, 2)
	for _, inputs := range read.Inputs {
		assert.True(t, inputs.ContainsSecrets())
	}
}

func TestOtherFilesAreNoStates(t *testing.T) {
	for _, c := range []struct{ why, text, want string }{
		{"a program", "name: shop", "want the JSON that `pulumi stack export` writes"},
		{"other JSON", `{"version": 3}`, `has neither "deployment" nor "checkpoint"`},
		{"an old state", strings.Replace(withOutputs("{}"), "3", "2", 1), `"version" = 2: want 3 or 4`},
		{"a wrong URN", strings.Replace(withOutputs("{}"), "urn:pulumi:dev::shop::aws:ec2/vpc:Vpc::a", "a", 1),
			`resource 3 has the URN "a::b"; want one such as urn:pulumi:`},
	} {
		t.Run(c.why, func(t *testing.T) {
			_, err := state.Read(strings.NewReader(c.text))
			assert.ErrorContains(t, err, c.want)
		})
	}
}
