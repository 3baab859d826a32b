package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// level is how severe a finding is. A higher one is more severe.
type level int

const (
	never     level = iota // The level that no finding has, for --fail-on.
	mandatory              // Fails the preview.
	advisory               // Is only reported.
)

var levelNames = []string{"never", "mandatory", "advisory"}

func (l level) String() string { return levelNames[l] }

// set reads a level from a command line.
func (l *level) set(text string) error {
	i := slices.Index(levelNames, text)
	if i < 0 {
		return errors.New("want mandatory, advisory or never")
	}
	*l = level(i)
	return nil
}

// includes reports whether a finding of the other level fails at this one.
func (l level) includes(other level) bool { return other <= l }

// report holds what the events of a preview or an analysis say.
type report struct {
	stack    string // Empty if no event names a resource.
	packs    []*pack
	findings []finding // The mandatory ones first.
	excepted []finding // Findings that an exception of Pulumi Cloud covers.
	errors   []problem
	steps    []step
	finished bool // Whether the events go on to the summary.
	refused  bool // Whether the operation failed, for whatever reason.
}

// pack is a policy pack that ran.
type pack struct {
	name, version string
	passed        []string // The policies without a finding: those that passed, and those that could not judge.
}

// finding is a violation of a policy.
type finding struct {
	pack, policy string
	level        level
	severity     string // low, medium, high, critical, or empty.
	urn          urn.URN
	message      string
	reason       string // Why an exception covers it.
}

// problem is an error that is not a finding.
type problem struct {
	urn     urn.URN
	message string
}

// step is what the operation would do with one resource.
type step struct {
	op      apitype.OpType
	urn     urn.URN
	parent  urn.URN
	changed []string // The paths of the properties that change.
	inputs  map[string]any
}

// onlyFailed matches the error with which the engine ends an operation that a
// mandatory finding failed. It adds nothing to the finding.
var onlyFailed = regexp.MustCompile(`^(preview|update|refresh|destroy) failed$`)

// failed reports whether the operation failed or a finding fails at the level.
func (r *report) failed(at level) bool {
	byFindings := slices.ContainsFunc(r.findings, func(f finding) bool { return at.includes(f.level) })
	return byFindings || !r.finished || len(r.errors) > 0
}

// count returns the number of findings of a level.
func (r *report) count(l level) int {
	n := 0
	for _, f := range r.findings {
		if f.level == l {
			n++
		}
	}
	return n
}

// read reads events, one JSON object per line. It passes over lines that Pulumi
// prints between them. If there is no event, it returns an empty report with the
// error.
func read(from io.Reader) (*report, error) {
	r, events := &report{}, 0
	lines := bufio.NewReader(from)
	for end := false; !end; {
		line, err := lines.ReadBytes('\n')
		end = errors.Is(err, io.EOF)
		if err != nil && !end {
			return nil, err
		}
		if line = bytes.TrimSpace(line); !bytes.HasPrefix(line, []byte("{")) {
			continue
		}
		var event apitype.EngineEvent
		if err := json.Unmarshal(line, &event); err != nil {
			if end {
				break // The writer was stopped within a line.
			}
			return nil, fmt.Errorf("want one engine event per line: %w", err)
		}
		events++
		r.take(event)
	}
	if events == 0 {
		return r, errors.New("want engine events, one JSON object per line, such as pulumi preview --json " +
			"prints if PULUMI_ENABLE_STREAMING_JSON_PREVIEW is true; got none")
	}
	r.sort()
	if r.refused && len(r.errors) == 0 && r.count(mandatory) == 0 {
		r.errors = append(r.errors, problem{message: "it failed without a reason; the output of the command has more"})
	}
	return r, nil
}

// take adds what an event says.
func (r *report) take(event apitype.EngineEvent) {
	switch {
	case event.PolicyEvent != nil:
		r.takeViolation(event.PolicyEvent)
	case event.PolicyAnalyzeStackSummaryEvent != nil:
		e := event.PolicyAnalyzeStackSummaryEvent
		p := r.packNamed(e.PolicyPackName, cmp.Or(e.PolicyPackVersionTag, e.PolicyPackVersion))
		p.passed = append(p.passed, e.Passed...)
	case event.ResourcePreEvent != nil:
		r.takeStep(event.ResourcePreEvent.Metadata)
	case event.DiagnosticEvent != nil:
		if e := event.DiagnosticEvent; e.Severity == "error" && !onlyFailed.MatchString(plain(e.Message)) {
			r.errors = append(r.errors, problem{urn.URN(e.URN), plain(e.Message)})
		}
	case event.ErrorEvent != nil:
		r.errors = append(r.errors, problem{message: plain(event.ErrorEvent.Error)})
	case event.SummaryEvent != nil:
		r.finished = true
		r.refused = event.SummaryEvent.Result != "" && event.SummaryEvent.Result != apitype.OperationResultSucceeded
	}
}

// takeViolation adds a finding.
func (r *report) takeViolation(e *apitype.PolicyEvent) {
	f := finding{
		pack: e.PolicyPackName, policy: e.PolicyName, level: mandatory, severity: e.Severity,
		urn: urn.URN(e.ResourceURN), message: plain(e.Message),
	}
	if e.EnforcementLevel == string(apitype.Advisory) {
		f.level = advisory
	}
	r.packNamed(e.PolicyPackName, cmp.Or(e.PolicyPackVersionTag, e.PolicyPackVersion))
	r.sawURN(f.urn)
	if len(e.Exceptions) > 0 {
		f.reason = e.Exceptions[0].Reason
		r.excepted = append(r.excepted, f)
		return
	}
	r.findings = append(r.findings, f)
}

// takeStep adds what happens to a resource, unless nothing happens. The engine
// announces a replacement three times: as a whole, and as its two halves.
func (r *report) takeStep(m apitype.StepEventMetadata) {
	u := urn.URN(m.URN)
	r.sawURN(u)
	switch m.Op {
	case apitype.OpCreateReplacement, apitype.OpDeleteReplaced, apitype.OpReadReplacement, apitype.OpDiscardReplaced,
		apitype.OpImportReplacement, apitype.OpRemovePendingReplace:
		return
	default:
	}
	s := step{op: m.Op, urn: u}
	for path := range m.DetailedDiff {
		s.changed = append(s.changed, path)
	}
	if len(s.changed) == 0 {
		s.changed = append(s.changed, m.Diffs...)
	}
	slices.Sort(s.changed)
	if m.New != nil {
		s.parent, s.inputs = urn.URN(m.New.Parent), m.New.Inputs
	}
	r.steps = append(r.steps, s)
}

// packNamed returns the pack with the name, and adds it the first time.
func (r *report) packNamed(name, version string) *pack {
	for _, p := range r.packs {
		if p.name == name {
			return p
		}
	}
	p := &pack{name: name, version: version}
	r.packs = append(r.packs, p)
	return p
}

// sawURN takes the name of the stack from a URN.
func (r *report) sawURN(u urn.URN) {
	if r.stack == "" && u.IsValid() {
		r.stack = u.Stack().String()
	}
}

// sort brings everything into an order that does not depend on the engine's
// parallel work, and drops findings that say the same: the engine judges a resource
// that is replaced twice.
func (r *report) sort() {
	byText := func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.policy, b.policy), cmp.Compare(a.urn, b.urn),
			cmp.Compare(a.message, b.message))
	}
	slices.SortFunc(r.findings, byText)
	slices.SortFunc(r.excepted, byText)
	r.findings, r.excepted = slices.Compact(r.findings), slices.Compact(r.excepted)
	slices.SortFunc(r.packs, func(a, b *pack) int { return cmp.Compare(a.name, b.name) })
	slices.SortFunc(r.steps, func(a, b step) int { return cmp.Compare(a.urn, b.urn) })
}

// plain returns a message without colors and the space around it.
func plain(message string) string {
	return strings.TrimSpace(colors.Never.Colorize(message))
}

// nameOf returns the name of a resource, or the whole text if it is not a URN.
func nameOf(u urn.URN) string {
	if !u.IsValid() {
		return string(u)
	}
	return u.Name()
}

// typeOf returns the type of a resource, or nothing if the text is not a URN.
func typeOf(u urn.URN) string {
	if !u.IsValid() {
		return ""
	}
	return string(u.Type())
}
