// Package sandbox runs the Pulumi program through the real Pulumi engine
// against simulated aws and awsx providers, so that anyone can try and test a
// stack without an AWS account. It shows what the engine and the policies make
// of a stack; it does not prove that AWS accepts it.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/provider"
)

// Program is the Pulumi program to run, given the stack's whole configuration
// by full key.
type Program func(ctx *pulumi.Context, config map[string]string) error

// Options say what to run and where its state lies.
type Options struct {
	Root       string  // The repository: where Pulumi.yaml, policy/ and tools/ are.
	StateDir   string  // Holds all state of the sandbox; created as needed.
	Program    Program // Run in this process.
	Stack      string
	ConfigFile string    // The stack's configuration; copied, never written.
	Config     []string  // KEY=VALUE, in order, over what ConfigFile says; KEY may be a path, as in `pulumi config set-all --path`.
	NoPolicy   bool      // Leave out the policy pack.
	Packs      []string  // Executables to run in the place of the policy pack.
	Stdout     io.Writer // What Pulumi prints.
	Stderr     io.Writer // What Pulumi and the sandbox say besides.
}

// Sandbox is an open sandbox: the simulated providers are running, and no other
// process uses its state.
type Sandbox struct {
	Options
	cli       *cli
	account   *cloud.Account
	providers *provider.Servers
	lock      *lock
	packs     []string // The policy packs, once built.
}

// Open starts the simulated providers, and mends what an interrupted command
// left. It builds the Pulumi CLI where there is none, which takes minutes,
// once.
func Open(ctx context.Context, options Options) (*Sandbox, error) {
	s := &Sandbox{Options: options, packs: options.Packs}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Sandbox) open(ctx context.Context) (err error) {
	if err := os.MkdirAll(s.backendDir(), 0o755); err != nil {
		return err
	}
	if s.lock, err = acquire(s.StateDir); err != nil {
		return err
	}
	if s.cli, err = findCLI(ctx, s.Root, s.say); err != nil {
		return err
	}
	if s.account, err = cloud.Open(filepath.Join(s.StateDir, "aws.json"), catalog.New()); err != nil {
		return err
	}
	if s.providers, err = provider.Serve(s.account); err != nil {
		return err
	}
	s.cli.environ, s.cli.started = s.environ(), s.lock.started
	if s.lock.left != 0 {
		return s.recover(ctx)
	}
	return nil
}

// Close stops the providers and lets other processes use the state.
func (s *Sandbox) Close() error {
	var err error
	if s.providers != nil {
		err = s.providers.Close()
	}
	if s.lock != nil {
		err = errors.Join(err, s.lock.release())
	}
	return err
}

// Account is the simulated AWS account.
func (s *Sandbox) Account() *cloud.Account { return s.account }

// CLI is the path of the Pulumi CLI in use.
func (s *Sandbox) CLI() string { return s.cli.path }

// Took is how long the CLI ran last, and how much of processors it used with the
// plugins that it started.
func (s *Sandbox) Took() (elapsed, processors time.Duration) { return s.cli.elapsed, s.cli.processors }

// environ is the environment in which commands run against the sandbox.
func (s *Sandbox) environ() []string {
	return append(os.Environ(),
		"PULUMI_DEBUG_PROVIDERS="+s.providers.DebugProviders(),
		"PULUMI_BACKEND_URL=file://"+s.backendDir(),
		"PULUMI_HOME="+filepath.Join(s.StateDir, "home"),
		"PULUMI_STACK="+s.Stack,
		// Pulumi writes into the stack's file: into the copy, wherever it is run.
		"PULUMI_OPTION_CONFIG_FILE="+filepath.Join(s.projectDir(), s.stackFile()),
		"PULUMI_CONFIG_PASSPHRASE=", // Nothing in the sandbox is secret.
		"PULUMI_SKIP_UPDATE_CHECK=true",
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true",
		"PATH="+filepath.Dir(s.cli.path)+string(os.PathListSeparator)+os.Getenv("PATH"),
	)
}

// stack opens the stack with this command's configuration, and creates it the
// first time.
func (s *Sandbox) stack(ctx context.Context) (*auto.Stack, error) {
	project, err := s.prepareProject()
	if err != nil {
		return nil, err
	}
	workspace, err := auto.NewLocalWorkspace(ctx, auto.WorkDir(project), auto.Pulumi(s.cli), auto.SecretsProvider("passphrase"))
	if err != nil {
		return nil, err
	}
	stack, err := auto.UpsertStack(ctx, s.Stack, workspace)
	if err != nil {
		return nil, err
	}
	config, err := s.configure(ctx, &stack)
	if err != nil {
		return nil, err
	}
	workspace.SetProgram(func(ctx *pulumi.Context) error { return s.Program(ctx, config) })
	return &stack, nil
}

// configure puts this command's configuration over the file's, and returns all
// of it by full key.
func (s *Sandbox) configure(ctx context.Context, stack *auto.Stack) (map[string]string, error) {
	if len(s.Config) > 0 {
		// The Automation API takes a map, but the items of a list have an order.
		args := append([]string{"config", "set-all", "--path", "--stack", s.Stack, "--plaintext"}, strings.Split(strings.Join(s.Config, "\x00--plaintext\x00"), "\x00")...)
		if _, stderr, _, err := s.cli.Run(ctx, stack.Workspace().WorkDir(), nil, nil, nil, nil, args...); err != nil {
			return nil, fmt.Errorf("configuration %s: %w: %s", strings.Join(s.Config, " "), err, stderr)
		}
	}
	values, err := stack.GetAllConfig(ctx)
	if err != nil {
		return nil, err
	}
	config := map[string]string{}
	for key, value := range values {
		config[key] = value.Value
	}
	return config, nil
}

// prepareProject makes a copy of the project for Pulumi to work in, since it
// writes into a stack's file.
func (s *Sandbox) prepareProject() (string, error) {
	dir := s.projectDir()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	for from, to := range map[string]string{filepath.Join(s.Root, "Pulumi.yaml"): "Pulumi.yaml", s.ConfigFile: s.stackFile()} {
		text, err := os.ReadFile(from)
		if err != nil {
			return "", fmt.Errorf("stack %s: %w", s.Stack, err)
		}
		if err := os.WriteFile(filepath.Join(dir, to), text, 0o644); err != nil {
			return "", err
		}
	}
	return dir, nil
}

func (s *Sandbox) backendDir() string { return filepath.Join(s.StateDir, "state") }
func (s *Sandbox) projectDir() string { return filepath.Join(s.StateDir, "project") }
func (s *Sandbox) stackFile() string  { return "Pulumi." + s.Stack + ".yaml" }

func (s *Sandbox) say(format string, args ...any) {
	fmt.Fprintf(s.Stderr, "sandbox: "+format+"\n", args...)
}
