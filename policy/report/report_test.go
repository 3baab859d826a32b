package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/rule"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// TestMain replaces the rules, so that the golden files do not change with their texts.
func TestMain(m *testing.M) {
	allRules = nil
	for id, severity := range map[string]rule.Severity{
		"endpoint-security-group": rule.High, "stage-tracing": rule.Low, "stage-throttling": rule.Medium,
	} {
		allRules = append(allRules, &rule.Rule{
			ID: id, Title: "The title of " + id, Why: "Why it matters,\nand what happens.", Fix: "What to\nchange.",
			Severity: severity, Tags: []string{"tag"},
		})
	}
	os.Exit(m.Run())
}

// extensions holds the end of a golden file's name for each format.
var extensions = map[string]string{"markdown": "md", "sarif": "sarif", "junit": "xml", "graph": "txt"}

// TestEveryFormatIsAsReviewed compares each format of each file of events with its
// golden file. `go test ./report -update` writes them.
func TestEveryFormatIsAsReviewed(t *testing.T) {
	for _, events := range []string{"findings", "failed", "unfinished", "analysis", "clean-analysis"} {
		for name, extension := range extensions {
			t.Run(events+"/"+name, func(t *testing.T) {
				got, _ := runReport(t, "--rules", "https://example.com/rules", "--artifact", "Pulumi.prod.yaml",
					"--"+name, "-", "testdata/"+events+".json")
				golden := filepath.Join("testdata", events+".golden."+extension)
				if *update {
					require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
				}
				want, err := os.ReadFile(golden)
				require.NoError(t, err)
				assert.Equal(t, string(want), got)
			})
		}
	}
}

func TestTheExitStatusFollowsTheLevel(t *testing.T) {
	for _, test := range []struct {
		events, failOn string
		want           int
		why            string
	}{
		{"findings", "mandatory", exitFailed, "it has a mandatory finding"},
		{"findings", "advisory", exitFailed, "a mandatory finding fails where an advisory one does"},
		{"findings", "never", exitPassed, "the preview failed because of the finding only"},
		{"advisory", "mandatory", exitPassed, "its finding is advisory"},
		{"advisory", "advisory", exitFailed, "it has an advisory finding"},
		{"advisory", "never", exitPassed, "no finding fails"},
		{"failed", "never", exitFailed, "the program failed"},
		{"unfinished", "never", exitFailed, "the preview was stopped"},
		{"unexplained", "never", exitFailed, "the preview failed, and no event says why"},
		{"clean-analysis", "advisory", exitPassed, "it has no finding"},
	} {
		_, status := runReport(t, "--fail-on", test.failOn, "testdata/"+test.events+".json")
		assert.Equal(t, test.want, status, "%s at %s: %s", test.events, test.failOn, test.why)
	}
}

// TestAReportSaysThatNothingStarted checks that a comment of an earlier run does not stay if the CLI stops at once.
func TestAReportSaysThatNothingStarted(t *testing.T) {
	file := filepath.Join(t.TempDir(), "comment.md")
	args, events := []string{"--stack", "prod", "--markdown", file}, strings.NewReader("error: no stack\n")
	status, err := run(args, events, io.Discard)
	assert.Error(t, err)
	assert.Equal(t, exitUsage, status)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "### Preview of `prod`\n\n**It did not start.** The output of the command says why.\n",
		string(text))
}

func TestBadInputIsAUsageError(t *testing.T) {
	for _, test := range []struct{ events, want string }{
		{"", "want engine events, one JSON object per line"},
		{"warning: no events here\n", "want engine events, one JSON object per line"},
		{"{\"sequence\": }\n{}\n", "want one engine event per line"},
	} {
		status, err := run(nil, strings.NewReader(test.events), io.Discard)
		assert.ErrorContains(t, err, test.want, "%q", test.events)
		assert.Equal(t, exitUsage, status)
	}
	for _, args := range [][]string{
		{"--fail-on", "low"}, {"a.json", "b.json"}, {"--html", "-"}, {"testdata/no-such.json"},
		{"--sarif", "testdata/no-such-folder/a.sarif", "testdata/findings.json"},
	} {
		_, err := run(args, strings.NewReader(""), io.Discard)
		assert.Error(t, err, args)
	}
}

func TestSARIFIsValid(t *testing.T) {
	for _, events := range []string{"findings", "failed", "unfinished", "analysis", "clean-analysis"} {
		got, _ := runReport(t, "--sarif", "-", "testdata/"+events+".json")
		log, err := sarif.FromBytes([]byte(got), sarif.WithStrictValidation())
		require.NoError(t, err)
		assert.NoError(t, log.Validate(), events)
		for _, run := range log.Runs {
			for _, result := range run.Results {
				assert.NotEmpty(t, result.Locations[0].PhysicalLocation, "GitHub shows no result without a file")
			}
		}
	}
}

// TestACommentFitsWhateverTheStack writes comments about stacks of all sizes, with
// messages and names of all lengths.
func TestACommentFitsWhateverTheStack(t *testing.T) {
	for _, count := range []int{0, 1, 40, 500, 20_000} {
		for _, length := range []int{1, 100, 20_000} {
			if count*length > 2_000_000 {
				continue
			}
			text, _ := reportOn(t, events(count, strings.Repeat("@<é|", length)))
			why := fmt.Sprintf("%d findings of %d characters", count, 4*length)
			assert.Less(t, len([]rune(text)), 65_536, why)
			assert.Contains(t, text, fmt.Sprintf("Findings: %d mandatory", count), why)
			assert.Equal(t, strings.Count(text, "<details>"), strings.Count(text, "</details>"), why)
			listed := strings.Count(text, "\n- **`rule`**")
			assert.True(t, listed == count || strings.Contains(text, fmt.Sprintf("%d more;", count-listed)), why)
			assert.True(t, count == 0 || listed > 0, "at least one finding shows: %s", why)
		}
	}
}

// TestTextOfAStackIsNotMarkdown checks that a message or a name cannot mention
// people, link, or add HTML to a comment.
func TestTextOfAStackIsNotMarkdown(t *testing.T) {
	hostile := "@everyone <img src=x> [link](https://example.com) www.example.com *b* `c` | #1\n# title"
	text, _ := reportOn(t, events(1, hostile))
	name := "`0@everyone <img src=x> [link](https://example.com) www.example.com *b* 'c' \\| #1 # title`"
	assert.Contains(t, text, name, "in a name, all is code")
	rest := strings.ReplaceAll(text, name, "")
	for _, part := range []string{"@every", "www.", "<img", "[link]", "https://", "*b*", "`c`", "\n# title", " #1"} {
		assert.NotContains(t, rest, part)
	}
}

// TestJUnitCountsItsCases compares the numbers of the root with the cases.
func TestJUnitCountsItsCases(t *testing.T) {
	text, _ := runReport(t, "--junit", "-", "testdata/findings.json")
	var all testSuites
	require.NoError(t, xml.Unmarshal([]byte(text), &all))
	assert.Equal(t, 1, all.Failures)
	cases := 0
	for _, suite := range all.Suites {
		cases += len(suite.Cases)
	}
	assert.Equal(t, cases, all.Tests)
}

// events returns the events of a preview with so many mandatory findings, and a
// created resource for each. Messages and names hold the text.
func events(count int, text string) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	for i := range count {
		name := fmt.Sprintf("urn:pulumi:prod::shop::aws:ec2/eip:Eip::%d%s", i, text)
		_ = encoder.Encode(map[string]any{"resourcePreEvent": map[string]any{
			"metadata": map[string]any{"op": "create", "urn": name},
		}})
		_ = encoder.Encode(map[string]any{"policyEvent": map[string]any{
			"resourceUrn": name, "message": text, "policyName": "rule", "policyPackName": "pack",
			"enforcementLevel": "mandatory",
		}})
	}
	_ = encoder.Encode(map[string]any{"policyAnalyzeStackSummaryEvent": map[string]any{"policyPackName": "pack"}})
	_ = encoder.Encode(map[string]any{"summaryEvent": map[string]any{"result": "failed"}})
	return b.String()
}

// reportOn runs the command on events and returns the Markdown and the exit status.
func reportOn(t *testing.T, events string) (string, int) {
	t.Helper()
	var out bytes.Buffer
	status, err := run(nil, strings.NewReader(events), &out)
	require.NoError(t, err)
	return out.String(), status
}

// runReport runs the command and returns what it prints and the exit status.
func runReport(t *testing.T, args ...string) (string, int) {
	t.Helper()
	var out bytes.Buffer
	status, err := run(args, strings.NewReader(""), &out)
	require.NoError(t, err)
	return out.String(), status
}

// TestNoFormatShowsASecret reports a resource with secret inputs: as the engine writes them, in plain text as a state
// with --show-secrets has them, and encrypted.
func TestNoFormatShowsASecret(t *testing.T) {
	const signature = `"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"`
	const resource = `"urn:pulumi:prod::shop::aws:ec2/vpc:Vpc::net"`
	events := `{"resourcePreEvent": {"metadata": {"op": "update", "urn": ` + resource + `, "type": "aws:ec2/vpc:Vpc",
		"detailedDiff": {"tags.Token": {"kind": "update"}}, "new": {"urn": ` + resource + `, "inputs": {
		"tags": {"Token": "[secret]", "Other": {` + signature + `, "plaintext": "\"canary-1\""}},
		"list": [{` + signature + `, "ciphertext": "v1:canary-2"}]}}}}}
{"summaryEvent": {"result": "succeeded"}}`
	file := filepath.Join(t.TempDir(), "events.json")
	require.NoError(t, os.WriteFile(file, []byte(strings.ReplaceAll(events, "\n\t\t", " ")), 0o600))
	for name := range extensions {
		got, _ := runReport(t, "--"+name, "-", file)
		assert.NotContains(t, got, "canary", name)
	}
	graph, _ := runReport(t, "--graph", "-", file)
	assert.Contains(t, graph, `tags: {"Other":"(secret)","Token":"[secret]"}`)
	assert.Contains(t, graph, `list: ["(secret)"]`)
}
