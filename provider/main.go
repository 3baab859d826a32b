// Command provider serves the blueprints as components of a Pulumi package, for
// programs in any language. docs/package.md says how to use it.
//
// The components take the configuration structs of package config: the schema is
// generated from them, and Construct decodes, checks and refuses inputs as a stack
// does its configuration. Package infer of pulumi-go-provider would need a second set
// of structs, with its own tags and with Pulumi's input types, so this command uses
// the interface below it.
package main

import (
	"context"
	_ "embed" // For the schema.
	"fmt"
	"os"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"

	"private-api-blueprints/blueprints"
	"private-api-blueprints/config"
)

// schema is the schema of the package, which config/docgen writes.
//
//go:embed schema.json
var schema string

// name is the name of the package.
const name = "private-api-blueprints"

// version is what the plugin says of itself. The version of the package is the tag that it is built from, which Pulumi
// knows. The schema has none, so that Pulumi takes that one.
const version = "0.0.0-dev"

func main() {
	if err := p.RunProvider(context.Background(), name, version, served()); err != nil {
		fmt.Fprintln(os.Stderr, name+":", err)
		os.Exit(1)
	}
}

// served returns what the plugin serves.
func served() p.Provider {
	return p.Provider{
		GetSchema: func(context.Context, p.GetSchemaRequest) (p.GetSchemaResponse, error) {
			return p.GetSchemaResponse{Schema: schema}, nil
		},
		Construct: construct,
	}
}

// construct registers a component.
func construct(ctx context.Context, request p.ConstructRequest) (p.ConstructResponse, error) {
	return p.ProgramConstruct(ctx, request, func(
		ctx *pulumi.Context, token, name string, _ provider.ConstructInputs, options pulumi.ResourceOption,
	) (*provider.ConstructResult, error) {
		blueprint, err := blueprintOf(token)
		if err != nil {
			return nil, err
		}
		values, problems := decode(request.Inputs)
		problems.Subject = "the inputs of " + name + " have"
		component, outputs, err := blueprints.Construct(ctx, blueprints.Instance{
			Blueprint: blueprint, Name: name, Inputs: values, Problems: problems, Options: options,
		})
		if err != nil {
			return nil, err
		}
		return &provider.ConstructResult{URN: component.URN(), State: outputs}, nil
	})
}

// blueprintOf returns the name of the blueprint that a type of component is.
func blueprintOf(token string) (string, error) {
	for _, blueprint := range config.Blueprints() {
		if blueprints.Token(blueprint) == token {
			return blueprint.Name, nil
		}
	}
	return "", fmt.Errorf("the package has no component %s", token)
}
