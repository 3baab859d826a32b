// Command private-api-blueprints is the Pulumi program. It deploys the blueprint that the stack's configuration
// selects.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/blueprints"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		config, err := configuration()
		if err != nil {
			return err
		}
		return blueprints.Deploy(ctx, config)
	})
}

// configuration returns the stack's whole configuration by full key. The SDK returns a value only for a given key, so
// that a key that no code asks for would go unnoticed.
func configuration() (map[string]string, error) {
	config := map[string]string{}
	if err := json.Unmarshal([]byte(os.Getenv(pulumi.EnvConfig)), &config); err != nil {
		return nil, fmt.Errorf("%s: want the stack's configuration as the engine passes it: %w", pulumi.EnvConfig, err)
	}
	return config, nil
}
