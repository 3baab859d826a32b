package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"private-api-blueprints/sandbox"
)

// up deploys, and ends with what a person needs next.
func up(ctx context.Context, s *sandbox.Sandbox) error {
	result, err := s.Up(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Stdout, "\nStack %s is up, in the sandbox; nothing is on AWS (README.md says how to go there).\n", s.Stack)
	for _, name := range slices.Sorted(maps.Keys(result.Outputs)) {
		fmt.Fprintf(s.Stdout, "  %-20s %s\n", name, text(result.Outputs[name].Value))
	}
	return nil
}

// text prints an output without Go's brackets.
func text(value any) string {
	list, ok := value.([]any)
	if !ok {
		return fmt.Sprint(value)
	}
	items := make([]string, len(list))
	for i, item := range list {
		items[i] = text(item)
	}
	return strings.Join(items, ", ")
}
