package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
	"private-api-blueprints/policy/rules"
	"private-api-blueprints/policy/trace"
)

// promisedPaths is the rule whose verdicts rest on traces.
const promisedPaths = "promised-paths"

// explain prints what a rule says about a resource, and what that rests on.
func explain(out io.Writer, stack *model.Stack, c *command) (status int, err error) {
	r, err := ruleOf(c.rule)
	if err != nil {
		return exitUsage, err
	}
	answers := rule.NewReport(nil)
	r.Check(stack, answers)
	about := slices.DeleteFunc(slices.Clone(answers.Findings), func(f rule.Finding) bool {
		return !isAbout(f.Subject, c.urn) && !isAbout(f.Origin.URN, c.urn)
	})
	if len(about) == 0 {
		return exitUsage, fmt.Errorf("explain: %s says nothing about %q; %s", r.ID, c.urn, subjects(answers.Findings))
	}
	fmt.Fprintf(out, "%s: %s\n", r.ID, r.Title)
	for _, f := range about {
		printFinding(out, f)
	}
	if r.ID == promisedPaths {
		printPromises(out, stack, c.urn)
	}
	fmt.Fprintf(out, "\ndocs/rules/%s.md says what the rule wants and why.\n", r.ID)
	return verdictStatus(about), nil
}

// ruleOf returns the rule with an ID.
func ruleOf(id string) (*rule.Rule, error) {
	var ids []string
	for _, r := range rules.All() {
		if r.ID == id {
			return r, nil
		}
		ids = append(ids, r.ID)
	}
	return nil, fmt.Errorf("explain: %q is no rule; want one of %s", id, strings.Join(ids, ", "))
}

// isAbout reports whether a URN is the one that a person has written, or whether
// its resource has that name.
func isAbout(urn, written string) bool {
	return urn != "" && (urn == written || strings.HasSuffix(urn, "::"+written))
}

// mostSubjects is how many resources a message lists.
const mostSubjects = 5

// subjects says about which resources a rule says something.
func subjects(findings []rule.Finding) string {
	var names []string
	for _, f := range findings {
		if f.Subject != "" && !slices.Contains(names, f.Subject) {
			names = append(names, f.Subject)
		}
	}
	switch {
	case len(names) == 0:
		return "the stack has nothing that the rule is about"
	case len(names) > mostSubjects:
		names = append(names[:mostSubjects], "others")
	}
	return "it judges " + strings.Join(names, ", ")
}

// printFinding prints a verdict, its reason and where it is.
func printFinding(out io.Writer, f rule.Finding) {
	text := string(f.Verdict)
	if f.Defect != nil {
		text += fmt.Sprintf(" (%s, %s)", f.Defect.ID, f.Defect.Level())
	}
	fmt.Fprintf(out, "\n%s%s\n", text, inBrackets(f.Origin))
	if f.Message != "" {
		fmt.Fprintf(out, "  %s\n", f.Message)
	}
	if f.Defect != nil {
		fmt.Fprintf(out, "  %s %s\n", f.Defect.Summary, f.Defect.Effect)
	}
}

// printPromises prints the ways of the requests that a component makes promises
// about.
func printPromises(out io.Writer, stack *model.Stack, written string) {
	for _, p := range stack.Promises {
		if !isAbout(p.URN, written) || p.Unknown || p.Problem != "" {
			continue
		}
		if ways, err := trace.Of(stack).TracePromise(*p); err == nil {
			fmt.Fprintf(out, "\n%s: %s\n%s", p.Property, p.Expect, transcript(p.Request, ways))
		}
	}
}

// verdictStatus returns the exit status for findings.
func verdictStatus(findings []rule.Finding) int {
	status := exitDelivered
	for _, f := range findings {
		switch f.Verdict {
		case rule.Violation:
			return exitRefused
		case rule.Unknown:
			status = exitUnknown
		}
	}
	return status
}
