// Command policy is the policy pack's executable. The Pulumi CLI compiles it for
// `--policy-pack policy` and starts it for `--policy-pack bin/policy`.
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

// project is the only place of the pack's version, description and website.
//
//go:embed PulumiPolicy.yaml
var project []byte

// readme is what Pulumi Cloud shows about the pack.
//
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
	engine := "" // The engine passes its address as the first argument.
	if len(os.Args) > 1 {
		engine = os.Args[1]
	}
	return pack.Serve(context.Background(), p, engine, os.Stdout)
}
