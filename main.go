// Command private-api-blueprints is the Pulumi program: it deploys the
// blueprint that the stack's configuration selects.
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

// configuration is everything that the stack configures. The SDK gives a value
// by its key only, and a key that nobody asks for would go unnoticed.
func configuration() (map[string]string, error) {
	config := map[string]string{}
	if err := json.Unmarshal([]byte(os.Getenv(pulumi.EnvConfig)), &config); err != nil {
		return nil, fmt.Errorf("%s: want the stack's configuration as the engine passes it: %w", pulumi.EnvConfig, err)
	}
	return config, nil
}
