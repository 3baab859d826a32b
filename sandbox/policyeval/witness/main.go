// Command witness reads policies with requests from standard input, one JSON
// object per line, and prints a verdict for each. The policy pack's tests compare
// these verdicts with those of the pack.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"private-api-blueprints/sandbox/policyeval"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run prints a line per policy: the verdict, or the error that the policy causes.
func run(in io.Reader, out io.Writer) error {
	for decoder := json.NewDecoder(in); ; {
		var question struct {
			Policy  string
			Request policyeval.Request
		}
		if err := decoder.Decode(&question); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		verdict, err := policyeval.Evaluate([]byte(question.Policy), question.Request)
		if err != nil {
			verdict = policyeval.Verdict(err.Error())
		}
		fmt.Fprintln(out, verdict)
	}
}
