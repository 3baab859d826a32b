// Package command is the command line of the sandbox: commands, flags, help and exit statuses. It gets the Pulumi
// program from its caller, so that its tests compile without the AWS SDK.
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"private-api-blueprints/sandbox"
)

const long = `Sandbox runs the Pulumi program of this repository through the real Pulumi
engine against a simulated AWS account. It needs no credentials.

The exit status is that of Pulumi, or of the command that exec runs. It is 2 for
a usage error, and 1 for any other failure.`

// packConfig is the name of the file in the repository that configures the policy pack for the repository's stacks.
const packConfig = "policy-config.json"

// Run runs one command line against a Pulumi program. It returns the exit status.
func Run(ctx context.Context, args []string, program sandbox.Program, stdout, stderr io.Writer) int {
	inv := &invocation{options: sandbox.Options{Program: program, Stdout: stdout, Stderr: stderr}}
	root := inv.root()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	called, err := root.ExecuteContextC(ctx)
	var exit *sandbox.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &exit):
		return exit.Code
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "sandbox: interrupted")
		return 1
	case inv.began:
		fmt.Fprintf(stderr, "sandbox: %v\n", err)
		return 1
	default:
		fmt.Fprintf(stderr, "sandbox: %v\nRun '%s --help' for usage.\n", err, called.CommandPath())
		return 2
	}
}

// invocation holds what one command line says.
type invocation struct {
	options sandbox.Options
	events  string // The file for the engine's events, or empty.
	// failedZone is an Availability Zone in which nothing answers, for the commands that ask.
	failedZone string
	began      bool // Whether the command line was understood, so that an error is not one of usage.
}

// root returns the whole tree of commands.
func (inv *invocation) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "sandbox",
		Short:         "Run the Pulumi program against a simulated AWS account",
		Long:          long,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(*cobra.Command, []string) error {
			return errors.New("want a command, such as preview or up")
		},
	}
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp)
	root.AddCommand(inv.init(), inv.list(), inv.preview(), inv.up(), inv.refresh(), inv.destroy(), inv.reset(),
		inv.export(), inv.exec(), inv.calls(), inv.dig(), inv.serve())
	root.InitDefaultHelpCmd()
	help, _, err := root.Find([]string{"help"})
	cobra.CheckErr(err)
	help.Args = existingCommand
	return root
}

// existingCommand is the cobra.PositionalArgs of the command help, which would accept any words otherwise.
func existingCommand(cmd *cobra.Command, args []string) error {
	_, rest, err := cmd.Root().Find(args)
	if err == nil && len(rest) > 0 {
		err = fmt.Errorf("there is no command %q", strings.Join(args, " "))
	}
	return err
}

// work is what a command does in an open sandbox, with its arguments.
type work func(ctx context.Context, s *sandbox.Sandbox, args []string) error

// stackCommand returns a command that works on one stack, with the flags that choose the stack.
func (inv *invocation) stackCommand(use, short string, do work) *cobra.Command {
	cmd := &cobra.Command{
		Use:   use,
		Short: short,
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, args []string) error {
			inv.began = true
			return inv.inSandbox(cmd.Context(), func(s *sandbox.Sandbox) error { return do(cmd.Context(), s, args) })
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&inv.options.Stack, "stack", "",
		"the stack's `name` (default "+ownStack+" if it has a file, otherwise "+firstExample+")")
	flags.StringVar(&inv.options.ConfigFile, "config-file", "",
		"the `file` with the stack's configuration (default Pulumi.<stack>.yaml)")
	flags.Var(&settings{&inv.options.Config}, "config",
		"a setting over those of the file, for this command only; KEY may be a path, such as "+
			"blueprint:front.allowedCidrs[0]; repeatable")
	inv.addStateFlag(cmd)
	cobra.CheckErr(cmd.RegisterFlagCompletionFunc("stack", completeStacks))
	cobra.CheckErr(cmd.MarkFlagFilename("config-file", "yaml"))
	return cmd
}

// addStateFlag adds the flag of every command that reads the sandbox's state.
func (inv *invocation) addStateFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&inv.options.StateDir, "state", "",
		"the `folder` for the sandbox's state (default .sandbox in the repository)")
	cobra.CheckErr(cmd.MarkFlagDirname("state"))
}

// addPolicyFlags adds the flags of the commands that policies judge.
func (inv *invocation) addPolicyFlags(cmd *cobra.Command) *cobra.Command {
	flags := cmd.Flags()
	flags.BoolVar(&inv.options.NoPolicy, "no-policy", false, "run without the policy pack")
	flags.StringVar(&inv.options.PackConfig, "policy-config", "",
		"the `file` with the policy pack's configuration (default "+packConfig+" in the repository, if it exists)")
	cobra.CheckErr(cmd.MarkFlagFilename("policy-config", "json"))
	return cmd
}

// noArguments is the cobra.PositionalArgs of the commands that take flags only.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("%s takes flags only, got the argument %q", cmd.Name(), args[0])
	}
	return nil
}

// settings is the flag --config.
type settings struct{ list *[]string }

func (s *settings) String() string { return "" }

func (s *settings) Type() string { return "KEY=VALUE" }

func (s *settings) Set(text string) error {
	key, _, found := strings.Cut(text, "=")
	namespace, name, _ := strings.Cut(key, ":")
	if !found || namespace == "" || name == "" {
		return errors.New("want KEY=VALUE with a key such as aws:region or blueprint:name")
	}
	*s.list = append(*s.list, text)
	return nil
}

// inSandbox opens the sandbox of the repository that the working directory is in, and calls do with it.
func (inv *invocation) inSandbox(ctx context.Context, do func(*sandbox.Sandbox) error) (err error) {
	if err := inv.locate(); err != nil {
		return err
	}
	// Pulumi runs programs in their project's folder.
	if err := os.Chdir(inv.options.Root); err != nil {
		return err
	}
	s, err := sandbox.Open(ctx, inv.options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return do(s)
}

// locate completes the options with the paths that depend on the repository.
func (inv *invocation) locate() (err error) {
	o := &inv.options
	if o.Root, err = repository(); err != nil {
		return err
	}
	if o.Stack == "" {
		o.Stack = defaultStack(o.Root)
	}
	if o.ConfigFile, err = absolute(o.ConfigFile, filepath.Join(o.Root, "Pulumi."+o.Stack+".yaml")); err != nil {
		return err
	}
	if o.StateDir, err = absolute(o.StateDir, filepath.Join(o.Root, ".sandbox")); err != nil {
		return err
	}
	if inv.events, err = absolute(inv.events, ""); err != nil {
		return err
	}
	byDefault := filepath.Join(o.Root, packConfig)
	if _, err := os.Stat(byDefault); err != nil {
		byDefault = "" // The pack's own defaults.
	}
	o.PackConfig, err = absolute(o.PackConfig, byDefault)
	return err
}

// The stacks that commands work on by default. `pulumi new` proposes the name ownStack.
const ownStack, firstExample = "dev", "static-ip-apigw"

// defaultStack returns the name of the stack to work on if the command line names none.
func defaultStack(root string) string {
	if _, err := os.Stat(filepath.Join(root, "Pulumi."+ownStack+".yaml")); err == nil {
		return ownStack
	}
	return firstExample
}

// absolute returns the absolute form of a path from the command line, or the default if the path is empty.
func absolute(path, byDefault string) (string, error) {
	if path == "" {
		return byDefault, nil
	}
	return filepath.Abs(path)
}

// repository returns the nearest folder that holds Pulumi.yaml: the working directory or one above it.
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
