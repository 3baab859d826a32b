package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optdestroy"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optpreview"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optrefresh"
	"github.com/pulumi/pulumi/sdk/v3/go/auto/optup"

	"private-api-blueprints/internal/progress"
)

// ExitError reports that a command ended with a status other than 0 and has printed the reason itself.
type ExitError struct{ Code int }

func (e *ExitError) Error() string { return fmt.Sprintf("exit status %d", e.Code) }

// Preview shows what Up would do, and what the policies say about it.
func (s *Sandbox) Preview(ctx context.Context) (auto.PreviewResult, error) {
	stack, packs, err := s.stackAndPacks(ctx)
	if err != nil {
		return auto.PreviewResult{}, err
	}
	options := []optpreview.Option{
		optpreview.PolicyPacks(packs...), optpreview.PolicyPackConfigs(s.packConfigs()...),
		optpreview.ProgressStreams(s.Stdout), optpreview.ErrorProgressStreams(s.Stderr),
	}
	if s.Events == nil {
		result, err := stack.Preview(ctx, options...)
		return result, s.exitError(err)
	}
	log := newEventLog(s.Events)
	result, err := stack.Preview(ctx, append(options, optpreview.EventStreams(log.events))...)
	return result, errors.Join(s.exitError(err), log.end())
}

// Up deploys the stack into the simulated account.
func (s *Sandbox) Up(ctx context.Context) (auto.UpResult, error) {
	stack, packs, err := s.stackAndPacks(ctx)
	if err != nil {
		return auto.UpResult{}, err
	}
	result, err := stack.Up(ctx,
		optup.PolicyPacks(packs...), optup.PolicyPackConfigs(s.packConfigs()...),
		optup.ProgressStreams(s.Stdout), optup.ErrorProgressStreams(s.Stderr))
	return result, s.exitError(err)
}

// Refresh updates the stack's state to what the simulated account holds.
func (s *Sandbox) Refresh(ctx context.Context) (auto.RefreshResult, error) {
	stack, err := s.stack(ctx)
	if err != nil {
		return auto.RefreshResult{}, err
	}
	result, err := stack.Refresh(ctx, optrefresh.ProgressStreams(s.Stdout), optrefresh.ErrorProgressStreams(s.Stderr))
	return result, s.exitError(err)
}

// Destroy deletes every resource of the stack. It stops at protected resources, as Pulumi always does.
func (s *Sandbox) Destroy(ctx context.Context) error {
	stack, err := s.stack(ctx)
	if err != nil {
		return err
	}
	_, err = stack.Destroy(ctx, optdestroy.ProgressStreams(s.Stdout), optdestroy.ErrorProgressStreams(s.Stderr))
	return s.exitError(err)
}

// Export prints the stack's deployment as `pulumi stack export` does, with encrypted secrets. The Automation API would
// decrypt them.
func (s *Sandbox) Export(ctx context.Context) error {
	stack, err := s.stack(ctx)
	if err != nil {
		return err
	}
	_, _, _, err = s.cli.Run(ctx, stack.Workspace().WorkDir(), nil, []io.Writer{s.Stdout}, []io.Writer{s.Stderr}, nil,
		"stack", "export", "--stack", s.Stack)
	return s.exitError(err)
}

// Exec runs any command with the environment of the sandbox. A command named pulumi is the CLI of the sandbox.
func (s *Sandbox) Exec(ctx context.Context, command ...string) error {
	// The stack and its configuration must exist for a plain `pulumi`.
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
	return s.exitError(s.cli.run(cmd))
}

// packConfigs returns the configuration files of the policy packs.
func (s *Sandbox) packConfigs() []string {
	if s.PackConfig == "" || s.NoPolicy {
		return nil
	}
	return []string{s.PackConfig}
}

// stackAndPacks returns the stack and the executables of the policy packs. It builds the repository's pack once.
func (s *Sandbox) stackAndPacks(ctx context.Context) (*auto.Stack, []string, error) {
	stack, err := s.stack(ctx)
	if err != nil || s.NoPolicy || s.packs != nil {
		return stack, s.packs, err
	}
	pack := filepath.Join(s.Root, "bin", "policy")
	if err := s.buildPack(ctx, pack); err != nil {
		return nil, nil, err
	}
	s.packs = []string{pack}
	return stack, s.packs, nil
}

// buildPack builds the repository's policy pack. Without a Go command, it takes the executable of a release.
func (s *Sandbox) buildPack(ctx context.Context, pack string) error {
	if _, err := exec.LookPath("go"); err != nil {
		if _, err := os.Stat(pack); err == nil {
			return nil
		}
	}
	reporter, folder := progress.Reporter{Out: s.Stderr}, filepath.Join(s.Root, "policy")
	return reporter.Build(ctx, "the policy pack", folder, "-o", pack, ".")
}

// exitError turns the failure of a command that has printed its reason into its exit status.
func (s *Sandbox) exitError(err error) error {
	if err == nil {
		return nil
	}
	if s.cli.code > 0 {
		return &ExitError{Code: s.cli.code}
	}
	return err
}
