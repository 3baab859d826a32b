package pack

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/policy/rule"
)

// answer collects what the pack tells the engine about a stack, rule by rule.
type answer struct {
	plugin.AnalyzeResponse
	version string
	anyURN  string // URN of some resource of the stack, or empty for an empty stack.
}

// outcome is what remains of a rule's findings after its exceptions.
type outcome struct {
	violations []rule.Finding
	excepted   []string // The accepted violations, with the reasons.
	undecided  *rule.Finding
	unused     []rule.Exception
}

// applyExceptions takes the accepted violations out of a rule's findings.
func applyExceptions(findings []rule.Finding, exceptions []rule.Exception) outcome {
	var o outcome
	used := make([]bool, len(exceptions))
	for _, f := range findings {
		switch f.Verdict {
		case rule.Unknown:
			o.undecided = &f
		case rule.Violation:
			reason, excepted := "", false
			for i, e := range exceptions {
				if e.Covers(f.Origin.URN) {
					used[i], reason, excepted = true, e.Reason, true
				}
			}
			if excepted {
				o.excepted = append(o.excepted, fmt.Sprintf("%s (%s)", f.Message, reason))
			} else {
				o.violations = append(o.violations, f)
			}
		}
	}
	for i, e := range exceptions {
		if !used[i] {
			o.unused = append(o.unused, e)
		}
	}
	return o
}

// add adds a rule's findings. The rule must not count as passed if it has nothing
// to judge, cannot judge it yet, or has excepted violations.
func (a *answer) add(r *rule.Rule, config ruleConfig, findings []rule.Finding) {
	o := applyExceptions(findings, config.settings.Exceptions())
	for _, f := range o.violations {
		a.report(r, config.levelOf(f), f)
	}
	if o.undecided == nil { // Otherwise a violation that an exception is for may still turn up.
		a.reportUnused(r, o.unused)
	}
	switch {
	case len(findings) == 0:
		a.skip(r, "the stack has nothing that this rule is about")
	case len(o.violations) > 0:
	case len(o.excepted) > 0:
		a.skip(r, "excepted: "+strings.Join(o.excepted, "; "))
	case o.undecided != nil:
		a.skip(r, "undecided: "+o.undecided.Message)
	}
}

// reportUnused reports the exceptions for this stack that match nothing. They may
// be mistyped, and could later hide a violation that nobody meant to accept.
func (a *answer) reportUnused(r *rule.Rule, unused []rule.Exception) {
	for _, e := range unused {
		if e.IsFor(a.anyURN) {
			a.diagnose(r, apitype.Advisory, "", fmt.Sprintf(
				"exception for %s (%s) matches no violation of this policy; want the URN that one is reported on, "+
					"or no exception",
				e.URN, e.Reason))
		}
	}
}

// fail reports that the pack failed, not the stack.
func (a *answer) fail(r *rule.Rule, err error) {
	a.diagnose(r, apitype.Advisory, "",
		fmt.Sprintf("internal error: %v; please report this bug in the policy pack", err))
}

func (a *answer) report(r *rule.Rule, level apitype.EnforcementLevel, f rule.Finding) {
	message := f.Message
	if f.Origin.Property != "" {
		message += " (" + f.Origin.Property + ")"
	}
	a.diagnose(r, level, f.Origin.URN, message)
}

// diagnose adds a diagnostic. Without a URN it is about the stack. The level
// remediate becomes mandatory, as in the engine: nothing can remediate a stack.
func (a *answer) diagnose(r *rule.Rule, level apitype.EnforcementLevel, urn, message string) {
	if level == apitype.Remediate {
		level = apitype.Mandatory
	}
	a.Diagnostics = append(a.Diagnostics, plugin.AnalyzeDiagnostic{
		PolicyName:        r.ID,
		PolicyPackName:    Name,
		PolicyPackVersion: a.version,
		Description:       r.Title,
		Message:           message,
		EnforcementLevel:  level,
		URN:               resource.URN(urn),
		Severity:          apitype.PolicySeverity(r.Severity),
	})
}

// skip records why a rule neither passed nor was violated.
func (a *answer) skip(r *rule.Rule, reason string) {
	a.NotApplicable = append(a.NotApplicable, plugin.PolicyNotApplicable{PolicyName: r.ID, Reason: reason})
}
