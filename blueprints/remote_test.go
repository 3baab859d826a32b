package blueprints

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/config"
	"private-api-blueprints/internal/configtest"
	"private-api-blueprints/internal/pulumitest"
	"private-api-blueprints/internal/settings"
)

// inputsOf returns a configuration as the inputs of a component.
func inputsOf(t *testing.T, configuration map[string]any) map[string]string {
	t.Helper()
	inputs := map[string]string{}
	for key, value := range configtest.Values(t, configuration) {
		if name, ours := strings.CutPrefix(key, config.Namespace+":"); ours && name != "name" {
			inputs[name] = value
		}
	}
	return inputs
}

// construct registers a configuration as components with some names in one program.
// It returns the outputs of the last one.
func construct(t *testing.T, configuration map[string]any, names ...string) (
	account *pulumitest.Recorder, outputs pulumi.Map, err error,
) {
	t.Helper()
	text, err := json.Marshal(configtest.Values(t, configuration))
	require.NoError(t, err)
	t.Setenv(pulumi.EnvConfig, string(text))
	chdirToArchives(t)
	account = pulumitest.NewAccount()
	return account, outputs, account.Run(func(ctx *pulumi.Context) (err error) {
		for _, name := range names {
			_, outputs, err = Construct(ctx, Instance{
				Blueprint: configuration["blueprint:name"].(string), Name: name, Inputs: inputsOf(t, configuration),
				Problems: &settings.Problems{Subject: "the inputs have"}, Options: pulumi.Composite(),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// renamed returns the name that a resource of a stack has in a component.
func renamed(name, prefix, component string) string {
	switch rest, ok := strings.CutPrefix(name, prefix); {
	case ok:
		return component + rest
	default: // apigateway, dns and consumer, which a program of others may have several times.
		return component + "-" + name
	}
}

// A program may have a component twice: its resources are those of a stack, with names that begin with the
// component's.
func TestComponentsRegisterWhatAStackDoesUnderNamesOfTheirOwn(t *testing.T) {
	prefixes := map[string]string{
		"h2-endpoint-service": "h2", "ipv6-front": "ipv6", "shared-vpc-apis": "shared-vpc",
		"static-ip-apigw": "static-ip", "vpclink-https-backend": "link",
	}
	eachBlueprint(t, func(t *testing.T, file *configtest.File) {
		for name, stack := range file.Stacks {
			t.Run(name, func(t *testing.T) {
				prefix := prefixes[stack["blueprint:name"].(string)]
				deployed, err := deploy(t, stack)
				require.NoError(t, err)
				twice, _, err := construct(t, stack, "first", prefix)
				require.NoError(t, err)
				var want []string
				for _, registered := range []map[string]pulumitest.Resource{
					deployed.Resources(), deployed.Components(), deployed.Providers(),
				} {
					for name := range registered {
						want = append(want, renamed(name, prefix, "first"), renamed(name, prefix, prefix))
					}
				}
				got := slices.Concat(slices.Collect(maps.Keys(twice.Resources())),
					slices.Collect(maps.Keys(twice.Components())), slices.Collect(maps.Keys(twice.Providers())))
				assert.ElementsMatch(t, want, got)
				for name, registered := range deployed.Resources() {
					if !strings.HasPrefix(name, prefix) {
						continue // Its inputs name a role that has another name.
					}
					assert.Equal(t, registered.Inputs, twice.Resources()[renamed(name, prefix, prefix)].Inputs, name)
				}
			})
		}
	})
}

func TestComponentsRefuseWhatStacksRefuseUnderTheNamesOfInputs(t *testing.T) {
	for _, blueprint := range config.Blueprints() {
		for _, file := range []*configtest.File{stacks(t, blueprint.Name), cases(t, blueprint.Name)} {
			for _, c := range file.Refused {
				configuration := file.Configuration(t, c)
				if configuration["blueprint:name"] != blueprint.Name {
					continue // A component has its blueprint.
				}
				t.Run(c.Why, func(t *testing.T) {
					account, _, err := construct(t, configuration, "first")
					require.ErrorContains(t, err, "the inputs have ")
					for _, want := range c.Want {
						assert.ErrorContains(t, err, strings.ReplaceAll(want, "blueprint:", ""))
					}
					assert.NotContains(t, err.Error(), "blueprint:")
					assert.Empty(t, account.Resources())
					assert.Empty(t, account.Components())
				})
			}
		}
	}
}

// packageSchema is the part of the package's schema that says which outputs there are.
type packageSchema struct {
	Resources map[string]struct {
		Properties map[string]struct{ Type string }
		Required   []string
	}
}

func TestComponentsHaveTheOutputsOfTheSchema(t *testing.T) {
	var schema packageSchema
	text, err := os.ReadFile("../provider/schema.json")
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &schema))
	for _, blueprint := range config.Blueprints() {
		declared := schema.Resources[Token(blueprint)]
		require.NotEmpty(t, declared.Properties, blueprint.Name)
		exported := map[string]bool{}
		file := cases(t, blueprint.Name)
		var configurations []map[string]any
		for _, stack := range file.Stacks {
			configurations = append(configurations, stack)
		}
		for _, c := range file.Deployed {
			configurations = append(configurations, file.Configuration(t, c))
		}
		for _, change := range rareOutputs[blueprint.Name] {
			configurations = append(configurations, with(t, file.Stacks["good"], change))
		}
		for _, configuration := range configurations {
			t.Run(blueprint.Name, func(t *testing.T) {
				_, outputs, err := construct(t, configuration, "first")
				require.NoError(t, err)
				for name, value := range outputs {
					exported[name] = true
					assert.Equal(t, declared.Properties[name].Type, kindOf(value), name)
				}
				for _, name := range declared.Required {
					assert.Contains(t, outputs, name, "required in the schema")
				}
			})
		}
		for name := range declared.Properties {
			assert.True(t, exported[name], "%s: no test case has the output %s", blueprint.Name, name)
		}
	}
}

// rareOutputs has settings by blueprint that lead to outputs that no test case has.
var rareOutputs = map[string][]map[string]any{
	"h2-endpoint-service": {
		{"blueprint:consumer": nil},
		{"blueprint:consumer.client": map[string]any{"create": true}},
		{"blueprint:service.targets.launch.sessionManager": true},
		{"blueprint:service.alarms": map[string]any{"createTopic": true}},
		{
			"blueprint:service.domain": map[string]any{
				"name":           "h2.example.com",
				"certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
			},
			"blueprint:consumer.privateDnsEnabled": false,
		},
	},
	"ipv6-front":      {{"blueprint:alarms": map[string]any{"createTopic": true}}},
	"shared-vpc-apis": {{"blueprint:alarms": map[string]any{"createTopic": true}}},
	"static-ip-apigw": {{"blueprint:alarms": map[string]any{"createTopic": true}}},
	"vpclink-https-backend": {
		{"blueprint:alarms": map[string]any{"createTopic": true}},
		{"blueprint:backend.simulated.sessionManager": true},
	},
}

// with returns a configuration with the values at some paths replaced. Nil removes one.
func with(t *testing.T, configuration, values map[string]any) map[string]any {
	t.Helper()
	text, err := json.Marshal(configuration)
	require.NoError(t, err)
	var root map[string]any
	require.NoError(t, json.Unmarshal(text, &root))
	for path, value := range values {
		group, keys := root, strings.Split(path, ".")
		for _, key := range keys[:len(keys)-1] {
			require.IsType(t, group, group[key], path)
			group = group[key].(map[string]any)
		}
		if last := keys[len(keys)-1]; value == nil {
			delete(group, last)
		} else {
			group[last] = value
		}
	}
	return root
}

// kindOf returns the type of an output in a schema.
func kindOf(value pulumi.Input) string {
	switch value.(type) {
	case pulumi.Array, pulumi.StringArray, pulumi.StringArrayOutput:
		return "array"
	case pulumi.Map, pulumi.StringMap:
		return "object"
	default:
		_, isText := value.(pulumi.StringInput)
		if isText {
			return "string"
		}
		return "unknown"
	}
}
