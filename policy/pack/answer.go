package pack

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/policy/rule"
)

// answer is what the engine is told of a stack, rule by rule.
type answer struct {
	plugin.AnalyzeResponse
	version string
	here    string // URN of some resource of the stack; empty for an empty stack.
}

// verdict is what a rule has to say under the exceptions from it.
type verdict struct {
	violations []rule.Finding
	excepted   []string // The violations that someone accepts, and why.
	undecided  *rule.Finding
	unused     []rule.Exception
}

func sift(findings []rule.Finding, exceptions []rule.Exception) verdict {
	var v verdict
	used := make([]bool, len(exceptions))
	for _, f := range findings {
		switch f.Verdict {
		case rule.Unknown:
			v.undecided = &f
		case rule.Violation:
			reason, excepted := "", false
			for i, e := range exceptions {
				if e.Covers(f.Origin.URN) {
					used[i], reason, excepted = true, e.Reason, true
				}
			}
			if excepted {
				v.excepted = append(v.excepted, fmt.Sprintf("%s (%s)", f.Message, reason))
			} else {
				v.violations = append(v.violations, f)
			}
		}
	}
	for i, e := range exceptions {
		if !used[i] {
			v.unused = append(v.unused, e)
		}
	}
	return v
}

// add adds a rule's findings. A rule that has nothing to judge, cannot judge it
// yet, or from which there are exceptions, must not count as passed.
func (a *answer) add(rule *rule.Rule, config ruleConfig, findings []rule.Finding) {
	v := sift(findings, config.settings.Exceptions())
	for _, f := range v.violations {
		a.report(rule, config.level, f)
	}
	if v.undecided == nil { // What is undecided may turn out to be what an exception is for.
		a.reportUnused(rule, v.unused)
	}
	switch {
	case len(findings) == 0:
		a.skip(rule, "the stack has nothing that this rule is about")
	case len(v.violations) > 0:
	case len(v.excepted) > 0:
		a.skip(rule, "excepted: "+strings.Join(v.excepted, "; "))
	case v.undecided != nil:
		a.skip(rule, "undecided: "+v.undecided.Message)
	}
}

// reportUnused reports the exceptions for this stack that nothing needs. They
// may be mistyped, and would in time excuse what nobody meant.
func (a *answer) reportUnused(rule *rule.Rule, unused []rule.Exception) {
	for _, e := range unused {
		if e.IsFor(a.here) {
			a.diagnose(rule, apitype.Advisory, "", fmt.Sprintf(
				"exception for %s (%s) matches no violation of this policy; want the URN that one is reported on, or no exception", e.URN, e.Reason))
		}
	}
}

// fail reports that the pack, not the stack, is at fault.
func (a *answer) fail(rule *rule.Rule, err error) {
	a.diagnose(rule, apitype.Advisory, "", fmt.Sprintf(
		"the policy could not be judged: %v; this is a fault of the policy pack, please report it", err))
}

func (a *answer) report(rule *rule.Rule, level apitype.EnforcementLevel, f rule.Finding) {
	message := f.Message
	if f.Origin.Property != "" {
		message += " (" + f.Origin.Property + ")"
	}
	a.diagnose(rule, level, f.Origin.URN, message)
}

// diagnose adds a diagnostic. One without URN is about the stack. No policy of
// stacks can be remediated; as in the engine, that level is mandatory then.
func (a *answer) diagnose(rule *rule.Rule, level apitype.EnforcementLevel, urn, message string) {
	if level == apitype.Remediate {
		level = apitype.Mandatory
	}
	a.Diagnostics = append(a.Diagnostics, plugin.AnalyzeDiagnostic{
		PolicyName:        rule.ID,
		PolicyPackName:    Name,
		PolicyPackVersion: a.version,
		Description:       rule.Title,
		Message:           message,
		EnforcementLevel:  level,
		URN:               resource.URN(urn),
		Severity:          apitype.PolicySeverity(rule.Severity),
	})
}

func (a *answer) skip(rule *rule.Rule, reason string) {
	a.NotApplicable = append(a.NotApplicable, plugin.PolicyNotApplicable{PolicyName: rule.ID, Reason: reason})
}
