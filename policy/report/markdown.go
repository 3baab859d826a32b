package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// Limits of the Markdown, in bytes. GitHub refuses a comment of 65,536 characters or
// more: https://github.com/orgs/community/discussions/27190
const (
	longestComment = 65_000
	longestMessage = 2_000
	longestName    = 200
	shortestItem   = 50
)

// operations holds the words for what happens to a resource, in the order of a
// reader's interest. Resources that stay as they are have none.
var operations = []struct {
	op   apitype.OpType
	word string
}{
	{apitype.OpDelete, "delete"},
	{apitype.OpReplace, "replace"},
	{apitype.OpUpdate, "update"},
	{apitype.OpCreate, "create"},
	{apitype.OpImport, "import"},
	{apitype.OpRead, "read"},
	{apitype.OpReadDiscard, "no longer read"},
}

// writeMarkdown writes a report for people. It leaves out the last changes, and then
// the last findings, if the text would be too long for a comment.
func writeMarkdown(w io.Writer, r *report, o *options) error {
	most := longestComment / shortestItem
	text := markdown(r, o, most, most)
	for changes, findings := most, most; len(text) >= longestComment; text = markdown(r, o, changes, findings) {
		if changes > 0 {
			changes /= 2
		} else {
			findings /= 2
		}
	}
	_, err := io.WriteString(w, text)
	return err
}

// markdown returns the text with at most so many changes, and so many findings and
// errors of each kind.
func markdown(r *report, o *options, changes, findings int) string {
	var b strings.Builder
	title := line(o.title)
	switch {
	case title == "" && o.stack == "":
		title = "Preview"
	case title == "":
		title = "Preview of " + quote(o.stack)
	}
	fmt.Fprintf(&b, "### %s\n\n%s\n", title, summary(r))
	if len(r.errors) > 0 {
		fmt.Fprintf(&b, "\n#### Errors\n\n")
		writeSome(&b, r.errors, findings, func(p problem) string { return "- " + about(p.urn) + message(p.message) })
	}
	for _, l := range []level{mandatory, advisory} {
		if some := ofLevel(r.findings, l); len(some) > 0 {
			fmt.Fprintf(&b, "\n#### %s\n\n", map[level]string{mandatory: "Mandatory", advisory: "Advisory"}[l])
			writeSome(&b, some, findings, func(f finding) string { return listed(f, o.pages) })
		}
	}
	if len(r.excepted) > 0 {
		fmt.Fprintf(&b, "\n#### Accepted by an exception\n\n")
		writeSome(&b, r.excepted, findings, func(f finding) string {
			return listed(f, o.pages) + "  \n  Reason: " + message(f.reason)
		})
	}
	writeChanges(&b, r, changes)
	return b.String()
}

// summary returns the sentences at the top.
func summary(r *report) string {
	var parts []string
	switch {
	case !r.finished && len(r.steps)+len(r.packs)+len(r.errors) == 0:
		return "**It did not start.** The output of the command says why."
	case !r.finished:
		parts = append(parts, "**It did not finish.**")
	case len(r.errors) > 0:
		parts = append(parts, "**It failed.**")
	}
	if text := changeCounts(r); text != "" {
		parts = append(parts, "Resources to "+text+".")
	} else if len(r.steps) > 0 && len(parts) == 0 {
		parts = append(parts, "No changes.")
	}
	passed := 0
	for _, p := range r.packs {
		passed += len(p.passed)
	}
	switch {
	case len(r.packs) == 0 && len(r.steps) == 0 && len(parts) == 0: // An analysis sends nothing about what passes.
		return "No findings."
	case len(r.packs) == 0:
		return strings.Join(append(parts, "No policy pack ran."), " ")
	}
	parts = append(parts, fmt.Sprintf("Findings: %d mandatory, %d advisory.", r.count(mandatory), r.count(advisory)))
	if passed > 0 {
		parts = append(parts, fmt.Sprintf("Policies without a finding: %d.", passed))
	}
	return strings.Join(parts, " ")
}

// changeCounts returns how many resources change and how, such as "create: 3".
func changeCounts(r *report) string {
	var counts []string
	for _, o := range operations {
		if n := len(stepsOf(r, o.op)); n > 0 {
			counts = append(counts, fmt.Sprintf("%s: %d", o.word, n))
		}
	}
	return strings.Join(counts, ", ")
}

// change is a step with the word for it.
type change struct {
	word string
	step
}

// writeChanges writes a table of at most so many changes.
func writeChanges(b *strings.Builder, r *report, most int) {
	counts := changeCounts(r)
	if counts == "" {
		return
	}
	fmt.Fprintf(b, "\n<details>\n<summary>Changes (%s)</summary>\n\n", counts)
	fmt.Fprint(b, "| | resource | type | properties |\n| --- | --- | --- | --- |\n")
	var changes []change
	for _, o := range operations {
		for _, s := range stepsOf(r, o.op) {
			changes = append(changes, change{o.word, s})
		}
	}
	writeSome(b, changes, most, func(c change) string {
		return fmt.Sprintf("| %s | %s | %s | %s |", c.word, quote(nameOf(c.urn)), quote(typeOf(c.urn)),
			line(strings.Join(c.changed, ", ")))
	})
	fmt.Fprint(b, "\n</details>\n")
}

// writeSome writes at most so many items, one per line, and says how many it leaves
// out.
func writeSome[T any](b *strings.Builder, items []T, most int, text func(T) string) {
	for _, item := range items[:min(most, len(items))] {
		fmt.Fprintln(b, text(item))
	}
	if left := len(items) - most; left > 0 {
		fmt.Fprintf(b, "\n%d more; SARIF and JUnit have all findings.\n", left)
	}
}

// listed returns a finding as an item of a list.
func listed(f finding, pages string) string {
	policy, rule := quote(f.policy), ruleOf(f)
	if rule != nil && pages != "" {
		policy = fmt.Sprintf("[%s](%s)", policy, pageOf(rule, pages))
	}
	severity := ""
	if f.severity != "" {
		severity = " (" + line(f.severity) + ")"
	}
	text := fmt.Sprintf("- **%s**%s: %s%s", policy, severity, about(f.urn), message(f.message))
	if rule != nil {
		text += "  \n  Fix: " + line(rule.Fix)
	}
	return text
}

// about returns the name and the type of a resource, to begin a message with.
func about(u urn.URN) string {
	if u == "" {
		return ""
	}
	if typeOf(u) == "" {
		return quote(string(u)) + "  \n  "
	}
	return fmt.Sprintf("%s, %s  \n  ", quote(nameOf(u)), quote(typeOf(u)))
}

func stepsOf(r *report, op apitype.OpType) (some []step) {
	for _, s := range r.steps {
		if s.op == op {
			some = append(some, s)
		}
	}
	return some
}

func ofLevel(findings []finding, l level) (some []finding) {
	for _, f := range findings {
		if f.level == l {
			some = append(some, f)
		}
	}
	return some
}

// quote returns text as code that fits into a sentence or a table.
func quote(text string) string {
	text = strings.Join(strings.Fields(cut(text, longestName)), " ")
	return "`" + strings.NewReplacer("`", "'", "|", `\|`).Replace(text) + "`"
}

// line returns text on one line, in which nothing is Markdown except code.
func line(text string) string {
	return message(strings.Join(strings.Fields(cut(text, longestMessage)), " "))
}

// message returns a text of one or more lines that continues an item of a list. The
// text may come from a stranger, so nothing in it is Markdown, HTML or a mention.
func message(text string) string {
	text = escape.Replace(cut(text, longestMessage))
	return strings.ReplaceAll(text, "\n", "  \n  ")
}

var escape = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "#", "#&#8203;", "|", `\|`, "~", `\~`,
	"&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "",
	// GitHub looks for mentions and links in the text that results, so a space of no width stands in them.
	"@", "@&#8203;", "://", ":&#8203;//", "www.", "www&#8203;.",
)

// cut returns the text, or its beginning if it is longer than so many bytes.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + " …"
}
