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

// GetAnalyzerInfo describes the pack and its policies, except the schemas of
// their configuration, which the server adds. It works without a configuration:
// `pulumi policy publish` calls it and never configures the pack.
func (p *Pack) GetAnalyzerInfo(context.Context) (plugin.AnalyzerInfo, error) {
	info := plugin.AnalyzerInfo{
		Name:           Name,
		DisplayName:    "API Gateway inside a VPC",
		Version:        p.version.String(),
		SupportsConfig: true,
		InitialConfig:  map[string]plugin.AnalyzerPolicyConfig{},
		Description:    p.about.Description,
		Readme:         p.about.Readme,
		Provider:       "aws",
		Tags:           []string{"aws", "api-gateway", "vpc", "privatelink"},
	}
	for _, r := range p.rules {
		config := (*p.settings.Load())[r.ID]
		info.Policies = append(info.Policies, p.policyInfo(r, config.level))
		info.InitialConfig[r.ID] = plugin.AnalyzerPolicyConfig{
			EnforcementLevel: apitype.EnforcementLevel(r.DefaultLevel()),
			Properties:       defaults(r),
		}
	}
	return info, nil
}

func (p *Pack) policyInfo(r *rule.Rule, level apitype.EnforcementLevel) plugin.AnalyzerPolicyInfo {
	return plugin.AnalyzerPolicyInfo{
		Name:             r.ID,
		DisplayName:      r.Title,
		Description:      r.Why,
		Message:          r.Title,
		EnforcementLevel: level,
		Type:             plugin.AnalyzerPolicyTypeStack,
		Severity:         apitype.PolicySeverity(r.Severity),
		Framework:        &framework,
		Tags:             r.Tags,
		RemediationSteps: r.Fix,
		URL:              p.about.pageOf(r),
	}
}

func defaults(r *rule.Rule) map[string]any {
	properties := map[string]any{}
	for _, parameter := range r.AllParameters() {
		properties[parameter.Name()] = parameter.Schema()["default"]
	}
	return properties
}
