// Package pack serves the rules to the Pulumi engine.
//
// It implements the engine's own analyzer interface rather than the SDK's
// policyx, which at the pinned version needs ConfigureStack to have been called
// (`pulumi policy publish` and `pulumi policy analyze` do not) and sends no
// severity.
package pack

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/rules"
)

// Name is the policy pack's name.
const Name = "private-api-blueprints"

// Pack is the policy pack as an analyzer of the engine.
type Pack struct {
	version     semver.Version
	description string
	readme      string
	rules       []*rules.Rule
	settings    atomic.Pointer[map[string]ruleConfig]
}

var _ plugin.Analyzer = (*Pack)(nil)

// About is what the pack says of itself.
type About struct {
	Version, Description, Readme string
}

// New is a pack of these rules. The version must be a semantic version.
func New(about About, all []*rules.Rule) (*Pack, error) {
	version, err := semver.Parse(about.Version)
	if err != nil {
		return nil, fmt.Errorf("policy pack version %q: want a semantic version such as 1.2.3: %w", about.Version, err)
	}
	p := &Pack{version: version, description: about.Description, readme: about.Readme, rules: all}
	defaults, err := parseConfig(all, nil)
	if err != nil {
		return nil, err
	}
	p.settings.Store(&defaults)
	return p, nil
}

// Configure takes enforcement levels and parameters. The engine may never call
// it: then every rule has its defaults.
func (p *Pack) Configure(_ context.Context, given map[string]plugin.AnalyzerPolicyConfig) error {
	settings, err := parseConfig(p.rules, given)
	if err != nil {
		return err
	}
	p.settings.Store(&settings)
	return nil
}

// AnalyzeStack runs every rule over the stack. The engine calls it once at the
// end of a preview, update or analysis.
func (p *Pack) AnalyzeStack(_ context.Context, resources []plugin.AnalyzerStackResource) (plugin.AnalyzeResponse, error) {
	stack := decode.Stack(resources)
	var response plugin.AnalyzeResponse
	for _, rule := range p.rules {
		config := (*p.settings.Load())[rule.ID]
		if config.level == apitype.Disabled {
			response.NotApplicable = append(response.NotApplicable, notApplicable(rule, "disabled by configuration"))
			continue
		}
		report := rules.NewReport(config.settings)
		rule.Check(stack, report)
		p.answer(&response, rule, config.level, report.Findings)
	}
	return response, nil
}

// answer adds a rule's findings. A rule that has nothing to judge, or cannot
// judge it yet, must not count as passed.
func (p *Pack) answer(response *plugin.AnalyzeResponse, rule *rules.Rule, level apitype.EnforcementLevel, findings []rules.Finding) {
	var violated bool
	var undecided *rules.Finding
	for i, f := range findings {
		switch f.Verdict {
		case rules.Violated:
			violated = true
			response.Diagnostics = append(response.Diagnostics, p.diagnostic(rule, level, f))
		case rules.Undecided:
			undecided = &findings[i]
		}
	}
	switch {
	case len(findings) == 0:
		response.NotApplicable = append(response.NotApplicable, notApplicable(rule, "the stack has nothing that this rule is about"))
	case !violated && undecided != nil:
		response.NotApplicable = append(response.NotApplicable, notApplicable(rule, "undecided: "+undecided.Message))
	}
}

func (p *Pack) diagnostic(rule *rules.Rule, level apitype.EnforcementLevel, f rules.Finding) plugin.AnalyzeDiagnostic {
	message := f.Message
	if f.Origin.Property != "" {
		message += " (" + f.Origin.Property + ")"
	}
	return plugin.AnalyzeDiagnostic{
		PolicyName:        rule.ID,
		PolicyPackName:    Name,
		PolicyPackVersion: p.version.String(),
		Description:       rule.Title,
		Message:           message,
		EnforcementLevel:  level,
		URN:               resource.URN(f.Origin.URN),
		Severity:          apitype.PolicySeverity(rule.Severity),
	}
}

func notApplicable(rule *rules.Rule, reason string) plugin.PolicyNotApplicable {
	return plugin.PolicyNotApplicable{PolicyName: rule.ID, Reason: reason}
}

// Analyze has nothing to say: every rule is about the stack.
func (p *Pack) Analyze(context.Context, plugin.AnalyzerResource) (plugin.AnalyzeResponse, error) {
	return plugin.AnalyzeResponse{}, nil
}

// Remediate changes nothing.
func (p *Pack) Remediate(context.Context, plugin.AnalyzerResource) (plugin.RemediateResponse, error) {
	return plugin.RemediateResponse{}, nil
}

// Name is the pack's name.
func (p *Pack) Name() tokens.QName { return Name }

// GetPluginInfo gives the version.
func (p *Pack) GetPluginInfo(context.Context) (plugin.PluginInfo, error) {
	return plugin.PluginInfo{Version: &p.version}, nil
}

// Cancel has nothing to stop: an analysis takes milliseconds.
func (p *Pack) Cancel(context.Context) error { return nil }

// Close releases nothing.
func (p *Pack) Close() error { return nil }
