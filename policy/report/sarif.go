package main

import (
	"crypto/sha256"
	"encoding/hex"
	"io"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"private-api-blueprints/policy/rule"
)

// securityScores holds GitHub's numbers for severities.
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
var securityScores = map[string]string{"low": "3.0", "medium": "5.5", "high": "8.0", "critical": "9.5"}

// writeSARIF writes a run for the preview itself and one for each policy pack. GitHub
// closes the alerts that a run does not repeat, so the run of a preview that was
// stopped has no packs.
func writeSARIF(w io.Writer, r *report, o *options) error {
	log := sarif.NewReport()
	log.AddRun(operationRun(r, o))
	if r.finished {
		for _, p := range r.packs {
			log.AddRun(packRun(r, p, o))
		}
	}
	return log.PrettyWrite(w)
}

// operationRun returns the run with the errors of the preview.
func operationRun(r *report, o *options) *sarif.Run {
	run := newRun("pulumi", o)
	problems := r.errors
	if !r.finished {
		problems = append(problems, problem{message: "it did not finish"})
	}
	for _, p := range problems {
		run.AddRule("preview").WithShortDescription(text("The preview succeeds."))
		result := sarif.NewRuleResult("preview").WithLevel("error").WithMessage(sarif.NewTextMessage(p.message))
		run.AddResult(located(result, finding{policy: "preview", urn: p.urn, message: p.message}, o))
	}
	return run
}

// packRun returns the run of a policy pack.
func packRun(r *report, p *pack, o *options) *sarif.Run {
	run := newRun(p.name, o)
	run.Tool.Driver.WithVersion(p.version)
	for _, policy := range p.passed {
		describe(run.AddRule(policy), finding{pack: p.name, policy: policy}, o)
	}
	add := func(f finding) *sarif.Result {
		describe(run.AddRule(f.policy), f, o)
		result := sarif.NewRuleResult(f.policy).WithMessage(sarif.NewTextMessage(f.message)).
			WithRuleIndex(run.GetRuleIndex(f.policy))
		result.WithLevel(map[level]string{mandatory: "error", advisory: "warning"}[f.level])
		run.AddResult(located(result, f, o))
		return result
	}
	for _, f := range r.findings {
		if f.pack == p.name {
			add(f)
		}
	}
	for _, f := range r.excepted {
		if f.pack == p.name {
			add(f).AddSuppression(sarif.NewSuppression().WithKind("external").WithJustification(f.reason))
		}
	}
	return run
}

// newRun returns a run of a tool. The category keeps the runs of several stacks
// apart: GitHub replaces the last run of the same category.
func newRun(tool string, o *options) *sarif.Run {
	run := sarif.NewRunWithInformationURI(tool, "https://www.pulumi.com/docs/insights/policy/")
	return run.WithAutomationDetails(sarif.NewRunAutomationDetails().WithID(tool + "/" + o.stack + "/"))
}

// describe adds what this repository's rules say about themselves.
func describe(d *sarif.ReportingDescriptor, f finding, o *options) {
	properties := sarif.NewPropertyBag()
	if score := securityScores[f.severity]; score != "" {
		properties.Add("security-severity", score)
	}
	if r := ruleOf(f); r != nil {
		properties.Add("security-severity", securityScores[string(r.Severity)])
		properties.WithTags(r.Tags)
		d.WithShortDescription(text(r.Title)).WithFullDescription(text(r.Why))
		d.WithHelp(text(help(r)))
		if o.pages != "" {
			d.WithHelpURI(pageOf(r, o.pages))
		}
	}
	d.WithProperties(properties)
}

// help returns why a rule matters and what to change.
func help(r *rule.Rule) string { return r.Why + "\n\nFix: " + r.Fix }

// located adds the place: the resource, and a file, because GitHub shows no result
// without one.
func located(result *sarif.Result, f finding, o *options) *sarif.Result {
	file := sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewArtifactLocation().WithURI(o.artifact)).
		WithRegion(sarif.NewRegion().WithStartLine(1))
	place := sarif.NewLocationWithPhysicalLocation(file)
	if f.urn != "" {
		place.AddLogicalLocation(sarif.NewLogicalLocation().WithName(nameOf(f.urn)).WithKind("resource").
			WithFullyQualifiedName(string(f.urn)))
	}
	// GitHub takes findings with the same hash for one, and all findings of a stack have the same line.
	sum := sha256.Sum256([]byte(f.policy + "\n" + string(f.urn) + "\n" + f.message))
	return result.WithLocations([]*sarif.Location{place}).
		WithPartialFingerprints(map[string]string{"primaryLocationLineHash": hex.EncodeToString(sum[:])})
}

func text(s string) *sarif.MultiformatMessageString {
	return sarif.NewMultiformatMessageString().WithText(s)
}
