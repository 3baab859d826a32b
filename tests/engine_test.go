// Package tests runs the blueprints through the real Pulumi engine, with the policy pack on, against the simulated
// account.
package tests

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/blueprints"
	"private-api-blueprints/internal/policydoc"
	"private-api-blueprints/sandbox"
)

// TestMain runs the tests in the project's folder, because Pulumi runs programs there.
func TestMain(m *testing.M) {
	if err := os.Chdir(".."); err != nil {
		panic(err)
	}
	for _, setting := range fastEnv {
		name, value, _ := strings.Cut(setting, "=")
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	plugins, err := filepath.Abs(pluginFolder)
	if err != nil {
		panic(err)
	}
	if err := os.Setenv("PATH", os.Getenv("PATH")+string(os.PathListSeparator)+plugins); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// fastEnv saves about half of the CLI's time, which it spends on collecting garbage and on saving the state after every
// step. Tests that interrupt the CLI run without it.
var fastEnv = []string{"GOGC=400", "PULUMI_SKIP_CHECKPOINTS=true"}

// The CLIs of the tests. Most tests take the CLI that a user would get.
var foundCLI, oldestCLI, pinnedCLI = once(sandbox.FindCLI), once(sandbox.OldestCLI), once(sandbox.PinnedCLI)

// once returns a function that finds or builds a CLI the first time, and then returns the same path.
func once(find func(ctx context.Context, root string, out io.Writer) (string, error)) func() (string, error) {
	return sync.OnceValues(func() (string, error) { return find(context.Background(), ".", os.Stderr) })
}

// withEachCLI runs a test with the oldest CLI that the sandbox accepts, and with the pinned one.
func withEachCLI(t *testing.T, test func(t *testing.T, cli string)) {
	for _, version := range []struct {
		name string
		find func() (string, error)
	}{{"oldest CLI", oldestCLI}, {"pinned CLI", pinnedCLI}} {
		t.Run(version.name, func(t *testing.T) {
			cli, err := version.find()
			require.NoError(t, err)
			test(t, absolute(t, cli))
		})
	}
}

// absolute returns the absolute form of a path in the repository.
func absolute(t *testing.T, path string) string {
	t.Helper()
	path, err := filepath.Abs(path)
	require.NoError(t, err)
	return path
}

// stack is a stack in its own sandbox.
type stack struct {
	t       *testing.T
	options sandbox.Options
	box     *sandbox.Sandbox     // Nil while closed.
	printed bytes.Buffer         // The output of the command that runs or ran last.
	known   []apitype.ResourceV3 // The state, if no command has run since it was exported.
}

// newStack returns the example stack of static-ip-apigw with a change to its configuration, as KEY=VALUE with paths for
// keys.
func newStack(t *testing.T, config ...string) *stack {
	cli, err := foundCLI()
	require.NoError(t, err)
	t.Parallel()
	s := &stack{t: t}
	s.options = sandbox.Options{
		Root: absolute(t, "."), StateDir: t.TempDir(), CLI: absolute(t, cli), Program: blueprints.Deploy,
		Stack: "static-ip-apigw", ConfigFile: absolute(t, "Pulumi.static-ip-apigw.yaml"), Config: config,
		Repeatable: len(config) == 0, // As cmd/record records it.
		PackConfig: absolute(t, "policy-config.json"), Stdout: &s.printed, Stderr: &s.printed,
	}
	t.Cleanup(s.close)
	return s
}

// newExample returns the example stack of a blueprint, with a change to its configuration.
func newExample(t *testing.T, blueprint string, config ...string) *stack {
	s := newStack(t, config...)
	s.options.Stack = blueprint
	s.options.ConfigFile = absolute(t, "Pulumi."+blueprint+".yaml")
	return s
}

// set changes the configuration for the commands that follow. From then on, IDs are random, as those of AWS are: a
// resource that is created again has another one.
func (s *stack) set(config ...string) {
	s.close()
	s.options.Repeatable = false
	s.options.Config = config
}

// close lets other processes use the sandbox.
func (s *stack) close() {
	if s.box != nil {
		require.NoError(s.t, s.box.Close())
		s.box = nil
	}
}

// The commands of the sandbox, for run and fails.

func preview(ctx context.Context, box *sandbox.Sandbox) error {
	_, err := box.Preview(ctx)
	return err
}

func up(ctx context.Context, box *sandbox.Sandbox) error {
	_, err := box.Up(ctx)
	return err
}

func destroy(ctx context.Context, box *sandbox.Sandbox) error { return box.Destroy(ctx) }

// run runs one command, and returns what it printed.
func (s *stack) run(command func(context.Context, *sandbox.Sandbox) error) (string, error) {
	if s.box == nil {
		box, err := sandbox.Open(context.Background(), s.options)
		require.NoError(s.t, err, s.printed.String())
		s.box = box
	}
	s.printed.Reset()
	s.known = nil
	err := command(s.t.Context(), s.box)
	return s.printed.String(), err
}

// up deploys the stack. The test fails if this fails or if a policy objects.
func (s *stack) up() (result auto.UpResult) {
	s.t.Helper()
	printed, err := s.run(func(ctx context.Context, box *sandbox.Sandbox) (err error) {
		result, err = box.Up(ctx)
		return err
	})
	require.NoError(s.t, err, printed)
	assertNoViolation(s.t, printed)
	return result
}

// preview previews the stack. The test fails if this fails or if a policy objects.
func (s *stack) preview() (result auto.PreviewResult) {
	s.t.Helper()
	printed, err := s.run(func(ctx context.Context, box *sandbox.Sandbox) (err error) {
		result, err = box.Preview(ctx)
		return err
	})
	require.NoError(s.t, err, printed)
	assertNoViolation(s.t, printed)
	return result
}

// refresh refreshes the stack. The test fails if this fails.
func (s *stack) refresh() (result auto.RefreshResult) {
	s.t.Helper()
	printed, err := s.run(func(ctx context.Context, box *sandbox.Sandbox) (err error) {
		result, err = box.Refresh(ctx)
		return err
	})
	require.NoError(s.t, err, printed)
	return result
}

// fails runs a command that must end with Pulumi's own status for failure, and returns what it printed.
func (s *stack) fails(command func(context.Context, *sandbox.Sandbox) error) string {
	s.t.Helper()
	printed, err := s.run(command)
	var exit *sandbox.ExitError
	require.ErrorAs(s.t, err, &exit, printed)
	assert.Equal(s.t, 1, exit.Code)
	return printed
}

// pulumi runs a plain Pulumi command in the sandbox, and returns what it printed. The test fails if the command fails.
func (s *stack) pulumi(args ...string) string {
	s.t.Helper()
	printed, err := s.run(func(ctx context.Context, box *sandbox.Sandbox) error {
		return box.Exec(ctx, append([]string{"pulumi"}, args...)...)
	})
	require.NoError(s.t, err, printed)
	return printed
}

// destroy deletes every resource of the stack, the protected addresses too.
func (s *stack) destroy() {
	s.t.Helper()
	s.pulumi("state", "unprotect", "--all", "--yes")
	printed, err := s.run(destroy)
	require.NoError(s.t, err, printed)
}

// plainDestroy deletes every resource of the stack with a plain pulumi.
func (s *stack) plainDestroy(args ...string) {
	s.t.Helper()
	s.pulumi(append([]string{"destroy", "--yes", "--non-interactive", "--skip-preview"}, args...)...)
}

// state returns the resources in the stack's state.
func (s *stack) state() []apitype.ResourceV3 {
	s.t.Helper()
	if s.known != nil {
		return s.known
	}
	printed, err := s.run(func(ctx context.Context, box *sandbox.Sandbox) error { return box.Export(ctx) })
	require.NoError(s.t, err, printed)
	var exported struct{ Deployment apitype.DeploymentV3 }
	require.NoError(s.t, json.Unmarshal([]byte(printed), &exported), "export prints JSON and nothing else")
	s.known = exported.Deployment.Resources
	return s.known
}

// counts returns the numbers of resources by type.
func (s *stack) counts() map[string]int {
	s.t.Helper()
	counts := map[string]int{}
	for _, r := range s.state() {
		counts[string(r.Type)]++
	}
	return counts
}

// find returns the only resource of a type with a name.
func (s *stack) find(token, name string) apitype.ResourceV3 {
	s.t.Helper()
	var found []apitype.ResourceV3
	for _, r := range s.state() {
		if string(r.Type) == token && r.URN.Name() == name {
			found = append(found, r)
		}
	}
	require.Len(s.t, found, 1, "%s %s", token, name)
	return found[0]
}

// inAccount returns the outputs of a resource as the account holds them.
func (s *stack) inAccount(r apitype.ResourceV3) (outputs map[string]any) {
	s.t.Helper()
	_, err := s.run(func(_ context.Context, box *sandbox.Sandbox) error {
		_, found, ok := box.Account().Read("us-east-1", string(r.Type), string(r.ID))
		require.True(s.t, ok, "%s", r.URN)
		outputs = found.Mappable()
		return nil
	})
	require.NoError(s.t, err)
	return outputs
}

// seedAccountRole gives API Gateway a role to write logs with, as someone may have done before this stack.
func (s *stack) seedAccountRole() {
	create := func(box *sandbox.Sandbox, token string, inputs map[string]any) resource.PropertyMap {
		_, outputs, err := box.Account().Create("us-east-1", "", token, resource.NewPropertyMapFromMap(inputs))
		require.NoError(s.t, err)
		return outputs
	}
	_, err := s.run(func(_ context.Context, box *sandbox.Sandbox) error {
		role := create(box, "aws:iam/role:Role", map[string]any{
			"name": "apigateway-logs", "assumeRolePolicy": policydoc.Trust("apigateway.amazonaws.com").JSON(),
		})
		create(box, "aws:iam/rolePolicyAttachment:RolePolicyAttachment", map[string]any{
			"role":      "apigateway-logs",
			"policyArn": "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
		})
		create(box, "aws:apigateway/account:Account", map[string]any{"cloudwatchRoleArn": role["arn"].StringValue()})
		return nil
	})
	require.NoError(s.t, err)
}

// leftovers returns what the account holds for the stack beyond the stack's state. It removes these objects.
func (s *stack) leftovers() (list []string) {
	s.t.Helper()
	known := map[string][]string{}
	for _, r := range s.state() {
		known[string(r.URN)] = append(known[string(r.URN)], string(r.ID))
	}
	_, err := s.run(func(_ context.Context, box *sandbox.Sandbox) (err error) {
		list, err = box.Account().Retain(s.options.Stack, known)
		return err
	})
	require.NoError(s.t, err)
	return list
}

// packName is the name of the policy pack.
const packName = "private-api-blueprints"

// assertNoViolation asserts that the pack ran and reported nothing.
func assertNoViolation(t *testing.T, printed string) {
	t.Helper()
	_, policies, found := strings.Cut(printed, "Policies:\n")
	if assert.True(t, found && strings.Contains(policies, packName), "the policy pack did not run:\n%s", printed) {
		policies, _, _ = strings.Cut(policies, "\n\n")
		assert.NotContains(t, policies, "[mandatory]")
		assert.NotContains(t, policies, "[advisory]")
	}
}

// changes returns the numbers of operations in a deployment, without those that leave a resource as it is.
func changes(summary *map[string]int) map[string]int {
	counts := map[string]int{}
	for operation, count := range *summary {
		if operation != "same" {
			counts[operation] = count
		}
	}
	return counts
}

// assertUpChangesNothing deploys the same stack again.
func (s *stack) assertUpChangesNothing() {
	s.t.Helper()
	assert.Empty(s.t, changes(s.up().Summary.ResourceChanges), "the same configuration again changes nothing")
}

// assertRefreshChangesNothing compares the stack's state with the account.
func (s *stack) assertRefreshChangesNothing() {
	s.t.Helper()
	assert.Empty(s.t, changes(s.refresh().Summary.ResourceChanges), "the account holds what the state says")
}

// assertNothingLeft asserts that the account holds nothing for the stack beyond the stack's state.
func (s *stack) assertNothingLeft() {
	s.t.Helper()
	assert.Empty(s.t, s.leftovers(), "the account holds only what the state names")
}
