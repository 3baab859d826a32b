package config

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/internal/configtest"
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
