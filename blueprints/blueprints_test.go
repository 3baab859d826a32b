package blueprints

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/config"
	"private-api-blueprints/internal/configtest"
	"private-api-blueprints/internal/pulumitest"
	"private-api-blueprints/internal/settings"
)

// stacks returns the test cases of package config about a blueprint. The tests
// here deploy and change their stacks.
func stacks(t *testing.T, blueprint string) *configtest.File {
	t.Helper()
	return configtest.Load(t, "../config/testdata/"+blueprint+".yaml")
}

// cases returns the test cases of this package about a blueprint.
func cases(t *testing.T, blueprint string) *configtest.File {
	t.Helper()
	file := configtest.Load(t, "testdata/"+blueprint+".yaml")
	file.Stacks, file.Incomplete = stacks(t, blueprint).Stacks, stacks(t, blueprint).Incomplete
	return file
}

// stackOf returns a stack of a blueprint with a change, which is YAML.
func stackOf(t *testing.T, blueprint, stack, change string) map[string]any {
	t.Helper()
	return configtest.Change(stacks(t, blueprint).Stacks[stack], configtest.Parse(t, change))
}

// brokenDocument is an OpenAPI document with two faults.
const brokenDocument = "{openapi: 3.0.0, info: {title: broken}, x-amazon-apigateway-policy: {}, paths: {/a: {get: {}}}}"

// ordersDocument and tokensDocument are the OpenAPI documents of the examples. They are
// read before a test changes the folder.
var (
	ordersDocument, _ = os.ReadFile("../examples/openapi/orders.yaml")
	tokensDocument, _ = os.ReadFile("../examples/openapi/tokens.yaml")
)

// deploy deploys a configuration.
func deploy(t *testing.T, configuration map[string]any) (*pulumitest.Recorder, error) {
	t.Helper()
	account := pulumitest.NewAccount()
	return account, deployIn(t, account, configuration)
}

// deployIn deploys a configuration in an account.
func deployIn(t *testing.T, account *pulumitest.Recorder, configuration map[string]any) error {
	t.Helper()
	values := configtest.Values(t, configuration)
	text, err := json.Marshal(values)
	require.NoError(t, err)
	t.Setenv(pulumi.EnvConfig, string(text)) // For ctx.GetConfig, which a program's context reads it from.
	chdirToArchives(t)
	return account.Run(func(ctx *pulumi.Context) error { return Deploy(ctx, values) })
}

// chdirToArchives runs the rest of a test in a folder that has the functions' archives
// and OpenAPI documents. The second time it does nothing.
func chdirToArchives(t *testing.T) {
	t.Helper()
	if _, err := os.Stat("broken.yaml"); err == nil {
		return
	}
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "bin"), 0o755))
	for _, archive := range []string{"hello.zip", "hello-x86_64.zip", "client.zip", "client-x86_64.zip"} {
		writeArchive(t, filepath.Join(folder, "bin", archive), "bootstrap")
	}
	t.Chdir(folder)
	require.NoError(t, os.WriteFile("api.yaml", ordersDocument, 0o644))
	require.NoError(t, os.WriteFile("tokens.yaml", tokensDocument, 0o644))
	require.NoError(t, os.WriteFile("broken.yaml", []byte(brokenDocument), 0o644))
}

// writeArchive writes a zip file with empty files.
func writeArchive(t *testing.T, path string, names ...string) {
	t.Helper()
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	for _, name := range names {
		_, err := archive.Create(name)
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	require.NoError(t, os.WriteFile(path, packed.Bytes(), 0o644))
}

// mustDeploy deploys a configuration, and returns the inputs of all resources
// by name.
func mustDeploy(t *testing.T, configuration map[string]any) map[string]resource.PropertyMap {
	t.Helper()
	account, err := deploy(t, configuration)
	require.NoError(t, err)
	inputs := map[string]resource.PropertyMap{}
	for name, registered := range account.Resources() {
		inputs[name] = registered.Inputs
	}
	return inputs
}

// eachBlueprint runs a test for each blueprint's test cases.
func eachBlueprint(t *testing.T, test func(t *testing.T, file *configtest.File)) {
	for _, blueprint := range config.Blueprints() {
		t.Run(blueprint.Name, func(t *testing.T) { test(t, cases(t, blueprint.Name)) })
	}
}

func TestEveryStackOfTheTestCasesIsDeployed(t *testing.T) {
	eachBlueprint(t, func(t *testing.T, file *configtest.File) {
		for name, stack := range file.Stacks {
			t.Run(name, func(t *testing.T) { mustDeploy(t, stack) })
		}
	})
}

// assertRefused checks that each refused case of a file has its problems, and
// registers nothing.
func assertRefused(t *testing.T, file *configtest.File) {
	t.Helper()
	for _, c := range file.Refused {
		t.Run(c.Why, func(t *testing.T) {
			account, err := deploy(t, file.Configuration(t, c))
			for _, want := range c.Want {
				assert.ErrorContains(t, err, want)
			}
			assert.Empty(t, account.Resources())
			assert.Empty(t, account.Components())
		})
	}
}

func TestConfigurationThatAwsContradictsIsRefusedAndNothingIsRegistered(t *testing.T) {
	eachBlueprint(t, assertRefused)
}

func TestConfigurationThatTheTextContradictsIsRefusedAndNothingIsRegistered(t *testing.T) {
	for _, blueprint := range config.Blueprints() {
		t.Run(blueprint.Name, func(t *testing.T) {
			assertRefused(t, stacks(t, blueprint.Name))
		})
	}
}

func TestEverySettingReachesItsResource(t *testing.T) {
	eachBlueprint(t, func(t *testing.T, file *configtest.File) {
		for _, c := range file.Deployed {
			t.Run(c.Why, func(t *testing.T) {
				inputs := mustDeploy(t, file.Configuration(t, c))
				for _, row := range c.Inputs {
					assertInput(t, inputs, row)
				}
			})
		}
	})
}

// assertInput compares an input of a resource with a row of setting, resource,
// property path and value.
func assertInput(t *testing.T, inputs map[string]resource.PropertyMap, row []any) {
	t.Helper()
	require.Len(t, row, 4)
	setting, name, want := row[0], row[1].(string), row[3]
	path, err := resource.ParsePropertyPath(row[2].(string))
	require.NoError(t, err)
	value, found := path.Get(resource.NewProperty(inputs[name]))
	if assert.True(t, found, "%s: %s of %s", setting, path, name) {
		assert.EqualValues(t, want, value.V, setting)
	}
}

// assertProblems requires problems at exactly these keys.
func assertProblems(t *testing.T, err error, keys ...string) {
	t.Helper()
	var refused *settings.Error
	require.ErrorAs(t, err, &refused)
	found := []string{}
	for _, problem := range refused.Problems {
		found = append(found, problem.Key)
	}
	assert.ElementsMatch(t, keys, found)
}

// TestProblemsAreReportedIfAwsDoesNotAnswer deploys without credentials.
// Problems of the configuration's text are still reported.
func TestProblemsAreReportedIfAwsDoesNotAnswer(t *testing.T) {
	values := configtest.Values(t, stackOf(t, "static-ip-apigw", "good", "blueprint:front: {}"))
	aws := &pulumitest.Recorder{}
	err := aws.Run(func(ctx *pulumi.Context) error { return Deploy(ctx, values) })
	assert.ErrorContains(t, err, "blueprint:front.allowedCidrs: required")
	assert.ErrorContains(t, err, "no valid credential sources found")
}
