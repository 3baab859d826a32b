package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"text/tabwriter"

	"private-api-blueprints/sandbox"
)

// up deploys, and ends with what a person needs next.
func up(ctx context.Context, s *sandbox.Sandbox) error {
	result, err := s.Up(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Stdout, "\nStack %s is up, in the sandbox; nothing is on AWS (README.md says how to go there).\n", s.Stack)
	table := tabwriter.NewWriter(s.Stdout, 0, 0, 2, ' ', 0)
	for _, name := range slices.Sorted(maps.Keys(result.Outputs)) {
		label := name
		for _, line := range lines(result.Outputs[name].Value) {
			fmt.Fprintf(table, "  %s\t%v\n", label, line)
			label = ""
		}
	}
	return table.Flush()
}

// lines are the items of a list, one a line, or the one value.
func lines(value any) []any {
	if list, ok := value.([]any); ok {
		return list
	}
	return []any{value}
}
