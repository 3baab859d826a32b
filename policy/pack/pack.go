// Package pack serves the rules to the Pulumi engine.
//
// It implements the engine's own analyzer interface rather than the SDK's
// policyx, which at the pinned version needs ConfigureStack to have been called
// (`pulumi policy publish` and `pulumi policy analyze` do not) and sends no
// severity.
package pack

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

// Name is the policy pack's name.
const Name = "private-api-blueprints"

// Pack is the policy pack as an analyzer of the engine.
type Pack struct {
	version     semver.Version
	description string
	readme      string
	rules       []*rule.Rule
	settings    atomic.Pointer[map[string]ruleConfig]
}

var _ plugin.Analyzer = (*Pack)(nil)

// About is what the pack says of itself.
type About struct {
	Version, Description, Readme string
}

// New is a pack of these rules. The version must be a semantic version.
func New(about About, all []*rule.Rule) (*Pack, error) {
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

// limit is how long all rules together may take, and ruleLimit each of them. All
// take less than a second for thousands of resources; the limits are for stacks
// that nobody has thought of.
const limit = 5 * time.Minute

var ruleLimit = 30 * time.Second

// AnalyzeStack runs every rule over the stack. The engine calls it once at the
// end of a preview, update or analysis.
func (p *Pack) AnalyzeStack(ctx context.Context, resources []plugin.AnalyzerStackResource) (plugin.AnalyzeResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	settings := *p.settings.Load()
	a := answer{version: p.version.String()}
	if len(resources) > 0 {
		a.here = string(resources[0].URN)
	}
	stack := sync.OnceValue(func() *model.Stack { return decode.Stack(resources) })
	for _, rule := range p.rules {
		config := settings[rule.ID]
		if config.level == apitype.Disabled {
			a.skip(rule, "disabled by configuration")
			continue
		}
		findings, err := check(ctx, rule, config.settings, stack)
		if cause := context.Cause(ctx); errors.Is(cause, context.Canceled) {
			return a.AnalyzeResponse, cause // Nobody waits for an answer.
		}
		if err != nil {
			a.fail(rule, err)
			continue
		}
		a.add(rule, config, findings)
	}
	return a.AnalyzeResponse, nil
}

// check runs a rule. One that fails must not take the deployment with it, nor
// the other rules.
func check(ctx context.Context, checked *rule.Rule, settings rule.Settings, stack func() *model.Stack) ([]rule.Finding, error) {
	ctx, cancel := context.WithTimeout(ctx, ruleLimit)
	defer cancel()
	report, done := rule.NewReport(settings), make(chan error, 1)
	go func() {
		defer func() {
			if cause := recover(); cause != nil {
				done <- fmt.Errorf("%v", cause)
			}
		}()
		checked.Check(stack(), report)
		done <- nil
	}()
	select {
	case err := <-done:
		return report.Findings, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
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
