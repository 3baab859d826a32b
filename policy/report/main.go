// Command report turns the events of a preview, or those of `pulumi policy analyze
// --json`, into files: Markdown for a comment on a pull request, SARIF and JUnit for
// machines, and the graph of resources as text that diff compares.
//
//	PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true pulumi preview --json > events.json
//	report --markdown comment.md --sarif findings.sarif events.json
//
// docs/pull-requests.md of the repository describes it.
package main

import (
	"cmp"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

// Exit statuses of the command.
const (
	exitPassed = 0 // The preview finished, and no finding has the level that fails.
	exitFailed = 1 // The preview failed or stopped early, or a finding has the level that fails.
	exitUsage  = 2 // The command line or the events are wrong, or a file cannot be written.
)

func main() {
	status, err := run(os.Args[1:], os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		status = exitUsage
	}
	os.Exit(status)
}

// options holds what a command line asks for.
type options struct {
	events   string            // The name of the file with the events, or a hyphen.
	files    map[string]string // The file to write for each format.
	title    string            // The first line of the Markdown.
	stack    string            // The name of the stack, if the events do not say it.
	artifact string            // The file that SARIF results point to.
	pages    string            // The address of the folder with the rules' pages, or empty.
	failOn   level
}

// format writes a report in one of the formats.
type format func(w io.Writer, r *report, o *options) error

// formats holds the formats by the names of their flags.
var formats = map[string]format{
	"markdown": writeMarkdown,
	"sarif":    writeSARIF,
	"junit":    writeJUnit,
	"graph":    writeGraph,
}

// run runs the command and returns its exit status.
func run(args []string, stdin io.Reader, stdout io.Writer) (status int, err error) {
	o, err := parseArgs(args, stdout)
	if err != nil || o == nil {
		return exitPassed, err
	}
	from := stdin
	if o.events != "-" {
		file, err := os.Open(o.events)
		if err != nil {
			return exitUsage, err
		}
		defer file.Close()
		from = file
	}
	r, failed := read(from)
	if r == nil {
		return exitUsage, fmt.Errorf("%s: %w", o.events, failed)
	}
	o.stack = cmp.Or(o.stack, r.stack)
	for name, path := range o.files {
		if err := writeFile(path, stdout, func(w io.Writer) error { return formats[name](w, r, o) }); err != nil {
			return exitUsage, fmt.Errorf("--%s: %w", name, err)
		}
	}
	if failed != nil { // The files say that nothing started, so that none is left from an earlier run.
		return exitUsage, fmt.Errorf("%s: %w", o.events, failed)
	}
	if r.failed(o.failOn) {
		return exitFailed, nil
	}
	return exitPassed, nil
}

// writeFile writes a file, or the standard output if the name is a hyphen.
func writeFile(name string, stdout io.Writer, write func(io.Writer) error) error {
	if name == "-" {
		return write(stdout)
	}
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}

const usage = `Usage:
  report [flags] [EVENTS]

EVENTS is a file with the events of a preview or of pulumi policy analyze --json,
one JSON object per line. Without it, report reads the standard input. Without a
format it prints Markdown. The exit status is 1 if the preview failed or a finding
has the level of --fail-on.

Flags:
`

// parseArgs reads a command line. It returns nil if that only asks for help, which
// is then printed.
func parseArgs(args []string, help io.Writer) (*options, error) {
	o := &options{files: map[string]string{}, failOn: mandatory}
	flags := flag.NewFlagSet("report", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	for name, what := range map[string]string{
		"markdown": "a comment of less than 65,536 characters, in Markdown",
		"sarif":    "the findings in SARIF 2.1.0",
		"junit":    "the findings as test cases in JUnit's XML",
		"graph":    "the resources with their inputs, in an order that two runs share",
	} {
		flags.Func(name, "write "+what+", to this `file`, or - for the standard output", func(file string) error {
			o.files[name] = file
			return nil
		})
	}
	flags.StringVar(&o.title, "title", "", "the `heading` of the Markdown (default: Preview of STACK)")
	flags.StringVar(&o.stack, "stack", "", "the `name` of the stack (default: that of the events)")
	flags.StringVar(&o.artifact, "artifact", "Pulumi.yaml",
		"the `file` of the repository that SARIF results point to; Pulumi knows resources, not lines")
	flags.StringVar(&o.pages, "rules", "", "the `address` of the folder with the rules' pages, for links")
	flags.Func("fail-on", "the `level` that makes the exit status 1: mandatory, advisory or never "+
		"(default mandatory)", o.failOn.set)
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(help, usage)
		flags.SetOutput(help)
		flags.PrintDefaults()
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	switch flags.NArg() {
	case 0:
		o.events = "-"
	case 1:
		o.events = flags.Arg(0)
	default:
		return nil, fmt.Errorf("want one file of events, got %q (--help lists the flags)", flags.Args())
	}
	if len(o.files) == 0 {
		o.files["markdown"] = "-"
	}
	return o, nil
}
