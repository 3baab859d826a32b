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

// assumesDelegation begins the name of the only mutant about which the witnesses disagree: its private zone becomes a
// public one. No NS record of the account leads to that, and the trace assumes that the domain above has one, which the
// stack does not show.
const assumesDelegation = "aws:route53/zone:Zone ipv6-dns-zone: vpcs: without "

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
	s.t.Logf("%s %s", blueprint, c)
	for _, d := range c.disagreements {
		isKnown := strings.HasPrefix(d, assumesDelegation)
		assert.True(s.t, isKnown, "%s", d)
	}
	c.assertLine(blueprint, n == 1)
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

// String returns the counts as cells of the page.
func (c *comparison) String() string {
	return fmt.Sprintf("| %d | %d | %d | %d | %d | %d | %d |", c.mutants, c.refused, c.overridden, c.stacks,
		c.same+c.open+c.differ, c.open, c.differ)
}

// assertLine writes the line of a blueprint in the page if all mutants were compared. Otherwise it checks how many
// mutants the page says that there are.
func (c *comparison) assertLine(blueprint string, all bool) {
	c.t.Helper()
	updatingWitnesses.Lock()
	defer updatingWitnesses.Unlock()
	want := fmt.Sprintf("| %s | %d |", blueprint, c.mutants)
	if all {
		want = "| " + blueprint + " " + c.String()
	}
	if all {
		page := regexp.MustCompile(`(?m)^\| `+blueprint+` \|.*$`).ReplaceAllString(read(c.t, witnessPage), want)
		require.NoError(c.t, os.WriteFile(witnessPage, []byte(page), 0o644))
	}
	assert.Contains(c.t, read(c.t, witnessPage), want, "%s is stale: run `make witnesses`", witnessPage)
}
