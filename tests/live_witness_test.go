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
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live"
)

// testimony is what the trace says about the promises of a deployed stack, as it is or with one change.
// policy/mutation/witness.go describes the fields.
type testimony struct {
	Mutant  string
	Changes []changedResource
	Arrives []string
}

// changedResource is how a resource differs in a mutant.
type changedResource struct {
	URN    string
	Gone   bool
	Inputs map[string]any
}

// everyMutant is how many mutants are skipped for each that both witnesses judge. WITNESS_EVERY=1 takes all, which
// takes minutes.
const everyMutant = "32"

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

// testimonies returns what the trace says about the resources of a stack.
func testimonies(t *testing.T, resources []apitype.ResourceV3) (all []testimony) {
	t.Helper()
	command, err := tracer()
	require.NoError(t, err)
	state, err := json.Marshal(map[string]any{"version": 3, "deployment": map[string]any{"resources": resources}})
	require.NoError(t, err)
	exported := filepath.Join(t.TempDir(), "state.json")
	require.NoError(t, os.WriteFile(exported, state, 0o600))
	every := os.Getenv("WITNESS_EVERY")
	if every == "" {
		every = everyMutant
	}
	cmd := exec.Command(command, "-witness", exported, "-every", every)
	cmd.Dir, cmd.Stderr = "policy", os.Stderr
	text, err := cmd.Output()
	require.NoError(t, err)
	for decoder := json.NewDecoder(bytes.NewReader(text)); ; {
		var one testimony
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			require.NoError(t, err)
		}
		all = append(all, one)
	}
}

// tally counts what two witnesses said.
type tally struct {
	stacks, refused    int // Stacks that both judged, and mutants that the account refused.
	same, open, differ int // Answers that are the same, that the trace leaves open, and that differ.
	disagreements      []string
}

// assertWitnessesAgree asks the trace and the live sandbox whether each request that the example of a blueprint
// promises arrives, of the stack as it is and of its mutants that the account accepts.
func (s *stack) assertWitnessesAgree(blueprint string) {
	s.t.Helper()
	var promises []live.Promise
	for _, r := range s.state() {
		some, err := live.Promises(r.Inputs)
		require.NoError(s.t, err)
		promises = append(promises, some...)
	}
	text, err := os.ReadFile(filepath.Join(s.options.StateDir, "aws.json"))
	require.NoError(s.t, err)
	n := compare(s.t, testimonies(s.t, s.state()), promises, text)
	for _, d := range n.disagreements {
		s.t.Log(d) // The page counts them, and says of which kinds they are.
	}
	s.t.Logf("%s %s", blueprint, n)
	if os.Getenv("WITNESS_EVERY") == "" {
		assertWitnessLine(s.t, blueprint, n.String())
	}
}

// compare compares all answers about a blueprint's example.
func compare(t *testing.T, all []testimony, promises []live.Promise, account []byte) (n tally) {
	t.Helper()
	folder := t.TempDir() // The worlds share a certificate authority.
	for _, told := range all {
		file := filepath.Join(folder, "aws.json")
		require.NoError(t, os.WriteFile(file, account, 0o600))
		if err := told.apply(file); err != nil {
			n.refused++
			t.Logf("the account refuses %s: %v", told.Mutant, err)
			continue
		}
		n.stacks++
		n.hear(t, told, promises, file)
	}
	require.NotZero(t, n.stacks)
	return n
}

// hear compares the answers about one stack.
func (n *tally) hear(t *testing.T, told testimony, promises []live.Promise, file string) {
	t.Helper()
	w, err := live.Open(t.Context(), live.Options{Account: file, Built: absolute(t, "bin"), AllNodes: true})
	require.NoError(t, err)
	defer func() { assert.NoError(t, w.Close()) }()
	require.Len(t, promises, len(told.Arrives))
	for i, p := range promises {
		arrived, saw := false, ""
		results, err := w.TryEach(t.Context(), p)
		if arrived = err == nil; !arrived {
			saw = err.Error() // The mutant has no such place or name.
		}
		for _, r := range results {
			arrived, saw = arrived && p.Arrived(r), saw+transcript(t, r)
		}
		switch told.Arrives[i] {
		case fmt.Sprint(arrived):
			n.same++
		case "maybe":
			n.open++
		default:
			n.differ++
			n.disagreements = append(n.disagreements, fmt.Sprintf("%s\n%+v\nthe trace says %s\n%s", told.Mutant, p,
				told.Arrives[i], saw))
		}
	}
}

// apply makes the changes of a mutant in an account. The error is the account's refusal. A change may need another one
// first, such as a deletion of what nothing may refer to.
func (told testimony) apply(file string) error {
	account, err := cloud.Open(file, catalog.New())
	if err != nil {
		return err
	}
	for left := told.Changes; len(left) > 0; {
		var failed []changedResource
		var problem error
		for _, c := range left {
			if err := c.apply(account); err != nil {
				failed, problem = append(failed, c), err
			}
		}
		if len(failed) == len(left) {
			return problem
		}
		left = failed
	}
	return told.deployAgain(account)
}

// apply makes one change.
func (c changedResource) apply(account *cloud.Account) error {
	for _, o := range account.Objects() {
		if o.URN != c.URN {
			continue
		}
		if c.Gone {
			return account.Delete(o.Region, o.Type, o.ID)
		}
		inputs := o.Inputs.Clone()
		for key, value := range c.Inputs {
			if inputs[key] = value; value == nil {
				delete(inputs, key)
			}
		}
		_, err := account.Update(o.Region, o.Type, o.ID, resource.NewPropertyMapFromMap(inputs))
		return err
	}
	return fmt.Errorf("the account has no object of %s", c.URN)
}

// deployAgain cuts new deployments of APIs if a mutant changes an API: the mutant is a stack that never was different.
func (told testimony) deployAgain(account *cloud.Account) error {
	changed := false
	for _, c := range told.Changes {
		changed = changed || strings.Contains(c.URN, "$aws:apigateway/") &&
			!regexp.MustCompile(`\$aws:apigateway/(deployment|stage|account):`).MatchString(c.URN)
	}
	for _, stage := range account.Objects() {
		if !changed || stage.Type != stageType || stage.URN == "" {
			continue
		}
		inputs := stage.Inputs.Clone()
		id, _, err := account.Create(stage.Region, stage.URN+"-again", "aws:apigateway/deployment:Deployment",
			resource.NewPropertyMapFromMap(map[string]any{"restApi": inputs["restApi"]}))
		if err != nil {
			return err
		}
		inputs["deployment"] = id
		_, err = account.Update(stage.Region, stage.Type, stage.ID, resource.NewPropertyMapFromMap(inputs))
		if err != nil {
			return err
		}
	}
	return nil
}

// witnessPage is the page with the counts.
const witnessPage = "docs/witnesses.md"

// updatingWitnesses keeps tests from writing the page at the same time.
var updatingWitnesses sync.Mutex

// String returns the counts as cells of the page.
func (n tally) String() string {
	return fmt.Sprintf("| %d | %d | %d | %d | %d |", n.stacks, n.refused, n.same+n.open+n.differ, n.open, n.differ)
}

// assertWitnessLine checks the line of a blueprint in the page.
func assertWitnessLine(t *testing.T, blueprint, cells string) {
	t.Helper()
	updatingWitnesses.Lock()
	defer updatingWitnesses.Unlock()
	want := "| " + blueprint + " " + cells
	if *update {
		page := regexp.MustCompile(`(?m)^\| `+blueprint+` \|.*$`).ReplaceAllString(read(t, witnessPage), want)
		require.NoError(t, os.WriteFile(witnessPage, []byte(page), 0o644))
	}
	assert.Contains(t, read(t, witnessPage), want, "%s is stale: run this test with -update", witnessPage)
}
