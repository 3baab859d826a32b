// The policy pack's executable: what `--policy-pack policy` compiles and what
// `--policy-pack bin/policy` starts.
package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"

	"go.yaml.in/yaml/v3"

	"private-api-blueprints/policy/pack"
	"private-api-blueprints/policy/rules"
)

// The project file is the one place of the pack's version and description.
//
//go:embed PulumiPolicy.yaml
var project []byte

//go:embed README.md
var readme string

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	about := pack.About{Readme: readme}
	if err := yaml.Unmarshal(project, &about); err != nil {
		return fmt.Errorf("PulumiPolicy.yaml: %w", err)
	}
	p, err := pack.New(about, rules.All())
	if err != nil {
		return err
	}
	engine := "" // The engine gives its address as the first argument.
	if len(os.Args) > 1 {
		engine = os.Args[1]
	}
	return pack.Serve(context.Background(), p, engine, os.Stdout)
}
