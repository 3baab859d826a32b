//go:build tools

// Package tools pins the commands that the repository builds for itself: the
// Pulumi CLI of the sandbox and the linter. It is a module of its own so that
// their dependencies never reach the program or the policy pack.
package tools

import (
	_ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
	_ "honnef.co/go/tools/cmd/staticcheck"
)
