// Package tests runs the blueprints through the real Pulumi engine, with the
// policy pack on, against the simulated account.
package tests

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
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

// TestMain runs the tests where Pulumi runs programs: in the project's folder.
func TestMain(m *testing.M) {
	if err := os.Chdir(".."); err != nil {
		panic(err)
	}
	// Much of the CLI's time goes into collecting garbage and saving the state
	// after every step; what interrupts it does without these.
	for _, setting := range hurry {
		name, value, _ := strings.Cut(setting, "=")
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

var hurry = []string{"GOGC=400", "PULUMI_SKIP_CHECKPOINTS=true"}

// stack is a stack in a sandbox of its own.
type stack struct {
	t       *testing.T
	options sandbox.Options
	box     *sandbox.Sandbox     // Nil while closed.
	printed bytes.Buffer         // By the command that runs or ran last.
	known   []apitype.ResourceV3 // The state, if no command has run since it was exported.
}

// newStack is the dev stack with a change to its configuration, as KEY=VALUE
// with paths for keys.
func newStack(t *testing.T, config ...string) *stack {
	t.Parallel()
	root, err := os.Getwd()
	require.NoError(t, err)
	s := &stack{t: t}
	s.options = sandbox.Options{
		Root: root, StateDir: t.TempDir(), Program: blueprints.Deploy,
		Stack: "dev", ConfigFile: filepath.Join(root, "Pulumi.dev.yaml"), Config: config,
		Stdout: &s.printed, Stderr: &s.printed,
	}
	t.Cleanup(s.close)
	return s
}

// newExample is the example stack of a blueprint, with a change to its
// configuration.
func newExample(t *testing.T, blueprint string, config ...string) *stack {
	s := newStack(t, config...)
	s.options.Stack = blueprint
	s.options.ConfigFile = filepath.Join(s.options.Root, "Pulumi."+blueprint+".yaml")
	return s
}

// set changes the configuration for what follows.
func (s *stack) set(config ...string) {
	s.close()
	s.options.Config = config
}

// close lets other processes use the sandbox.
func (s *stack) close() {
	if s.box != nil {
		require.NoError(s.t, s.box.Close())
		s.box = nil
	}
}

// run runs one command, and returns what was printed.
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

// up deploys and requires that it works and that no policy objects.
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

// preview requires that it works and that no policy objects.
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

func (s *stack) refresh() (result auto.RefreshResult) {
	s.t.Helper()
	printed, err := s.run(func(ctx context.Context, box *sandbox.Sandbox) (err error) {
		result, err = box.Refresh(ctx)
		return err
	})
	require.NoError(s.t, err, printed)
	return result
}

// fails requires that a command ends with Pulumi's own status for failure, and
// returns what was printed.
func (s *stack) fails(command func(context.Context, *sandbox.Sandbox) error) string {
	s.t.Helper()
	printed, err := s.run(command)
	var exit *sandbox.ExitError
	require.ErrorAs(s.t, err, &exit, printed)
	assert.Equal(s.t, 1, exit.Code)
	return printed
}

func (s *stack) upFails() string {
	s.t.Helper()
	return s.fails(func(ctx context.Context, box *sandbox.Sandbox) error { _, err := box.Up(ctx); return err })
}

// pulumi runs a plain Pulumi command in the sandbox.
func (s *stack) pulumi(args ...string) string {
	s.t.Helper()
	printed, err := s.run(func(ctx context.Context, box *sandbox.Sandbox) error {
		return box.Exec(ctx, append([]string{"pulumi"}, args...)...)
	})
	require.NoError(s.t, err, printed)
	return printed
}

// destroy deletes the protected addresses too.
func (s *stack) destroy() {
	s.t.Helper()
	s.pulumi("state", "unprotect", "--all", "--yes")
	printed, err := s.run(func(ctx context.Context, box *sandbox.Sandbox) error { return box.Destroy(ctx) })
	require.NoError(s.t, err, printed)
}

// state are the resources in the stack's state.
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

// counts are the numbers of resources by type.
func (s *stack) counts() map[string]int {
	s.t.Helper()
	counts := map[string]int{}
	for _, r := range s.state() {
		counts[string(r.Type)]++
	}
	return counts
}

// find is the only resource of a type with a name.
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

// inAccount is what the account has of a resource.
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

// seedAccountRole lets API Gateway write logs, as someone before this stack did.
func (s *stack) seedAccountRole() {
	_, err := s.run(func(_ context.Context, box *sandbox.Sandbox) error {
		_, role, err := box.Account().Create("us-east-1", "", "aws:iam/role:Role", resource.NewPropertyMapFromMap(map[string]any{
			"name": "apigateway-logs", "assumeRolePolicy": policydoc.Trust("apigateway.amazonaws.com").JSON(),
		}))
		require.NoError(s.t, err)
		_, _, err = box.Account().Create("us-east-1", "", "aws:iam/rolePolicyAttachment:RolePolicyAttachment", resource.NewPropertyMapFromMap(map[string]any{
			"role": "apigateway-logs", "policyArn": "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs",
		}))
		require.NoError(s.t, err)
		_, _, err = box.Account().Create("us-east-1", "", "aws:apigateway/account:Account", resource.PropertyMap{"cloudwatchRoleArn": role["arn"]})
		return err
	})
	require.NoError(s.t, err)
}

// leftovers is what the account holds for the stack beyond what its state
// knows; with an empty state, all that was left behind.
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

const packName = "private-api-blueprints"

// assertNoViolation asserts that the pack ran and had nothing to say.
func assertNoViolation(t *testing.T, printed string) {
	t.Helper()
	_, policies, found := strings.Cut(printed, "Policies:\n")
	if assert.True(t, found && strings.Contains(policies, packName), "the policy pack did not run:\n%s", printed) {
		policies, _, _ = strings.Cut(policies, "\n\n")
		assert.NotContains(t, policies, "[mandatory]")
		assert.NotContains(t, policies, "[advisory]")
	}
}

// changes are the operations of a deployment other than leaving things as they
// are.
func changes(summary *map[string]int) map[string]int {
	counts := map[string]int{}
	for operation, count := range *summary {
		if operation != "same" {
			counts[operation] = count
		}
	}
	return counts
}
