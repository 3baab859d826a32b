// Command sandbox runs the Pulumi program of this repository through the real Pulumi engine against a simulated AWS
// account. `sandbox help` lists its commands.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"private-api-blueprints/blueprints"
	"private-api-blueprints/cmd/sandbox/internal/command"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // A second interrupt ends the command at once.
	code := command.Run(ctx, os.Args[1:], blueprints.Deploy, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
