package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

// ExitError is a command that ended with another status than 0, and has said
// why itself.
type ExitError struct{ Code int }

func (e *ExitError) Error() string { return fmt.Sprintf("exit status %d", e.Code) }

// Preview shows what Up would do, and what the policies say to it.
func (s *Sandbox) Preview(ctx context.Context) (auto.PreviewResult, error) {
	stack, packs, err := s.begin(ctx)
	if err != nil {
		return auto.PreviewResult{}, err
	}
	result, err := stack.Preview(ctx, optpreview.ProgressStreams(s.Stdout), optpreview.ErrorProgressStreams(s.Stderr), optpreview.PolicyPacks(packs...))
	return result, s.ended(err)
}

// Up deploys the stack into the simulated account.
func (s *Sandbox) Up(ctx context.Context) (auto.UpResult, error) {
	stack, packs, err := s.begin(ctx)
	if err != nil {
		return auto.UpResult{}, err
	}
	result, err := stack.Up(ctx, optup.ProgressStreams(s.Stdout), optup.ErrorProgressStreams(s.Stderr), optup.PolicyPacks(packs...))
	return result, s.ended(err)
}

// Refresh brings the stack's state in line with the simulated account.
func (s *Sandbox) Refresh(ctx context.Context) (auto.RefreshResult, error) {
	stack, err := s.stack(ctx)
	if err != nil {
		return auto.RefreshResult{}, err
	}
	result, err := stack.Refresh(ctx, optrefresh.ProgressStreams(s.Stdout), optrefresh.ErrorProgressStreams(s.Stderr))
	return result, s.ended(err)
}

// Destroy deletes everything in the stack. As anywhere, it stops at resources
// that are protected.
func (s *Sandbox) Destroy(ctx context.Context) error {
	stack, err := s.stack(ctx)
	if err != nil {
		return err
	}
	_, err = stack.Destroy(ctx, optdestroy.ProgressStreams(s.Stdout), optdestroy.ErrorProgressStreams(s.Stderr))
	return s.ended(err)
}

// Export prints the stack's deployment as `pulumi stack export` does.
func (s *Sandbox) Export(ctx context.Context) error {
	stack, err := s.stack(ctx)
	if err != nil {
		return err
	}
	deployment, err := stack.Export(ctx)
	if err != nil {
		return s.ended(err)
	}
	encoder := json.NewEncoder(s.Stdout)
	encoder.SetIndent("", "    ")
	return encoder.Encode(deployment)
}

// Exec runs any command with the sandbox in its environment.
func (s *Sandbox) Exec(ctx context.Context, command ...string) error {
	// The stack and its configuration are there for a plain `pulumi` to find.
	if _, err := s.stack(ctx); err != nil {
		return err
	}
	path := command[0]
	if path == "pulumi" {
		path = s.cli.path
	}
	cmd := exec.CommandContext(ctx, path, command[1:]...)
	cmd.Dir, cmd.Env = s.Root, s.cli.environ
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, s.Stdout, s.Stderr
	s.cli.code = 0
	return s.ended(s.cli.run(cmd))
}

// begin opens the stack and builds the policy pack, once and unless it is left
// out.
func (s *Sandbox) begin(ctx context.Context) (*auto.Stack, []string, error) {
	stack, err := s.stack(ctx)
	if err != nil || s.NoPolicy || s.packs != nil {
		return stack, s.packs, err
	}
	pack := filepath.Join(s.Root, "bin", "policy")
	if _, err := output(ctx, filepath.Join(s.Root, "policy"), "go", "build", "-o", pack, "."); err != nil {
		return nil, nil, err
	}
	s.packs = []string{pack}
	return stack, s.packs, nil
}

// ended turns the failure of a command that Pulumi has explained already into
// its exit status.
func (s *Sandbox) ended(err error) error {
	if err == nil {
		return nil
	}
	if s.cli.code > 0 {
		return &ExitError{Code: s.cli.code}
	}
	return err
}

// recover mends what a command left that was killed: its lock on the stack, and
// things in the simulated account that no stack knows of.
func (s *Sandbox) recover(ctx context.Context) error {
	s.say("the last command was interrupted; mending the stack's state")
	if err := s.lock.waitForLeft(ctx); err != nil {
		return err
	}
	stack, err := s.stack(ctx)
	if err != nil {
		return err
	}
	if err := stack.Cancel(ctx); err != nil {
		return err
	}
	known, err := knownResources(ctx, stack)
	if err != nil {
		return err
	}
	forgotten, err := s.account.Retain(s.Stack, known)
	for _, urn := range forgotten {
		s.say("removed what the stack does not know of: %s", urn)
	}
	return err
}

// knownResources are the ids in a stack's state, by URN.
func knownResources(ctx context.Context, stack *auto.Stack) (map[string][]string, error) {
	exported, err := stack.Export(ctx)
	if err != nil {
		return nil, err
	}
	var deployment apitype.DeploymentV3
	if err := json.Unmarshal(exported.Deployment, &deployment); err != nil {
		return nil, fmt.Errorf("the state of stack %s: %w", stack.Name(), err)
	}
	known := map[string][]string{}
	for _, resource := range deployment.Resources {
		known[string(resource.URN)] = append(known[string(resource.URN)], string(resource.ID))
	}
	return known, nil
}
