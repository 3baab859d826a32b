package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/pack"
	"private-api-blueprints/policy/rules"
)

// TestConfigurationsOnPagesWork configures the pack as the pages show, with the
// levels filled in as the engine does. The folder is also published alone, without
// the pages in docs.
func TestConfigurationsOnPagesWork(t *testing.T) {
	for _, page := range []string{"README.md", "../docs/policies.md"} {
		text, err := os.ReadFile(page)
		if errors.Is(err, fs.ErrNotExist) && strings.HasPrefix(page, "../") {
			continue
		}
		require.NoError(t, err)
		blocks := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllSubmatch(text, -1)
		require.NotEmpty(t, blocks, "%s shows a configuration", page)
		for _, block := range blocks {
			configure(t, block[1])
		}
	}
}

// configure configures a pack with all rules from the text of a configuration
// file.
func configure(t *testing.T, text []byte) {
	t.Helper()
	var shown map[string]any
	require.NoError(t, json.Unmarshal(text, &shown))
	config := map[string]plugin.AnalyzerPolicyConfig{}
	for policy, given := range shown {
		properties, _ := given.(map[string]any)
		delete(properties, "enforcementLevel")
		config[policy] = plugin.AnalyzerPolicyConfig{EnforcementLevel: apitype.Advisory, Properties: properties}
	}
	p, err := pack.New(pack.About{Version: "1.2.3", Website: "https://example.com"}, rules.All())
	require.NoError(t, err)
	require.NoError(t, p.Configure(t.Context(), config), string(text))
}
