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
	"golang.org/x/mod/modfile"

	"private-api-blueprints/internal/progress"
)

// cli runs the Pulumi CLI. It implements auto.PulumiCommand. Unlike the command of the Automation API it keeps the exit
// status, and it leaves the terminal's interrupts to this process, which passes them on once.
type cli struct {
	path    string
	version semver.Version
	environ []string            // The environment of each process.
	started func(pid int) error // Called with 0 before each process, and then with its ID.
	ended   func() error        // Called after each process that ended by itself.
	code    int                 // The exit status of the last process.

	elapsed, processors time.Duration // The time that the last process took, and that of the processors.
}

// cliModule is the module that holds the source of the CLI.
const cliModule = "github.com/pulumi/pulumi/pkg/v3"

// cliBuild describes a version of the CLI that the repository can build.
type cliBuild struct {
	module string // The folder of the go.mod that requires it.
	path   string // The executable.
}

// The sandbox accepts every CLI of the pinned one's major version that is not older than the oldest.
var (
	oldestCLI = cliBuild{module: "tools/oldest", path: "bin/oldest/pulumi"}
	pinnedCLI = cliBuild{module: "tools", path: "bin/pulumi"}
)

// OldestCLI returns the path of the oldest Pulumi CLI that the sandbox accepts. It builds the CLI unless PATH has it.
// The root is the folder of the repository; progress goes to out.
func OldestCLI(ctx context.Context, root string, out io.Writer) (string, error) {
	return oldestCLI.ensure(ctx, root, out)
}

// PinnedCLI returns the path of the Pulumi CLI at the version that tools/go.mod requires. It builds the CLI unless PATH
// has it. The root is the folder of the repository; progress goes to out.
func PinnedCLI(ctx context.Context, root string, out io.Writer) (string, error) {
	return pinnedCLI.ensure(ctx, root, out)
}

// FindCLI returns the path of the CLI on PATH if the sandbox accepts its version, and otherwise that of PinnedCLI.
func FindCLI(ctx context.Context, root string, out io.Writer) (string, error) {
	oldest, err := oldestCLI.version(root)
	if err != nil {
		return "", err
	}
	pinned, err := pinnedCLI.version(root)
	if err != nil {
		return "", err
	}
	if path, err := exec.LookPath("pulumi"); err == nil && accepts(versionOf(ctx, path), oldest, pinned) {
		return filepath.Abs(path)
	}
	return PinnedCLI(ctx, root, out)
}

// accepts reports whether the sandbox works with a version of the CLI, as far as versions tell.
func accepts(version, oldest, pinned semver.Version) bool {
	return version.Major == pinned.Major && version.GTE(oldest)
}

// version returns the version that the module requires.
func (b cliBuild) version(root string) (semver.Version, error) {
	file := filepath.Join(root, b.module, "go.mod")
	text, err := os.ReadFile(file)
	if err != nil {
		return semver.Version{}, fmt.Errorf("the version of the Pulumi CLI: %w", err)
	}
	mod, err := modfile.ParseLax(file, text, nil)
	if err != nil {
		return semver.Version{}, err
	}
	for _, required := range mod.Require {
		if required.Mod.Path == cliModule {
			return semver.ParseTolerant(required.Mod.Version)
		}
	}
	return semver.Version{}, fmt.Errorf("%s: want it to require %s", file, cliModule)
}

// ensure returns the path of the CLI at this version. It builds the CLI the first time, unless PATH has it.
func (b cliBuild) ensure(ctx context.Context, root string, out io.Writer) (string, error) {
	version, err := b.version(root)
	if err != nil {
		return "", err
	}
	if path, err := exec.LookPath("pulumi"); err == nil && versionOf(ctx, path).EQ(version) {
		return filepath.Abs(path)
	}
	path, err := filepath.Abs(filepath.Join(root, b.path)) // The build runs in the folder of its module.
	if err != nil || versionOf(ctx, path).EQ(version) {
		return path, err
	}
	fmt.Fprintf(out, "sandbox: building the Pulumi CLI %s from %s, once; to save the time, install it: "+
		"https://www.pulumi.com/docs/install/\n", version, b.module)
	return path, progress.Reporter{Out: out}.Build(ctx, "the Pulumi CLI", filepath.Join(root, b.module), "-o", path,
		"-ldflags", "-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version="+version.String(),
		cliModule+"/cmd/pulumi")
}

// versionOf returns the version of the CLI at path, or the zero version if there is no CLI.
func versionOf(ctx context.Context, path string) semver.Version {
	cmd := exec.CommandContext(ctx, path, "version")
	cmd.Env = append(os.Environ(), "PULUMI_SKIP_UPDATE_CHECK=true")
	text, err := cmd.Output()
	if err != nil {
		return semver.Version{}
	}
	version, err := semver.ParseTolerant(strings.TrimSpace(string(text)))
	if err != nil {
		return semver.Version{}
	}
	return version
}

// Version implements auto.PulumiCommand.
func (c *cli) Version() semver.Version { return c.version }

// Run implements auto.PulumiCommand.
func (c *cli) Run(
	ctx context.Context, workdir string, stdin io.Reader, out, errs []io.Writer, env []string, args ...string,
) (stdout, stderr string, code int, err error) {
	args = append([]string{"--non-interactive"}, args...)
	var printed, complained bytes.Buffer
	cmd := exec.CommandContext(ctx, c.path, args...)
	cmd.Dir, cmd.Stdin = workdir, stdin
	cmd.Env = append(append(slices.Clone(c.environ), env...), "PULUMI_AUTOMATION_API=true")
	cmd.Stdout = io.MultiWriter(append(out, &printed)...)
	cmd.Stderr = io.MultiWriter(append(errs, &complained)...)
	err = c.run(cmd)
	return printed.String(), complained.String(), c.code, err
}

// run runs a command. When the context ends, it interrupts the command once, which lets Pulumi finish the current step.
// The command runs in its own process group so that the terminal does not interrupt it a second time: Pulumi would stop
// at once.
func (c *cli) run(cmd *exec.Cmd) error {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	if err := c.started(0); err != nil {
		return err
	}
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return err
	}
	noted := c.started(cmd.Process.Pid)
	err := errors.Join(cmd.Wait(), noted)
	if cmd.ProcessState.Exited() {
		err = errors.Join(err, c.ended())
	}
	c.code, c.elapsed = cmd.ProcessState.ExitCode(), time.Since(begun)
	c.processors = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return err
}
