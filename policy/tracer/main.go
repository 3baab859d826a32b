// Command tracer follows a request through the exported state of a stack, and
// prints the way as a transcript that a person can follow. It needs no program, no
// engine and no login:
//
//	pulumi stack export | trace --from internet https://api.example.com/hello
//	trace --state state.json --all
//	trace --state state.json explain RULE URN
//
// docs/trace.md of the repository describes it.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/secrets"
	"private-api-blueprints/policy/state"
)

// Exit statuses of the command.
const (
	exitDelivered = 0 // The request is delivered on all ways as it was asked, or the rule is kept.
	exitRefused   = 1 // On at least one way it ends elsewhere or over another version of HTTP, or the rule is violated.
	exitUsage     = 2 // The command line or the state is wrong.
	exitUnknown   = 3 // The state does not say enough.
)

func main() {
	status, err := run(os.Args[1:], os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "trace:", err)
		status = exitUsage
	}
	os.Exit(status)
}

// run runs the command and returns its exit status.
func run(args []string, stdin io.Reader, stdout io.Writer) (status int, err error) {
	c, err := parseArgs(args, stdout)
	if err != nil || c == nil {
		return exitDelivered, err
	}
	stack, hidden, err := readStack(c.state, stdin)
	if err != nil {
		return exitUsage, err
	}
	var answer bytes.Buffer
	if status, err = answerTo(c, stack, &answer); err != nil {
		return status, errors.New(hidden.Text(err.Error()))
	}
	_, err = io.WriteString(stdout, withoutSecrets(answer.String(), hidden, c.json))
	return status, err
}

// answerTo writes the answer to a command line, and returns the exit status. The answer may quote secret values.
func answerTo(c *command, stack *model.Stack, out io.Writer) (status int, err error) {
	switch {
	case c.all:
		return printAll(out, stack, c.json)
	case c.rule != "":
		return explain(out, stack, c)
	}
	return printTrace(out, stack, c)
}

// readStack reads an exported state from a file, or from the standard input if the
// name is a hyphen. It also returns what hides the secrets of the state in texts.
func readStack(name string, stdin io.Reader) (*model.Stack, *secrets.Redactor, error) {
	from := stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, nil, err
		}
		defer file.Close()
		from = file
	}
	read, err := state.Read(from)
	if err != nil {
		return nil, nil, fmt.Errorf("--state = %q: %w", name, err)
	}
	return decode.Stack(read.Resources), secrets.Of(read.Resources, read.Inputs...), nil
}
