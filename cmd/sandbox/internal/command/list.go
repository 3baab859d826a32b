package command

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"private-api-blueprints/sandbox"
)

// list returns the command `sandbox list`.
func (inv *invocation) list() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the stacks that can be deployed, and what is deployed",
		Long: `List prints each stack that has a configuration file in the repository or a state
in the sandbox. It shows the blueprint that the stack selects, and how many
resources of it are deployed in the sandbox.`,
		Args: noArguments,
		RunE: func(*cobra.Command, []string) error {
			inv.began = true
			if err := inv.locate(); err != nil {
				return err
			}
			return list(inv.options.Stdout, inv.options.Root, inv.options.StateDir)
		},
	}
	inv.addStateFlag(cmd)
	return cmd
}

// list prints a table of the stacks in the repository at root and in the state folder.
func list(w io.Writer, root, stateDir string) error {
	files, err := stackFiles(root)
	if err != nil {
		return err
	}
	deployed, err := sandbox.Deployed(stateDir)
	if err != nil {
		return err
	}
	stacks := map[string]bool{}
	for name := range files {
		stacks[name] = true
	}
	for name := range deployed {
		stacks[name] = true
	}
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "STACK\tBLUEPRINT\tDEPLOYED")
	for _, name := range slices.Sorted(maps.Keys(stacks)) {
		blueprint := "(no configuration file)"
		if file, ok := files[name]; ok {
			if blueprint, err = blueprintOf(file); err != nil {
				return err
			}
		}
		fmt.Fprintf(table, "%s\t%s\t%s\n", name, blueprint, resources(deployed[name]))
	}
	return table.Flush()
}

// resources returns a number of resources in words.
func resources(n int) string {
	switch n {
	case 0:
		return "no"
	case 1:
		return "1 resource"
	}
	return fmt.Sprintf("%d resources", n)
}

// stackFiles returns the stacks' configuration files by the stack's name.
func stackFiles(root string) (map[string]string, error) {
	paths, err := filepath.Glob(filepath.Join(root, "Pulumi.*.yaml"))
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, path := range paths {
		name := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "Pulumi."), ".yaml")
		files[name] = path
	}
	return files, nil
}

// blueprintOf returns the blueprint that a stack's configuration file selects.
func blueprintOf(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var stack struct {
		Config map[string]any `yaml:"config"`
	}
	if err := yaml.Unmarshal(text, &stack); err != nil {
		return "", fmt.Errorf("%s: %w", file, err)
	}
	if name, ok := stack.Config["blueprint:name"].(string); ok {
		return name, nil
	}
	return "(none selected)", nil
}

// completeStacks completes the flag --stack with the stacks that have a configuration file.
func completeStacks(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	root, err := repository()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	files, err := stackFiles(root)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return slices.Sorted(maps.Keys(files)), cobra.ShellCompDirectiveNoFileComp
}
