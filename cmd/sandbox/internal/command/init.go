package command

import (
	"cmp"
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/spf13/cobra"

	"private-api-blueprints/cmd/sandbox/internal/account"
	"private-api-blueprints/cmd/sandbox/internal/newstack"
	"private-api-blueprints/config"
	"private-api-blueprints/sandbox"
)

// init returns the command `sandbox init`.
func (inv *invocation) init() *cobra.Command {
	var options newstack.Options
	var blueprint string
	var aws bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write the file of a new stack, with values of the account",
		Long: `Init writes Pulumi.<stack>.yaml for a blueprint. It asks about each key that the
program would refuse to do without, and offers what the account holds: zones,
hosted zones, networks, the role for logs. The account is the simulated one; with
--aws it is yours, which init only reads, with the credentials of the environment.

It checks the answers as a preview does, and writes nothing before all of them
are accepted. It replaces no file, except one with the two keys that pulumi new
writes, whose content it keeps.`,
		Example: `  sandbox init
  sandbox init --aws --stack prod --blueprint shared-vpc-apis
  sandbox init --yes --blueprint static-ip-apigw --config 'blueprint:front.allowedCidrs[0]=192.0.2.0/24'`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			inv.began = true
			if blueprint != "" {
				options.Settings = append([]string{"blueprint:name=" + blueprint}, options.Settings...)
			}
			options.In, options.Out = os.Stdin, inv.options.Stdout
			return inv.write(cmd.Context(), options, aws)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&options.Stack, "stack", "", "the stack's `name` (asked for if it is left out)")
	flags.StringVar(&blueprint, "blueprint", "", "the `name` of the blueprint, as in --config blueprint:name=name")
	flags.Var(&settings{&options.Settings}, "config",
		"an answer; KEY may be a path, such as blueprint:front.allowedCidrs[0]; repeatable")
	flags.BoolVar(&options.Yes, "yes", false, "take the first proposal instead of asking")
	flags.BoolVar(&options.Draft, "draft", false, "write the file even if keys are missing, and list them in it")
	flags.BoolVar(&aws, "aws", false, "read your AWS account instead of the simulated one")
	inv.addStateFlag(cmd)
	var names []string
	for _, b := range config.Blueprints() {
		names = append(names, b.Name)
	}
	complete := cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp)
	cobra.CheckErr(cmd.RegisterFlagCompletionFunc("blueprint", complete))
	return cmd
}

// write writes the file of a new stack, and says what comes next.
func (inv *invocation) write(ctx context.Context, options newstack.Options, aws bool) error {
	if err := inv.locate(); err != nil {
		return err
	}
	options.Root = inv.options.Root
	if aws { // The provider reads the same variables.
		options.Region = cmp.Or(os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"))
	}
	options.Account = func(ctx context.Context, provider map[string]string) (*account.Account, error) {
		engine := inv.simulated
		if aws {
			engine = inv.real
		}
		return account.Read(ctx, engine, sandbox.ProviderVersion(), provider)
	}
	written, err := newstack.Write(ctx, options)
	if err != nil {
		return err
	}
	missing := ""
	if written.Missing > 0 {
		missing = " It lists the keys that are still to be set."
	}
	fmt.Fprintf(inv.options.Stdout, "\nWrote %s.%s\n\n"+
		"    make preview STACK=%s      shows what the stack deploys, without AWS\n"+
		"    make up STACK=%s           deploys it into the simulated account\n\n"+
		"docs/aws.md says how to deploy it to AWS.\n",
		written.File, missing, written.Stack, written.Stack)
	return nil
}

// simulated runs a program of lookups against the simulated account.
func (inv *invocation) simulated(ctx context.Context, provider map[string]string, program pulumi.RunFunc) error {
	return inv.inSandbox(ctx, func(s *sandbox.Sandbox) error { return s.LookUp(ctx, provider, program) })
}

// real runs a program of lookups against the account of the user.
func (inv *invocation) real(ctx context.Context, provider map[string]string, program pulumi.RunFunc) error {
	return sandbox.LookUpOnAWS(ctx, inv.options.Root, inv.options.Stderr, provider, program)
}
