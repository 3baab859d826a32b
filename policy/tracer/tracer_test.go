package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/trace"
)

var update = flag.Bool("update", false, "write the golden files and the table of dispositions")

// golden compares a text with a file in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name + ".golden"
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

// exported returns the exported state of a blueprint in the sandbox.
func exported(t *testing.T) *bytes.Buffer {
	t.Helper()
	file, err := os.Open("../state/testdata/static-ip-apigw.json.gz")
	require.NoError(t, err)
	defer file.Close()
	compressed, err := gzip.NewReader(file)
	require.NoError(t, err)
	var text bytes.Buffer
	_, err = text.ReadFrom(compressed)
	require.NoError(t, err)
	return &text
}

// ways returns two ways of a request: one is delivered, and one is stopped after a
// doubt.
func ways() []trace.Trace {
	const urn = "urn:pulumi:dev::shop::shop:index:Front$aws:"
	group := model.Origin{URN: urn + "ec2/securityGroup:SecurityGroup::front-sg", Property: "ingress"}
	hello := model.Element{Name: "hello", Origin: model.Origin{URN: urn + "lambda/function:Function::hello"}}
	client := trace.Hop{Node: "client on the internet", Steps: []trace.Step{
		{Action: trace.Passes, Text: "api.example.com is 192.0.2.7"},
	}}
	return []trace.Trace{
		{Disposition: trace.Delivered, By: hello, Protocol: "h2", Hops: []trace.Hop{
			client,
			{Node: "function hello", At: hello.Origin, Steps: []trace.Step{
				{Action: trace.Answers, Text: "it answers", At: hello.Origin},
			}},
		}},
		{Disposition: trace.DeniedBySecurityGroup, By: model.Element{Name: "front-sg", Origin: group},
			Fix: "add a rule to front-sg", Doubtful: true, Hops: []trace.Hop{
				client,
				{Node: "load balancer front", Steps: []trace.Step{
					{Action: trace.Doubts, Text: "the route is not known yet"},
					{Action: trace.Stops, Text: "no rule admits port 443", At: group},
				}},
			}},
	}
}

func TestTranscripts(t *testing.T) {
	r := model.Request{From: "internet", URL: "https://api.example.com/hello"}
	golden(t, "transcript", transcript(r, ways()))
	var text bytes.Buffer
	require.NoError(t, printJSON(&text, requestReport(r, ways())))
	golden(t, "json", text.String())
}

// TestRequestsThroughAnExportedState follows requests through the state of a
// blueprint.
func TestRequestsThroughAnExportedState(t *testing.T) {
	for _, c := range []struct {
		name   string
		args   []string
		status int
	}{
		{"delivered", []string{"--from", "internet 192.0.2.5", "https://api.example.com/hello"}, exitDelivered},
		{"refused", []string{"--method", "POST", "https://api.example.com/hello"}, exitRefused},
		{"another-protocol", []string{"--http2", "--from", "internet 192.0.2.5", "https://api.example.com/hello"},
			exitRefused},
		{"protocol", []string{"--http1.1", "--from", "internet 192.0.2.5", "https://api.example.com/hello"},
			exitDelivered},
		{"all", []string{"--all"}, exitDelivered},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out bytes.Buffer
			status, err := run(c.args, exported(t), &out)
			require.NoError(t, err)
			assert.Equal(t, c.status, status)
			golden(t, c.name, out.String())
		})
	}
}

func TestReachIsOneLine(t *testing.T) {
	r := reach{From: []string{"the internet"}, Name: "api.example.com"}
	r.add(ways()[0])
	r.add(ways()[0])
	assert.Equal(t, "from the internet: api.example.com → hello; nothing else", r.String())
	r.Unknown = true
	assert.Equal(t, "from the internet: api.example.com → hello; the rest is not known", r.String())
	stopped := reach{From: []string{"a", "b"}, Name: "api.example.com"}
	stopped.add(ways()[1])
	assert.Equal(t, "from a, b: api.example.com → nothing (denied-by-security-group)", stopped.String())
}

func TestAVerdictIsExplained(t *testing.T) {
	var out bytes.Buffer
	status, err := run([]string{"explain", "load-balancer-multiple-zones", "static-ip-nlb"}, exported(t), &out)
	require.NoError(t, err)
	assert.Equal(t, exitDelivered, status)
	golden(t, "explain", out.String())
	_, err = run([]string{"explain", "load-balancer-multiple-zones", "nothing"}, exported(t), &out)
	assert.ErrorContains(t, err,
		`load-balancer-multiple-zones says nothing about "nothing"; it judges urn:pulumi:dev::`)
	_, err = run([]string{"explain", "load-balancers", "nothing"}, exported(t), &out)
	assert.ErrorContains(t, err, `"load-balancers" is no rule; want one of api-binary-media-types, `)
}

func TestCommandLines(t *testing.T) {
	c, err := parseArgs([]string{
		"--from", "internet 192.0.2.1", "https://a.example/", "--method", "POST", "--header", "Host: b.example",
		"--header", "X: 1", "--group", "g", "--connect-to", "front", "--http2", "-6", "--signed", "--foreign",
		"--api-key",
	}, nil)
	require.NoError(t, err)
	assert.Equal(t, model.Request{
		From: "internet 192.0.2.1", URL: "https://a.example/", Method: "POST", Groups: []string{"g"},
		Headers: map[string]string{"Host": "b.example", "X": "1"}, ConnectTo: "front", Protocol: "h2", IPVersion: 6,
		Signed: true, Foreign: true, APIKey: true,
	}, c.request)
	assert.Equal(t, "-", c.state)
	for _, wrong := range []struct{ line, want string }{
		{"", "want one URL, --all, or explain RULE URN"},
		{"https://a https://b", `got "https://a https://b"`},
		{"--all https://a", "--all: want no URL, and got https://a"},
		{"explain rule", "explain: want a rule and the URN or the name of a resource"},
		{"-4 -6 https://a", "want -4 or -6, not both"},
		{"--header Host https://a", `want a header such as "Host: api.example.com"`},
		{"--to x https://a", "flag provided but not defined: -to"},
	} {
		_, err := parseArgs(strings.Fields(wrong.line), nil)
		assert.ErrorContains(t, err, wrong.want, wrong.line)
	}
	var help bytes.Buffer
	c, err = parseArgs([]string{"--help"}, &help)
	require.NoError(t, err)
	assert.Nil(t, c)
	assert.Contains(t, help.String(), "explain RULE URN")
}

func TestAFileThatIsNoStateIsRefused(t *testing.T) {
	_, err := run([]string{"https://a.example/"}, strings.NewReader("{}"), nil)
	assert.ErrorContains(t, err, `--state = "-": has neither "deployment" nor "checkpoint"`)
	_, err = run([]string{"--state", "testdata/none.json", "--all"}, nil, nil)
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

func TestExitStatuses(t *testing.T) {
	assert.Equal(t, exitDelivered, statusOf(trace.Arrives(ways()[:1])))
	assert.Equal(t, exitRefused, statusOf(trace.Arrives(ways())))
	assert.Equal(t, exitUnknown, statusOf(model.Maybe))
}

func TestTheWantedProtocolIsAsked(t *testing.T) {
	way := func(protocol string, alternative bool) trace.Trace {
		return trace.Trace{Disposition: trace.Delivered, Protocol: protocol, Alternative: alternative}
	}
	h2 := model.Request{Protocol: "h2"}
	for _, c := range []struct {
		why  string
		r    model.Request
		ways []trace.Trace
		want model.Truth
	}{
		{"any version will do", model.Request{}, []trace.Trace{way("http/1.1", false)}, model.True},
		{"both addresses speak it", h2, []trace.Trace{way("h2", false), way("h2", false)}, model.True},
		{"one address speaks another", h2, []trace.Trace{way("h2", false), way("http/1.1", false)}, model.False},
		{"one alternative speaks another", h2, []trace.Trace{way("h2", true), way("http/1.1", true)}, model.Maybe},
		{"no alternative speaks it", h2, []trace.Trace{way("http/1.1", true), way("http/1.1", true)}, model.False},
		{"nobody knows what is spoken", h2, []trace.Trace{way("", false)}, model.Maybe},
	} {
		assert.Equal(t, c.want, speaks(c.r, c.ways), c.why)
	}
	answer := requestReport(h2, []trace.Trace{way("http/1.1", false)})
	assert.Equal(t, "false", answer.Speaks)
	assert.Equal(t, "true", answer.Arrives)
}

// page is the page about the command.
const page = "../../docs/trace.md"

// TestThePageListsTheDispositions compares the table on the page with the code.
func TestThePageListsTheDispositions(t *testing.T) {
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	table := "| disposition | when | what the client sees |\n| --- | --- | --- |\n"
	for _, m := range trace.Dispositions() {
		table += fmt.Sprintf("| `%s` | %s | %s |\n", m.Disposition, m.Condition, m.Symptom)
	}
	section := regexp.MustCompile(`(?s)<!-- dispositions -->\n.*<!-- end -->`)
	want := section.ReplaceAllLiteralString(string(text), "<!-- dispositions -->\n"+table+"<!-- end -->")
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(want), 0o644))
		return
	}
	require.Contains(t, string(text), table, "run `go test ./tracer -update` in the policy folder")
}

// TestThePageNamesNoOtherDisposition finds names of dispositions that do not exist.
func TestThePageNamesNoOtherDisposition(t *testing.T) {
	text, err := os.ReadFile(page)
	require.NoError(t, err)
	_, codes, _ := strings.Cut(string(text), "## AWS's Reachability Analyzer")
	named := regexp.MustCompile("`([a-z-]+)`").FindAllStringSubmatch(codes, -1)
	require.NotEmpty(t, named)
	for _, n := range named {
		_, exists := meaningOf(trace.Disposition(n[1]))
		assert.True(t, exists, n[1])
	}
}

// TestNoAnswerShowsASecret marks what a trace quotes as secrets, as an export with --show-secrets has them: wherever it
// is, or in one input alone that the outputs repeat in plain text.
func TestNoAnswerShowsASecret(t *testing.T) {
	const signed = `{"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ` +
		`"plaintext": "\"api.example.com\""}`
	plain := exported(t).String()
	name := regexp.MustCompile(`"(name|fqdn|domainName)": *"api\.example\.com"`)
	everywhere := name.ReplaceAllString(plain, `"$1": `+signed)
	require.Contains(t, everywhere, "plaintext")
	onlyInput := strings.Replace(plain, `"inputs": {`, `"inputs": {"unknown": `+signed+`,`, 1)
	require.Contains(t, onlyInput, "plaintext")
	for _, text := range []string{everywhere, onlyInput} {
		assertNoAnswerShows(t, text, "api.example.com")
	}
}

// assertNoAnswerShows asserts that no answer about a state quotes a secret.
func assertNoAnswerShows(t *testing.T, state, secret string) {
	t.Helper()
	for _, args := range [][]string{
		{"--all"}, {"--all", "--json"},
		{"--from", "internet 192.0.2.5", "https://api.example.com/hello"},
		{"--from", "internet 192.0.2.5", "--json", "https://api.example.com/hello"},
	} {
		var out bytes.Buffer
		_, err := run(args, strings.NewReader(state), &out)
		require.NoError(t, err, "%v", args)
		assert.NotContains(t, out.String(), secret, "%v", args)
		assert.Contains(t, out.String(), "[secret]", "%v", args)
		if slices.Contains(args, "--json") {
			assert.True(t, json.Valid(out.Bytes()), "%v", args)
		}
	}
}
