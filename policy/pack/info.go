package pack

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/policy/rule"
)

// framework is what Pulumi Cloud groups the findings under.
var framework = plugin.AnalyzerPolicyComplianceFramework{
	Name:      "AWS Well-Architected Framework",
	Reference: "https://docs.aws.amazon.com/wellarchitected/latest/framework/welcome.html",
}

// GetAnalyzerInfo describes the pack and its policies, but for the schemas of
// their configuration, which the server adds. It needs no configuration:
// `pulumi policy publish` asks for it and never configures the pack.
func (p *Pack) GetAnalyzerInfo(context.Context) (plugin.AnalyzerInfo, error) {
	info := plugin.AnalyzerInfo{
		Name:           Name,
		DisplayName:    "API Gateway inside a VPC",
		Version:        p.version.String(),
		SupportsConfig: true,
		InitialConfig:  map[string]plugin.AnalyzerPolicyConfig{},
		Description:    p.description,
		Readme:         p.readme,
		Provider:       "aws",
		Tags:           []string{"aws", "api-gateway", "vpc", "privatelink"},
	}
	for _, rule := range p.rules {
		config := (*p.settings.Load())[rule.ID]
		info.Policies = append(info.Policies, policyInfo(rule, config.level))
		info.InitialConfig[rule.ID] = plugin.AnalyzerPolicyConfig{
			EnforcementLevel: apitype.EnforcementLevel(rule.Level),
			Properties:       defaults(rule),
		}
	}
	return info, nil
}

func policyInfo(rule *rule.Rule, level apitype.EnforcementLevel) plugin.AnalyzerPolicyInfo {
	return plugin.AnalyzerPolicyInfo{
		Name:             rule.ID,
		DisplayName:      rule.Title,
		Description:      rule.Why,
		Message:          rule.Title,
		EnforcementLevel: level,
		Type:             plugin.AnalyzerPolicyTypeStack,
		Severity:         apitype.PolicySeverity(rule.Severity),
		Framework:        &framework,
		Tags:             rule.Tags,
		RemediationSteps: rule.Fix,
		URL:              rule.Links[0],
	}
}

func defaults(rule *rule.Rule) map[string]any {
	properties := map[string]any{}
	for _, parameter := range rule.AllParameters() {
		properties[parameter.Name()] = parameter.Schema()["default"]
	}
	return properties
}
