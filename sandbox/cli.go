package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/blang/semver"
)

// cli is the Pulumi CLI. It implements auto.PulumiCommand, and unlike the
// command that comes with the Automation API it keeps the exit status and
// leaves the terminal's interrupts to this process, which passes them on once.
type cli struct {
	path    string
	version semver.Version
	environ []string            // In which it runs.
	started func(pid int) error // Told of each process.
	code    int                 // Exit status of the last one.

	elapsed, processors time.Duration // What the last one took.
}

// pulumiModule is where tools/ pins the CLI.
const pulumiModule = "github.com/pulumi/pulumi/pkg/v3"

// findCLI takes the CLI on PATH if it is as recent as the pinned one and of its
// major version, else the one that was built from tools/, else builds it.
func findCLI(ctx context.Context, root string, say func(string, ...any)) (*cli, error) {
	tools := filepath.Join(root, "tools")
	text, err := output(ctx, tools, "go", "list", "-m", "-f", "{{.Version}}", pulumiModule)
	if err != nil {
		return nil, fmt.Errorf("the pinned version of the Pulumi CLI: %w", err)
	}
	pinned, err := semver.ParseTolerant(text)
	if err != nil {
		return nil, fmt.Errorf("the pinned version of the Pulumi CLI: %w", err)
	}
	if path, err := exec.LookPath("pulumi"); err == nil {
		if v := versionOf(ctx, path); v.Major == pinned.Major && v.GTE(pinned) {
			return &cli{path: path, version: v}, nil
		}
	}
	path := filepath.Join(root, "bin", "pulumi")
	if !versionOf(ctx, path).EQ(pinned) {
		say("building the Pulumi CLI %s from tools/, once: about 4 minutes on 2 cores; or install it from https://www.pulumi.com/docs/install/", pinned)
		if _, err := output(ctx, tools, "go", "build", "-o", path, "-ldflags",
			"-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version="+pinned.String(), pulumiModule+"/cmd/pulumi"); err != nil {
			return nil, err
		}
	}
	return &cli{path: path, version: pinned}, nil
}

// versionOf is the zero version where there is no CLI at path.
func versionOf(ctx context.Context, path string) semver.Version {
	text, err := output(ctx, "", path, "version")
	if err != nil {
		return semver.Version{}
	}
	version, err := semver.ParseTolerant(text)
	if err != nil {
		return semver.Version{}
	}
	return version
}

// output runs a command of the sandbox's own and returns what it prints.
func output(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PULUMI_SKIP_UPDATE_CHECK=true")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	text, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s", name, strings.Join(args, " "), err, stderr.String())
	}
	return strings.TrimSpace(string(text)), nil
}

// Version implements auto.PulumiCommand.
func (c *cli) Version() semver.Version { return c.version }

// Run implements auto.PulumiCommand.
func (c *cli) Run(ctx context.Context, workdir string, stdin io.Reader, out, errs []io.Writer, env []string, args ...string) (string, string, int, error) {
	args = append([]string{"--non-interactive"}, args...)
	var stdout, stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, c.path, args...)
	cmd.Dir, cmd.Stdin = workdir, stdin
	cmd.Env = append(append(slices.Clone(c.environ), env...), "PULUMI_AUTOMATION_API=true")
	cmd.Stdout = io.MultiWriter(append(out, &stdout)...)
	cmd.Stderr = io.MultiWriter(append(errs, &stderr)...)
	err := c.run(cmd)
	return stdout.String(), stderr.String(), c.code, err
}

// run runs a command that is interrupted once when its context ends, which
// lets Pulumi finish what it is at. In a process group of its own it does not
// get the terminal's interrupt too: a second one makes Pulumi stop at once.
func (c *cli) run(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	started := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	noted := c.started(cmd.Process.Pid)
	err := errors.Join(cmd.Wait(), noted)
	c.code, c.elapsed = cmd.ProcessState.ExitCode(), time.Since(started)
	c.processors = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return err
}
