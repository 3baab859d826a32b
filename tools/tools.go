//go:build tools

// Package tools requires the Pulumi CLI that the sandbox builds. It is a separate module so that the dependencies of
// the CLI never reach the program or the policy pack.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
