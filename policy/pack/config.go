package pack

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/policy/rule"
)

// everyPolicy is the key that the engine gives the level for all policies under.
// It has applied that level to each policy when it configures the pack.
const everyPolicy = "all"

// ruleConfig is a rule's configuration with its defaults filled in.
type ruleConfig struct {
	level    apitype.EnforcementLevel
	settings rule.Settings
}

// parseConfig reads a configuration of the pack and names everything that is
// wrong with it at once.
func parseConfig(all []*rule.Rule, given map[string]plugin.AnalyzerPolicyConfig) (map[string]ruleConfig, error) {
	var problems []error
	parsed := make(map[string]ruleConfig, len(all))
	for _, rule := range all {
		config, err := parseRule(rule, given[rule.ID])
		parsed[rule.ID] = config
		problems = append(problems, err)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, known := parsed[name]; !known && name != everyPolicy {
			problems = append(problems, fmt.Errorf("policy %q: no such policy; want one of %s", name, ids(all)))
		}
	}
	if len(given[everyPolicy].Properties) > 0 {
		problems = append(problems, fmt.Errorf("policy %q: has parameters; want an enforcement level only", everyPolicy))
	}
	return parsed, errors.Join(problems...)
}

func parseRule(rule *rule.Rule, given plugin.AnalyzerPolicyConfig) (ruleConfig, error) {
	config := ruleConfig{level: given.EnforcementLevel}
	if config.level == "" {
		config.level = apitype.EnforcementLevel(rule.Level)
	}
	settings, err := rule.ParseSettings(given.Properties)
	config.settings = settings
	return config, err
}

func ids(all []*rule.Rule) string {
	names := []string{everyPolicy}
	for _, rule := range all {
		names = append(names, rule.ID)
	}
	return strings.Join(names, ", ")
}
