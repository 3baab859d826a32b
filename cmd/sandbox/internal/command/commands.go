package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/spf13/cobra"

	"private-api-blueprints/sandbox"
	"private-api-blueprints/sandbox/live"
)

// preview returns the command `sandbox preview`.
func (inv *invocation) preview() *cobra.Command {
	cmd := inv.stackCommand("preview", "Show what up would do, and what the policies say about it",
		func(ctx context.Context, s *sandbox.Sandbox, _ []string) error { return preview(ctx, s, inv.events) })
	cmd.Example = `  sandbox preview
  sandbox preview --config 'blueprint:endpoint.clientCidrs[0]=0.0.0.0/0'
  sandbox preview --events events.json; report events.json`
	cmd.Flags().StringVar(&inv.events, "events", "",
		"a `file` for the engine's events, which the command report reads")
	return inv.addPolicyFlags(cmd)
}

// preview previews the stack, and writes the engine's events to a file unless its name is empty.
func preview(ctx context.Context, s *sandbox.Sandbox, events string) error {
	if events == "" {
		_, err := s.Preview(ctx)
		return err
	}
	file, err := os.Create(events)
	if err != nil {
		return err
	}
	s.Events = file
	_, err = s.Preview(ctx)
	return errors.Join(err, file.Close())
}

// up returns the command `sandbox up`.
func (inv *invocation) up() *cobra.Command {
	cmd := inv.stackCommand("up", "Deploy the stack into the simulated AWS account",
		func(ctx context.Context, s *sandbox.Sandbox, _ []string) error { return up(ctx, s) })
	cmd.Example = `  sandbox up
  sandbox up --stack ipv6-front
  sandbox up --stack mine --config-file my.yaml`
	return inv.addPolicyFlags(cmd)
}

// refresh returns the command `sandbox refresh`.
func (inv *invocation) refresh() *cobra.Command {
	return inv.stackCommand("refresh", "Update the stack's state to what the account holds",
		func(ctx context.Context, s *sandbox.Sandbox, _ []string) error {
			_, err := s.Refresh(ctx)
			return err
		})
}

// destroy returns the command `sandbox destroy`.
func (inv *invocation) destroy() *cobra.Command {
	cmd := inv.stackCommand("destroy", "Delete every resource of the stack",
		func(ctx context.Context, s *sandbox.Sandbox, _ []string) error { return s.Destroy(ctx) })
	cmd.Long = `Destroy deletes every resource of the stack. It stops at protected resources, as
Pulumi always does.`
	cmd.Example = `  sandbox destroy
  sandbox exec -- pulumi state unprotect --all --yes && sandbox destroy`
	return cmd
}

// reset returns the command `sandbox reset`.
func (inv *invocation) reset() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "reset",
		Short: "Delete the simulated account, and the state of every stack in it",
		Long: `Reset deletes the simulated account, and the state of every stack in it. It is the
way out if their files are lost or broken. It touches nothing on AWS and no file
of yours.`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			inv.began = true
			if err := inv.locate(); err != nil {
				return err
			}
			return sandbox.Reset(inv.options.StateDir)
		},
	}
	inv.addStateFlag(cmd)
	return cmd
}

// export returns the command `sandbox export`.
func (inv *invocation) export() *cobra.Command {
	cmd := inv.stackCommand("export", "Print the stack's deployment, as pulumi stack export does",
		func(ctx context.Context, s *sandbox.Sandbox, _ []string) error { return s.Export(ctx) })
	cmd.Example = `  sandbox export > state.json`
	return cmd
}

// exec returns the command `sandbox exec`.
func (inv *invocation) exec() *cobra.Command {
	cmd := inv.stackCommand("exec -- COMMAND [ARGUMENT...]", "Run a command, such as a plain pulumi, in the sandbox",
		func(ctx context.Context, s *sandbox.Sandbox, args []string) error { return s.Exec(ctx, args...) })
	cmd.Long = `Exec runs a command whose environment leads every pulumi to the sandbox: to its
state, its configuration and its simulated providers.`
	cmd.Example = `  sandbox exec -- pulumi stack output
  sandbox exec --stack ipv6-front -- pulumi state unprotect --all --yes`
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) == 0 {
			return errors.New("exec needs a command after --, such as: sandbox exec -- pulumi stack output")
		}
		return nil
	}
	cmd.Flags().SetInterspersed(false) // The flags after the command are its own.
	return cmd
}

// up deploys the stack and prints its outputs.
func up(ctx context.Context, s *sandbox.Sandbox) error {
	result, err := s.Up(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Stdout, "\nStack %s is deployed in the sandbox. "+
		"Nothing is on AWS; docs/aws.md says how to deploy there.\n", s.Stack)
	table := tabwriter.NewWriter(s.Stdout, 0, 0, 2, ' ', 0)
	for _, name := range slices.Sorted(maps.Keys(result.Outputs)) {
		label := name
		for _, line := range lines(result.Outputs[name]) {
			fmt.Fprintf(table, "  %s\t%v\n", label, line)
			label = ""
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	return tellHowToCall(s)
}

// tellHowToCall prints the commands that call what the stack deployed in the sandbox. They follow its outputs, whose
// command lines are for AWS.
func tellHowToCall(s *sandbox.Sandbox) error {
	promises, err := sandbox.Promises(s.StateDir, s.Stack)
	if err != nil {
		return err
	}
	var text strings.Builder
	stack := " --stack " + s.Stack
	text.WriteString("\nCommand lines among the outputs, such as that of curl, are for AWS. These work in the sandbox:\n")
	if url, from := called(promises); url != "" {
		fmt.Fprintf(&text, "  bin/sandbox call --from '%s' %s\n", from, url)
	}
	fmt.Fprintf(&text, "  bin/sandbox call%s\n  bin/sandbox serve%s\n", stack, stack)
	text.WriteString("`call` makes the requests that the stack promises, or the one that you name (make call).\n" +
		"`serve` lets your own curl and dig in (make serve). docs/live.md describes them.\n")
	_, err = io.WriteString(s.Stdout, text.String())
	return err
}

// called returns the URL and the place of the client of the first promise that needs nothing else.
func called(promises []live.Promise) (url, from string) {
	for _, p := range promises {
		method, url, _ := strings.Cut(p.Request, " ")
		plain := p.ConnectTo == "" && p.Headers == nil && !p.Signed && !p.Foreign && !p.ApiKey
		if p.Delivered() && method == "GET" && !strings.Contains(url, "${") && plain {
			return url, p.From
		}
	}
	return "", ""
}

// lines returns the items of a list, the entries of a map, or any other value as one
// item. It does not show a secret.
func lines(output auto.OutputValue) []any {
	if output.Secret {
		return []any{"[secret]"}
	}
	switch value := output.Value.(type) {
	case []any:
		return value
	case map[string]any:
		var entries []any
		for _, key := range slices.Sorted(maps.Keys(value)) {
			entries = append(entries, fmt.Sprintf("%s: %v", key, value[key]))
		}
		return entries
	default:
		return []any{value}
	}
}
