package main

import (
	"encoding/json"
	"os"
	"regexp"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/pack"
	"private-api-blueprints/policy/rules"
)

// TestReadmeConfigurationWorks configures the pack as the README shows, with the
// levels filled in as the engine does.
func TestReadmeConfigurationWorks(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	block := regexp.MustCompile("(?s)```json\n(.*?)```").FindSubmatch(text)
	require.NotNil(t, block, "README.md shows a configuration")
	var shown map[string]any
	require.NoError(t, json.Unmarshal(block[1], &shown))

	config := map[string]plugin.AnalyzerPolicyConfig{}
	for policy, given := range shown {
		properties, _ := given.(map[string]any)
		delete(properties, "enforcementLevel")
		config[policy] = plugin.AnalyzerPolicyConfig{EnforcementLevel: apitype.Advisory, Properties: properties}
	}
	p, err := pack.New(pack.About{Version: "1.2.3", Website: "https://example.com"}, rules.All())
	require.NoError(t, err)
	require.NoError(t, p.Configure(t.Context(), config))
}
