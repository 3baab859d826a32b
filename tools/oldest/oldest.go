//go:build tools

// Package oldest requires the oldest version of the Pulumi CLI that the sandbox accepts. The tests build it and run it.
// Its other requirements equal those of tools/, so that a machine compiles most packages once for both versions.
package oldest

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
