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
	level apitype.EnforcementLevel
	// everyFinding is whether all findings have that level, and not each its own.
	everyFinding bool
	settings     rule.Settings
}

// levelOf returns the level of a finding.
func (c ruleConfig) levelOf(f rule.Finding) apitype.EnforcementLevel {
	if level, given := c.settings.LevelOf(f.Defect); given {
		return apitype.EnforcementLevel(level)
	}
	if c.everyFinding {
		return c.level
	}
	return apitype.EnforcementLevel(f.Defect.Level())
}

// parseConfig reads a configuration of the pack. The error names every problem.
func parseConfig(all []*rule.Rule, given map[string]plugin.AnalyzerPolicyConfig) (map[string]ruleConfig, error) {
	var problems []error
	parsed := make(map[string]ruleConfig, len(all))
	for _, r := range all {
		config, err := parseRule(r, given[r.ID])
		config.everyFinding = config.everyFinding || given[everyPolicy].EnforcementLevel != ""
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

// parseRule reads the configuration of a rule. If nobody chooses a level for it,
// the engine sends the rule's own. Any other level is therefore somebody's choice,
// which applies to all findings.
// https://github.com/pulumi/pulumi/blob/v3.274.1/pkg/resource/analyzer/config.go
func parseRule(r *rule.Rule, given plugin.AnalyzerPolicyConfig) (ruleConfig, error) {
	own := apitype.EnforcementLevel(r.DefaultLevel())
	config := ruleConfig{level: given.EnforcementLevel}
	if config.level == "" {
		config.level = own
	}
	config.everyFinding = config.level != own
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
