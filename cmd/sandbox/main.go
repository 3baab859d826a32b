// Command sandbox runs the Pulumi program of this repository through the real
// Pulumi engine against a simulated AWS account.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"private-api-blueprints/blueprints"
	"private-api-blueprints/sandbox"
)

const usage = `usage: go run ./cmd/sandbox COMMAND [OPTIONS]

commands:
  preview             show what up would do, and what the policies say to it
  up                  deploy the stack into the simulated AWS account
  refresh             bring the stack's state in line with the account
  destroy             delete everything in the stack
  export              print the stack's deployment, as pulumi stack export does
  exec -- COMMAND...  run a command, such as a plain pulumi, in the sandbox

options:
  --stack NAME          the stack (dev)
  --config-file FILE    its configuration (Pulumi.<stack>.yaml)
  --config KEY=VALUE    configuration for this command, over the file's; KEY may
                        be a path, such as blueprint:front.allowedCidrs[0]; repeatable
  --no-policy           leave out the policy pack
  --state DIR           where the sandbox keeps its state (.sandbox)

The exit status is Pulumi's, or the command's; 2 for a mistake in these words.
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // A second interrupt ends the command at once.
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is main without the process, and returns its exit status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	request, err := parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		fmt.Fprintf(stderr, "sandbox: %v\n\n%s", err, usage)
		return 2
	}
	request.options.Stdout, request.options.Stderr = stdout, stderr
	err = request.do(ctx)
	var exit *sandbox.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.Code
	default:
		fmt.Fprintf(stderr, "sandbox: %v\n", err)
		return 1
	}
}

// request is a command line, understood.
type request struct {
	command string
	rest    []string // For exec.
	options sandbox.Options
}

var commands = map[string]func(context.Context, *sandbox.Sandbox, *request) error{
	"preview": func(ctx context.Context, s *sandbox.Sandbox, _ *request) error { _, err := s.Preview(ctx); return err },
	"up":      func(ctx context.Context, s *sandbox.Sandbox, _ *request) error { return up(ctx, s) },
	"refresh": func(ctx context.Context, s *sandbox.Sandbox, _ *request) error { _, err := s.Refresh(ctx); return err },
	"destroy": func(ctx context.Context, s *sandbox.Sandbox, _ *request) error { return s.Destroy(ctx) },
	"export":  func(ctx context.Context, s *sandbox.Sandbox, _ *request) error { return s.Export(ctx) },
	"exec":    func(ctx context.Context, s *sandbox.Sandbox, r *request) error { return s.Exec(ctx, r.rest...) },
}

func parse(args []string) (*request, error) {
	if len(args) == 0 {
		return nil, errors.New("no command")
	}
	if args[0] == "help" || strings.HasPrefix(args[0], "-h") || args[0] == "--help" {
		return nil, flag.ErrHelp
	}
	r := &request{command: args[0], options: sandbox.Options{Program: blueprints.Deploy}}
	if commands[r.command] == nil {
		return nil, fmt.Errorf("unknown command %q", r.command)
	}
	flags := flag.NewFlagSet("sandbox", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&r.options.Stack, "stack", "dev", "")
	flags.StringVar(&r.options.ConfigFile, "config-file", "", "")
	flags.BoolVar(&r.options.NoPolicy, "no-policy", false, "")
	flags.StringVar(&r.options.StateDir, "state", "", "")
	flags.Func("config", "", r.addConfig)
	if err := flags.Parse(args[1:]); err != nil {
		return nil, err
	}
	r.rest = flags.Args()
	if (r.command == "exec") != (len(r.rest) > 0) {
		return nil, fmt.Errorf("%s with %d further words; exec takes a command after --, the others take none", r.command, len(r.rest))
	}
	return r, nil
}

func (r *request) addConfig(text string) error {
	key, _, found := strings.Cut(text, "=")
	if !found || !strings.Contains(key, ":") {
		return fmt.Errorf("%q; want KEY=VALUE with a key such as aws:region or blueprint:name", text)
	}
	r.options.Config = append(r.options.Config, text)
	return nil
}

// do runs the command in the repository that the working directory is in.
func (r *request) do(ctx context.Context) (err error) {
	if r.options.Root, err = repository(); err != nil {
		return err
	}
	if r.options.ConfigFile, err = absolute(r.options.ConfigFile, filepath.Join(r.options.Root, "Pulumi."+r.options.Stack+".yaml")); err != nil {
		return err
	}
	if r.options.StateDir, err = absolute(r.options.StateDir, filepath.Join(r.options.Root, ".sandbox")); err != nil {
		return err
	}
	// Pulumi runs programs in their project's folder.
	if err := os.Chdir(r.options.Root); err != nil {
		return err
	}
	s, err := sandbox.Open(ctx, r.options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return commands[r.command](ctx, s, r)
}

// absolute is a path from the command line, or the default where there is none.
func absolute(path, byDefault string) (string, error) {
	if path == "" {
		return byDefault, nil
	}
	return filepath.Abs(path)
}

// repository is the nearest folder upwards that holds Pulumi.yaml.
func repository() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "Pulumi.yaml")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no Pulumi.yaml in %s or above; run this inside the repository", start)
		}
	}
}
