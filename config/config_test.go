package config

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/internal/configtest"
	"private-api-blueprints/internal/openapi"
	"private-api-blueprints/internal/settings"
)

// eachFile runs a test for each file of test cases.
func eachFile(t *testing.T, test func(t *testing.T, file *configtest.File)) {
	paths, err := filepath.Glob("testdata/*.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) { test(t, configtest.Load(t, path)) })
	}
}

func TestAcceptableStacksHaveNoProblems(t *testing.T) {
	eachFile(t, func(t *testing.T, file *configtest.File) {
		for name, stack := range file.Stacks {
			_, problems := Parse(configtest.Values(t, stack), nil)
			assert.NoError(t, problems.Err(), name)
		}
	})
}

func TestAnUnknownNameIsAnsweredWithAllNames(t *testing.T) {
	_, problems := Parse(map[string]string{"blueprint:name": "static-ip"}, nil)
	assert.EqualError(t, problems.Err(), "the stack configuration has 1 problem; nothing was created or "+
		"changed on AWS:\n"+
		`  - blueprint:name = "static-ip": want `+oneOf(names()))
}

// A network has no other keys, so that a hint at the right one is enough.
func TestAMisspelledKindOfNetworkIsOneProblem(t *testing.T) {
	file := configtest.Load(t, "testdata/shared-vpc-apis.yaml")
	misspelled := configtest.Parse(t, "blueprint:network: {craete: {}}")
	values := configtest.Values(t, configtest.Change(file.Stacks["good"], misspelled))
	_, problems := Parse(values, nil)
	assert.EqualError(t, problems.Err(), "the stack configuration has 1 problem; nothing was created or "+
		"changed on AWS:\n"+
		`  - blueprint:network.craete: unknown key, did you mean "create"?; known here: create, existing`)
}

func TestConfigurationIsRefusedWithKeyValueAndWhatIsAccepted(t *testing.T) {
	eachFile(t, func(t *testing.T, file *configtest.File) {
		for _, c := range file.Refused {
			t.Run(c.Why, func(t *testing.T) {
				_, problems := Parse(configtest.Values(t, file.Configuration(t, c)), nil)
				for _, want := range c.Want {
					assert.ErrorContains(t, problems.Err(), want)
				}
			})
		}
	})
}

func TestADocumentWithAReservedPathIsRefused(t *testing.T) {
	for _, path := range []string{"/ping", "/sping"} {
		document, wrong := openapi.Parse([]byte("{openapi: 3.0.0, info: {title: a}, paths: {" + path +
			": {get: {x-amazon-apigateway-integration: {type: mock}}}}}"))
		require.Empty(t, wrong)
		problems := &settings.Problems{}
		api := &RestApi{OpenApi: "api.yaml"}
		api.TakeDocument(problems.Section(Namespace).Group("api"), document)
		assert.ErrorContains(t, problems.Err(),
			`blueprint:api.openApi = "api.yaml": `+path+` is reserved by API Gateway; want another path`)
	}
}
