// Package pack serves the rules to the Pulumi engine.
//
// It implements the engine's own analyzer interface instead of using the SDK's
// policyx. At the pinned version policyx needs a call of ConfigureStack, which
// `pulumi policy publish` and `pulumi policy analyze` do not make, and it sends
// no severity.
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
	"private-api-blueprints/policy/secrets"
)

// Name is the policy pack's name.
const Name = "private-api-blueprints"

// All rules together take less than a second for thousands of resources. The
// limits are for stacks that nobody has thought of.
const (
	stackLimit = 5 * time.Minute  // For all rules together.
	ruleLimit  = 30 * time.Second // For each rule.
)

// Pack is the policy pack as an analyzer of the engine.
type Pack struct {
	about    About
	version  semver.Version
	rules    []*rule.Rule
	settings atomic.Pointer[map[string]ruleConfig]

	stackLimit, ruleLimit time.Duration
}

var _ plugin.Analyzer = (*Pack)(nil)

// New returns a pack of these rules with the default configuration. The error
// says what is wrong with the version or the website.
func New(about About, all []*rule.Rule) (*Pack, error) {
	version, err := about.parse()
	if err != nil {
		return nil, err
	}
	p := &Pack{about: about, version: version, rules: all, stackLimit: stackLimit, ruleLimit: ruleLimit}
	defaults, err := parseConfig(all, nil)
	if err != nil {
		return nil, err
	}
	p.settings.Store(&defaults)
	return p, nil
}

// Configure sets levels and parameters. The engine may never call it: then every
// rule has its defaults.
func (p *Pack) Configure(_ context.Context, given map[string]plugin.AnalyzerPolicyConfig) error {
	settings, err := parseConfig(p.rules, given)
	if err != nil {
		return err
	}
	p.settings.Store(&settings)
	return nil
}

// AnalyzeStack runs every rule over the stack. The engine calls it once, at the
// end of a preview, update or analysis. No text of the answer has a value that is
// marked as secret in the stack.
func (p *Pack) AnalyzeStack(
	ctx context.Context, resources []plugin.AnalyzerStackResource,
) (plugin.AnalyzeResponse, error) {
	response, err := p.judge(ctx, resources)
	hidden := secrets.Of(resources)
	for i := range response.Diagnostics {
		d := &response.Diagnostics[i]
		d.Message = hidden.Text(d.Message)
	}
	for i := range response.NotApplicable {
		skipped := &response.NotApplicable[i]
		skipped.Reason = hidden.Text(skipped.Reason)
	}
	return response, err
}

// judge runs every rule over the stack. Its texts may quote secret values.
func (p *Pack) judge(
	ctx context.Context, resources []plugin.AnalyzerStackResource,
) (plugin.AnalyzeResponse, error) {
	ctx, cancel := context.WithTimeout(ctx, p.stackLimit)
	defer cancel()
	settings := *p.settings.Load()
	a := answer{version: p.version.String()}
	if len(resources) > 0 {
		a.anyURN = string(resources[0].URN)
	}
	stack := sync.OnceValue(func() *model.Stack { return decode.Stack(resources) })
	for _, r := range p.rules {
		config := settings[r.ID]
		if config.level == apitype.Disabled {
			a.skip(r, whyDisabled(r))
			continue
		}
		findings, err := p.check(ctx, r, config.settings, stack)
		if cause := context.Cause(ctx); errors.Is(cause, context.Canceled) {
			return a.AnalyzeResponse, cause // Nobody waits for an answer.
		}
		if err != nil {
			a.fail(r, err)
			continue
		}
		a.add(r, config, findings)
	}
	return a.AnalyzeResponse, nil
}

// whyDisabled returns the reason for which a rule is not run.
func whyDisabled(r *rule.Rule) string {
	if r.OffByDefault {
		return "off by default; give it a level in the configuration to run it"
	}
	return "disabled by configuration"
}

// check runs a rule. If the rule panics or takes too long, the error says so, and
// neither the other rules nor the deployment fail.
func (p *Pack) check(
	ctx context.Context, r *rule.Rule, settings rule.Settings, stack func() *model.Stack,
) ([]rule.Finding, error) {
	ctx, cancel := context.WithTimeout(ctx, p.ruleLimit)
	defer cancel()
	report, done := rule.NewReport(settings), make(chan error, 1)
	go func() {
		defer func() {
			if cause := recover(); cause != nil {
				done <- fmt.Errorf("%v", cause)
			}
		}()
		r.Check(stack(), report)
		done <- nil
	}()
	select {
	case err := <-done:
		return report.Findings, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Analyze reports nothing, because every rule is about the stack.
func (p *Pack) Analyze(context.Context, plugin.AnalyzerResource) (plugin.AnalyzeResponse, error) {
	return plugin.AnalyzeResponse{}, nil
}

// Remediate changes nothing.
func (p *Pack) Remediate(context.Context, plugin.AnalyzerResource) (plugin.RemediateResponse, error) {
	return plugin.RemediateResponse{}, nil
}

// Name returns the pack's name.
func (p *Pack) Name() tokens.QName { return Name }

// GetPluginInfo returns the pack's version.
func (p *Pack) GetPluginInfo(context.Context) (plugin.PluginInfo, error) {
	return plugin.PluginInfo{Version: &p.version}, nil
}

// Cancel does nothing, because an analysis takes milliseconds.
func (p *Pack) Cancel(context.Context) error { return nil }

// Close does nothing, because the pack holds no resources.
func (p *Pack) Close() error { return nil }
