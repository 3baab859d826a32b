// Command progress runs a command that takes minutes and says how far it is, at least every ten seconds:
//
//	go run ./cmd/progress build "the sandbox" . -o bin/sandbox ./cmd/sandbox
//	go run ./cmd/progress run linting -- bin/golangci-lint run
//
// The first form runs `go build` in the folder that is named after the title, and counts packages.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"

	"private-api-blueprints/internal/progress"
)

const usage = `usage:
  progress build TITLE FOLDER [BUILD ARGUMENTS]
  progress run TITLE -- COMMAND [ARGUMENTS]`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		os.Exit(exit.ExitCode())
	case err != nil:
		fmt.Fprintln(os.Stderr, "progress:", err)
		os.Exit(2)
	}
}

// run runs the command that the arguments describe.
func run(ctx context.Context, args []string) error {
	reporter := progress.Reporter{Out: os.Stderr}
	switch {
	case len(args) >= 3 && args[0] == "build":
		return reporter.Build(ctx, args[1], args[2], args[3:]...)
	case len(args) >= 4 && args[0] == "run" && args[2] == "--":
		return reporter.Run(ctx, args[1], os.Stdout, args[3], args[4:]...)
	}
	return errors.New("wrong arguments\n" + usage)
}
