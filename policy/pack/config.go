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

// everyPolicy is the key under which a configuration gives one level to all
// policies. The engine has already applied that level to each policy, those that
// are off by default too, when it configures the pack.
// https://github.com/pulumi/pulumi/blob/v3.274.1/pkg/resource/analyzer/config.go
const everyPolicy = "all"

// ruleConfig is the configuration of a rule, with the defaults filled in.
type ruleConfig struct {
	level    apitype.EnforcementLevel
	settings rule.Settings
}

// parseConfig reads a configuration of the pack. The error names every problem.
func parseConfig(all []*rule.Rule, given map[string]plugin.AnalyzerPolicyConfig) (map[string]ruleConfig, error) {
	var problems []error
	parsed := make(map[string]ruleConfig, len(all))
	for _, r := range all {
		config, err := parseRule(r, given[r.ID])
		parsed[r.ID] = config
		problems = append(problems, err)
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, known := parsed[name]; !known && name != everyPolicy {
			problems = append(problems, unknownPolicy(all, name))
		}
	}
	if len(given[everyPolicy].Properties) > 0 {
		problems = append(problems,
			fmt.Errorf("policy %q: has parameters; want an enforcement level only", everyPolicy))
	}
	return parsed, errors.Join(problems...)
}

func parseRule(r *rule.Rule, given plugin.AnalyzerPolicyConfig) (ruleConfig, error) {
	config := ruleConfig{level: given.EnforcementLevel}
	if config.level == "" {
		config.level = apitype.EnforcementLevel(r.Level)
	}
	settings, err := r.ParseSettings(given.Properties)
	config.settings = settings
	return config, err
}

// unknownPolicy returns the error for a name that no policy has, or has anymore.
func unknownPolicy(all []*rule.Rule, name string) error {
	ids := []string{everyPolicy}
	for _, r := range all {
		if slices.Contains(r.FormerIDs, name) {
			return fmt.Errorf("policy %q: this is a former name; want %q", name, r.ID)
		}
		ids = append(ids, r.ID)
	}
	return fmt.Errorf("policy %q: no such policy; want one of %s", name, strings.Join(ids, ", "))
}
