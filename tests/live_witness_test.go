package tests

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live"
)

// witnessed is a stack about which two witnesses are asked, as it is or with one change.
// policy/mutation/witness.go describes the fields.
type witnessed struct {
	Mutant  string                    `json:"mutant,omitempty"`
	Needed  []string                  `json:"needed,omitempty"`
	Changes []changedResource         `json:"changes,omitempty"`
	Outputs map[string]map[string]any `json:"outputs,omitempty"`
	Arrives []string                  `json:"arrives,omitempty"`
}

// changedResource is how a resource differs in a mutant.
type changedResource struct {
	URN          string         `json:"urn"`
	Gone         bool           `json:"gone"`
	Inputs       map[string]any `json:"inputs"`
	Dependencies []string       `json:"dependencies"`
}

// everyMutant is how many mutants are skipped for each that both witnesses judge. WITNESS_EVERY=1 takes all, which
// `make witnesses` does.
const everyMutant = "8"

// tracer builds the command that is the other witness. The two share no code: it is in another module.
var tracer = sync.OnceValues(func() (string, error) {
	folder, err := os.MkdirTemp("", "tracer")
	if err != nil {
		return "", err
	}
	command := filepath.Join(folder, "mutation")
	build := exec.Command("go", "build", "-o", command, "./mutation")
	build.Dir = "policy"
	if text, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, text)
	}
	return command, nil
})

// ask runs the other witness, and returns what it says about an exported state.
func ask(t *testing.T, exported string, args ...string) (all []witnessed) {
	t.Helper()
	command, err := tracer()
	require.NoError(t, err)
	cmd := exec.Command(command, append([]string{"-witness", exported}, args...)...)
	cmd.Dir, cmd.Stderr = "policy", os.Stderr
	text, err := cmd.Output()
	require.NoError(t, err)
	for decoder := json.NewDecoder(bytes.NewReader(text)); ; {
		var one witnessed
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			require.NoError(t, err)
		}
		all = append(all, one)
	}
}

// knownDisagreements begin the names of the mutants about which the witnesses disagree, by blueprint.
var knownDisagreements = map[string][]string{
	// The private zone becomes a public one. No NS record of the account leads to that, and the trace assumes that the
	// domain above has one, which the stack does not show.
	"ipv6-front": {"aws:route53/zone:Zone ipv6-dns-zone: vpcs: without "},
}

// comparison compares what two witnesses say about the stack of a blueprint and its mutants.
type comparison struct {
	t        *testing.T
	original original
	promises []live.Promise
	folder   string // The worlds share a certificate authority.
	exported string // The file with the stack's state.

	mutants, refused, overridden, stacks int
	same, open, differ                   int // Answers that are the same, that the trace leaves open, and that differ.
	disagreements                        []string
}

// assertWitnessesAgree asks the trace and the live sandbox whether each request that the example of a blueprint
// promises arrives, of the stack as it is and of its mutants that the account accepts.
func (s *stack) assertWitnessesAgree(blueprint string) {
	s.t.Helper()
	account, err := cloud.Open(filepath.Join(s.options.StateDir, "aws.json"), catalog.New())
	require.NoError(s.t, err)
	every := os.Getenv("WITNESS_EVERY")
	if every == "" {
		every = everyMutant
	}
	n, err := strconv.Atoi(every)
	require.NoError(s.t, err)
	c := newComparison(s.t, account.Objects(), s.state())
	c.compare(n)
	s.t.Log(row(blueprint, c.counts()))
	assert.Empty(s.t, surprises(c.disagreements, knownDisagreements[blueprint], n == 1))
	c.assertLine(blueprint, n == 1)
}

// surprises returns the disagreements that do not begin as a known one. If all mutants were compared, it also returns
// the known ones that no longer occur.
func surprises(disagreements, known []string, all bool) (found []string) {
	for _, d := range disagreements {
		if !slices.ContainsFunc(known, func(k string) bool { return strings.HasPrefix(d, k) }) {
			found = append(found, d)
		}
	}
	for _, k := range known {
		if all && !slices.ContainsFunc(disagreements, func(d string) bool { return strings.HasPrefix(d, k) }) {
			found = append(found, "the witnesses agree now about "+k)
		}
	}
	return found
}

// newComparison returns the comparison of a stack with the objects that it deployed, and with its state.
func newComparison(t *testing.T, objects []cloud.Object, resources []apitype.ResourceV3) *comparison {
	t.Helper()
	c := &comparison{t: t, original: originalOf(objects, resources), folder: t.TempDir()}
	for _, r := range resources {
		some, err := live.Promises(r.Inputs)
		require.NoError(t, err)
		c.promises = append(c.promises, some...)
	}
	state, err := json.Marshal(map[string]any{"version": 3, "deployment": map[string]any{"resources": resources}})
	require.NoError(t, err)
	c.exported = filepath.Join(c.folder, "state.json")
	require.NoError(t, os.WriteFile(c.exported, state, 0o600))
	return c
}

// compare compares all answers about a stack and each n-th of its mutants.
func (c *comparison) compare(n int) {
	c.t.Helper()
	again, err := c.original.deploy(c.folder, nil)
	require.NoError(c.t, err)
	c.assertFaithful(c.original.differences(again))
	deployed := []witnessed{{}}
	for i, m := range ask(c.t, c.exported) {
		if c.mutants++; i%n == 0 && c.deploys(&m) {
			deployed = append(deployed, m)
		}
	}
	for i, told := range c.askTrace(deployed) {
		require.Equal(c.t, deployed[i].Mutant, told.Mutant)
		deployed[i].Arrives = told.Arrives
		c.hear(deployed[i])
	}
}

// assertFaithful asserts that a stack that is deployed again differs in nothing but times.
func (c *comparison) assertFaithful(outputs map[string]map[string]any) {
	c.t.Helper()
	for urn, differing := range outputs {
		for key := range differing {
			validated := key == "id" && strings.Contains(urn, "CertificateValidation")
			times := key == "createDate" || key == "createdDate" || key == "lastModified"
			assert.True(c.t, times || validated, "%s: %s differs in a stack that is deployed again", urn, key)
		}
	}
}

// deploys deploys a mutant and notes its outputs. It reports whether the witnesses can be asked about it.
func (c *comparison) deploys(m *witnessed) bool {
	if len(m.Needed) > 0 {
		c.refused++
		return false
	}
	account, err := c.original.deploy(c.folder, m.Changes)
	if isRefusal(err) {
		c.refused++
		c.t.Logf("refused: %s: %v", m.Mutant, err)
		return false
	}
	require.NoError(c.t, err, m.Mutant)
	if key := c.original.overridden(account, m.Changes); key != "" {
		c.overridden++
		c.t.Logf("not compared: %s: another resource sets %s", m.Mutant, key)
		return false
	}
	m.Outputs = c.original.differences(account)
	return true
}

// isRefusal reports whether the account or the engine refused a deployment. Any other error is a fault of this test.
func isRefusal(err error) bool {
	var refusal *cloud.Refusal
	return errors.As(err, &refusal) || errors.Is(err, errCircle)
}

// askTrace asks the trace about deployed stacks.
func (c *comparison) askTrace(deployed []witnessed) []witnessed {
	c.t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	for _, m := range deployed {
		require.NoError(c.t, encoder.Encode(witnessed{Mutant: m.Mutant, Outputs: m.Outputs}))
	}
	file := filepath.Join(c.folder, "deployed.json")
	require.NoError(c.t, os.WriteFile(file, text.Bytes(), 0o600))
	told := ask(c.t, c.exported, "-deployed", file)
	require.Len(c.t, told, len(deployed))
	return told
}

// hear compares the answers about one stack.
func (c *comparison) hear(m witnessed) {
	c.t.Helper()
	account, err := c.original.deploy(c.folder, m.Changes)
	require.NoError(c.t, err)
	options := live.Options{
		Account: filepath.Join(c.folder, "aws.json"), Built: absolute(c.t, "bin"),
		AllNodes: true, // The trace judges each node of a load balancer.
	}
	w, err := live.Of(c.t.Context(), account, options)
	require.NoError(c.t, err)
	defer func() { assert.NoError(c.t, w.Close()) }()
	require.Len(c.t, c.promises, len(m.Arrives))
	c.stacks++
	for i, p := range c.promises {
		arrived, saw := false, ""
		results, err := w.TryEach(c.t.Context(), p)
		if arrived = err == nil; !arrived {
			saw = err.Error() // The mutant has no such place or name.
		}
		for _, r := range results {
			arrived, saw = arrived && p.Arrived(r), saw+transcript(c.t, r)
		}
		switch m.Arrives[i] {
		case fmt.Sprint(arrived):
			c.same++
		case "maybe":
			c.open++
		default:
			c.differ++
			c.disagreements = append(c.disagreements, fmt.Sprintf("%s\n%+v\nthe trace says %s\n%s", m.Mutant, p,
				m.Arrives[i], saw))
		}
	}
}

// witnessPage is the page with the counts.
const witnessPage = "docs/witnesses.md"

// updatingWitnesses keeps tests from writing the page at the same time.
var updatingWitnesses sync.Mutex

// columns are those of the page's table that have counts.
var columns = []string{"mutants", "refused", "not compared", "stacks", "answers", "left open", "disagreements"}

// counts returns the counts in order of the columns.
func (c *comparison) counts() []int {
	return []int{c.mutants, c.refused, c.overridden, c.stacks, c.same + c.open + c.differ, c.open, c.differ}
}

// row returns a line of the page's table.
func row(blueprint string, counts []int) string {
	line := "| " + blueprint + " |"
	for _, n := range counts {
		line += fmt.Sprintf(" %d |", n)
	}
	return line
}

// countsIn returns the counts of a blueprint in the page, or an error if the page has no such line.
func countsIn(page, blueprint string) ([]int, error) {
	line := regexp.MustCompile(`(?m)^\| ` + blueprint + ` \|.*\|$`).FindString(page)
	counts := make([]int, len(columns))
	var targets []any
	for i := range counts {
		targets = append(targets, &counts[i])
	}
	format := "| " + blueprint + " |" + strings.Repeat(" %d |", len(columns))
	if _, err := fmt.Sscanf(line, format, targets...); err != nil {
		return nil, fmt.Errorf("%s: no line with %d counts of %s: %w", witnessPage, len(columns), blueprint, err)
	}
	return counts, nil
}

// stale returns what is wrong with the counts of the page. Counts of some mutants cannot exceed those of all mutants.
// If all were compared, `make witnesses` writes their counts, but first a person must write how many answers differ.
func stale(page, found []int, all bool) (problems []string) {
	for i, column := range columns {
		switch {
		case all && column == "disagreements" || !all && column == "mutants":
			if page[i] != found[i] {
				problems = append(problems, fmt.Sprintf("%s: the page says %d: want %d", column, page[i], found[i]))
			}
		case !all && page[i] < found[i]:
			problems = append(problems,
				fmt.Sprintf("%s: the page says %d: want at least %d", column, page[i], found[i]))
		}
	}
	return problems
}

// assertLine asserts that the line of a blueprint in the page may be right. If all mutants were compared, it then
// writes the line.
func (c *comparison) assertLine(blueprint string, all bool) {
	c.t.Helper()
	updatingWitnesses.Lock()
	defer updatingWitnesses.Unlock()
	text := read(c.t, witnessPage)
	counts, err := countsIn(text, blueprint)
	require.NoError(c.t, err)
	require.Empty(c.t, stale(counts, c.counts(), all), "%s is stale for %s: explain disagreements, and run "+
		"`make witnesses`", witnessPage, blueprint)
	if all {
		text = strings.Replace(text, row(blueprint, counts), row(blueprint, c.counts()), 1)
		require.NoError(c.t, os.WriteFile(witnessPage, []byte(text), 0o644))
	}
}

func TestADisagreementThatComesOrGoesIsASurprise(t *testing.T) {
	known := []string{"zone: "}
	assert.Empty(t, surprises([]string{"zone: a"}, known, true))
	assert.Empty(t, surprises(nil, known, false), "the sample may lack it")
	assert.Equal(t, []string{"route: a"}, surprises([]string{"zone: a", "route: a"}, known, true))
	assert.Equal(t, []string{"the witnesses agree now about zone: "}, surprises(nil, known, true))
}

func TestTheTableOfTheWitnessesCannotBeStale(t *testing.T) {
	page := []int{80, 8, 2, 71, 710, 9, 3}
	for _, row := range []struct {
		why   string
		found []int
		all   bool
		stale string // A part of the problem, or nothing.
	}{
		{"a sample has less of everything", []int{80, 1, 0, 9, 90, 1, 0}, false, ""},
		{"a sample counts all mutants", []int{79, 1, 0, 9, 90, 1, 0}, false, "mutants: the page says 80: want 79"},
		{"a sample has more refused", []int{80, 9, 0, 9, 90, 1, 0}, false, "refused: the page says 8: want at least 9"},
		{"a sample has more that are not compared", []int{80, 1, 3, 9, 90, 1, 0}, false, "not compared: "},
		{"a sample has more that disagree", []int{80, 1, 0, 9, 90, 1, 4}, false, "disagreements: "},
		{"all mutants give new counts", []int{90, 9, 3, 79, 790, 10, 3}, true, ""},
		{"a disagreement is new", []int{80, 8, 2, 71, 710, 9, 4}, true, "disagreements: the page says 3: want 4"},
		{"a disagreement has gone", []int{80, 8, 2, 71, 710, 9, 2}, true, "disagreements: the page says 3: want 2"},
	} {
		problems := strings.Join(stale(page, row.found, row.all), "\n")
		assert.Contains(t, problems, row.stale, row.why)
		assert.Equal(t, row.stale == "", problems == "", "%s: %s", row.why, problems)
	}
}

func TestThePageHasTheCountsOfABlueprint(t *testing.T) {
	counts := []int{80, 8, 2, 71, 710, 9, 3}
	page := "| front-2 | 1 |\n" + row("front", counts) + "\n"
	found, err := countsIn(page, "front")
	require.NoError(t, err)
	assert.Equal(t, counts, found)
	_, err = countsIn(page, "front-2")
	assert.ErrorContains(t, err, "no line with 7 counts of front-2")
}
