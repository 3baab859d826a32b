// Package sandbox runs the Pulumi program through the real Pulumi engine against simulated aws and awsx providers, so
// that anyone can try and test a stack without an AWS account. It shows what the engine and the policies make of a
// stack. It does not prove that AWS accepts the stack.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/provider"
)

// Program is the Pulumi program to run. It gets the stack's whole configuration by full key.
type Program func(ctx *pulumi.Context, config map[string]string) error

// Options holds what to run and where to keep its state.
type Options struct {
	Root       string    // The repository, with Pulumi.yaml, policy/ and tools/.
	StateDir   string    // Holds all state of the sandbox; created as needed.
	CLI        string    // The Pulumi CLI to run; if empty, that of FindCLI.
	Program    Program   // Runs in this process.
	Stack      string    // The stack's name.
	ConfigFile string    // The stack's configuration; copied, never written.
	Config     []string  // KEY=VALUE over ConfigFile, in order; KEY may be a path, as for `pulumi config set-all`.
	NoPolicy   bool      // Run without the policy pack.
	Packs      []string  // Executables to run instead of the policy pack.
	PackConfig string    // A file with the configuration of the policy pack; if empty, its defaults.
	Repeatable bool      // IDs, addresses and names are the same in each new sandbox.
	Events     io.Writer // Receives the engine's events of Preview, as JSON on a line each; nil to drop them.
	Stdout     io.Writer // Receives what Pulumi prints.
	Stderr     io.Writer // Receives the errors of Pulumi and the messages of the sandbox.
}

// Sandbox is an open sandbox: the simulated providers run, and no other process uses its state.
type Sandbox struct {
	Options
	cli       *cli
	account   *cloud.Account
	providers *provider.Servers
	lock      *lock
	packs     []string // The executables of the policy packs; nil before the first command that needs them.
}

// Open starts the simulated providers, and repairs what an interrupted command left. If it finds no Pulumi CLI, it
// builds one, which takes minutes, once.
func Open(ctx context.Context, options Options) (*Sandbox, error) {
	s := &Sandbox{Options: options, packs: options.Packs}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// open does the work of Open. After an error, the caller closes the sandbox.
func (s *Sandbox) open(ctx context.Context) (err error) {
	if err := s.prepareState(); err != nil {
		return err
	}
	path := s.Options.CLI
	if path == "" {
		if path, err = FindCLI(ctx, s.Root, s.Stderr); err != nil {
			return err
		}
	}
	s.cli = &cli{
		path: path, version: versionOf(ctx, path),
		started: func(pid int) error { return s.lock.note(s.Stack, pid) },
		ended:   func() error { return s.lock.clear(s.Stack) },
	}
	if s.account, err = openAccount(s.StateDir); err != nil {
		return err
	}
	if err := countObjects(s.account, s.StateDir); err != nil {
		return err
	}
	if s.Repeatable {
		s.account.ChooseRepeatably()
	}
	if s.providers, err = provider.Serve(s.account); err != nil {
		return err
	}
	s.cli.environ = s.environ()
	if err := s.recover(ctx); err != nil {
		return err
	}
	return s.tellLostState()
}

// prepareState makes the state folder and locks it. Nobody else on the machine may read the state, or hold its lock. A
// folder that the user made keeps its mode. What the sandbox makes in it does not show.
func (s *Sandbox) prepareState() (err error) {
	if problem := StackProblem(s.Stack); problem != "" {
		return fmt.Errorf("stack %q: %s", s.Stack, problem)
	}
	if err := os.MkdirAll(backendDir(s.StateDir), 0o700); err != nil {
		return err
	}
	if isSandbox(s.StateDir) { // One of an old version may be open to others.
		for name, mode := range map[string]os.FileMode{"": 0o700, lockFile: 0o600} {
			if err := os.Chmod(filepath.Join(s.StateDir, name), mode); err != nil {
				return err
			}
		}
	}
	if s.lock, err = acquire(s.StateDir); err != nil {
		return err
	}
	if err := errors.Join(trimHistory(s.StateDir), removeBackups(s.StateDir)); err != nil {
		return err
	}
	return removeAttributes(backendDir(s.StateDir))
}

// stackName matches the names that Pulumi accepts, without organization and project. Pulumi itself accepts any text if
// an environment variable says so.
var stackName = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,100}$`)

// StackProblem returns what is wrong with the name of a stack, of which names of files are made, or nothing.
func StackProblem(name string) string {
	if stackName.MatchString(name) {
		return ""
	}
	return "want up to 100 letters, digits, dots, hyphens and underscores, without organization and project"
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

// Account returns the simulated AWS account.
func (s *Sandbox) Account() *cloud.Account { return s.account }

// CLI returns the path of the Pulumi CLI in use.
func (s *Sandbox) CLI() string { return s.cli.path }

// LastRun returns how long the CLI ran last, and the processor time that it and its plugins used.
func (s *Sandbox) LastRun() (elapsed, processors time.Duration) {
	return s.cli.elapsed, s.cli.processors
}

// environ returns the environment in which commands run against the sandbox.
func (s *Sandbox) environ() []string {
	return append(os.Environ(),
		"PULUMI_DEBUG_PROVIDERS="+s.providers.DebugProviders(),
		"PULUMI_BACKEND_URL="+backendURL(s.StateDir),
		"PULUMI_HOME="+filepath.Join(s.StateDir, "home"),
		"PULUMI_STACK="+s.Stack,
		// Pulumi writes into the stack's file. This is the copy, wherever Pulumi runs.
		"PULUMI_OPTION_CONFIG_FILE="+filepath.Join(s.projectDir(), s.stackFile()),
		"PULUMI_CONFIG_PASSPHRASE=", // Nothing in the sandbox is secret.
		"PULUMI_SKIP_UPDATE_CHECK=true",
		// The sandbox reads the files of the backend, so they must be where and as it expects them.
		"PULUMI_DIY_BACKEND_GZIP=false", "PULUMI_SELF_MANAGED_STATE_GZIP=false",
		"PULUMI_DIY_BACKEND_LEGACY_LAYOUT=false", "PULUMI_SELF_MANAGED_STATE_LEGACY_LAYOUT=false",
		// Pulumi keeps a copy of the state next to its history, too, and logs of half a gigabyte.
		"PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS=true", "PULUMI_LOG_ROTATION_MAX_TOTAL_MB=32",
		"PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION=true",
		"PATH="+filepath.Dir(s.cli.path)+string(os.PathListSeparator)+os.Getenv("PATH"),
	)
}

// stack opens the stack with this command's configuration. It creates the stack the first time.
func (s *Sandbox) stack(ctx context.Context) (*auto.Stack, error) {
	project, err := s.copyProject()
	if err != nil {
		return nil, err
	}
	workspace, err := auto.NewLocalWorkspace(ctx,
		auto.WorkDir(project), auto.Pulumi(s.cli), auto.SecretsProvider("passphrase"))
	if err != nil {
		return nil, err
	}
	stack, err := auto.UpsertStack(ctx, s.Stack, workspace)
	if err != nil {
		return nil, err
	}
	settings, err := s.configure(ctx, &stack)
	if err != nil {
		return nil, err
	}
	workspace.SetProgram(func(ctx *pulumi.Context) error { return s.Program(ctx, settings) })
	return &stack, nil
}

// configure sets this command's configuration over the file's. It returns all values by full key.
func (s *Sandbox) configure(ctx context.Context, stack *auto.Stack) (map[string]string, error) {
	if len(s.Config) > 0 {
		// The Automation API takes a map, but the items of a list have an order.
		args := []string{"config", "set-all", "--path", "--stack", s.Stack}
		for _, setting := range s.Config {
			args = append(args, flagOf(setting), setting)
		}
		_, stderr, _, err := s.cli.Run(ctx, stack.Workspace().WorkDir(), nil, nil, nil, nil, args...)
		if err != nil {
			return nil, fmt.Errorf("configuration %s: %w: %s", strings.Join(keysOf(s.Config), " "), err, stderr)
		}
	}
	values, err := stack.GetAllConfig(ctx)
	if err != nil {
		return nil, err
	}
	settings := map[string]string{}
	for key, value := range values {
		settings[key] = value.Value
	}
	return settings, nil
}

// keysOf returns the keys of settings KEY=VALUE. A value may be secret, such as that of aws:secretKey.
func keysOf(settings []string) []string {
	keys := make([]string, len(settings))
	for i, setting := range settings {
		keys[i], _, _ = strings.Cut(setting, "=")
	}
	return keys
}

// credentials are the keys of the AWS provider whose values Pulumi encrypts, and those that may have a token or a
// password in them.
// https://www.pulumi.com/registry/packages/aws/installation-configuration/
var credentials = strings.Fields("accessKey secretKey token assumeRoleWithWebIdentity httpProxy httpsProxy")

// flagOf returns the flag of `pulumi config set-all` for a setting KEY=VALUE: Pulumi encrypts the provider's
// credentials in the copy of the stack's file.
func flagOf(setting string) string {
	text, _, _ := strings.Cut(setting, "=")
	path, err := resource.ParsePropertyPath(text)
	if err != nil || len(path) == 0 {
		return "--plaintext" // Pulumi says what is wrong with the key.
	}
	top, _ := path[0].(string)
	key, err := config.ParseKey(top)
	if err == nil && key.Namespace() == "aws" && slices.Contains(credentials, key.Name()) {
		return "--secret"
	}
	return "--plaintext"
}

// copyProject copies the project and the stack's file into a folder for Pulumi to work in, because Pulumi writes into a
// stack's file. It returns the folder.
func (s *Sandbox) copyProject() (string, error) {
	dir := s.projectDir()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	project, err := s.read(filepath.Join(s.Root, "Pulumi.yaml"))
	if err != nil {
		return "", err
	}
	settings, err := s.read(s.ConfigFile)
	if err != nil {
		return "", err
	}
	if settings, err = ownCopy(settings, s.Config); err != nil {
		return "", fmt.Errorf("stack %s: %w", s.Stack, err)
	}
	return dir, errors.Join(
		os.WriteFile(filepath.Join(dir, "Pulumi.yaml"), project, 0o600),
		os.WriteFile(filepath.Join(dir, s.stackFile()), settings, 0o600))
}

// read reads a file that the stack needs.
func (s *Sandbox) read(file string) ([]byte, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("stack %q: want the file %s", s.Stack, file)
	}
	if err != nil {
		return nil, fmt.Errorf("stack %s: %w", s.Stack, err)
	}
	return text, nil
}

// backendDir returns the folder of Pulumi's local backend in a state folder.
func backendDir(stateDir string) string { return filepath.Join(stateDir, "state") }

// backendURL returns the URL of that backend. The backend keeps no attributes of its files, because a kill would leave
// them incomplete.
func backendURL(stateDir string) string {
	return (&url.URL{Scheme: "file", Path: backendDir(stateDir), RawQuery: "metadata=skip"}).String()
}

// projectDir returns the folder in which Pulumi works.
func (s *Sandbox) projectDir() string { return filepath.Join(s.StateDir, "project") }

// stackFile returns the name of the stack's configuration file in that folder.
func (s *Sandbox) stackFile() string { return "Pulumi." + s.Stack + ".yaml" }

// logf prints a message of the sandbox itself.
func (s *Sandbox) logf(format string, args ...any) {
	fmt.Fprintf(s.Stderr, "sandbox: "+format+"\n", args...)
}
