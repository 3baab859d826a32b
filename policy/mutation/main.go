// Command mutation changes each blueprint's example stack one thing at a time, and sees whether the pack notices. It
// writes the page about it. Run it in the policy folder:
//
//	go run ./mutation
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	folder := flag.String("folder", "mutation", "folder of the recordings and the tables")
	out := flag.String("out", "../docs/mutants.md", "the page")
	list := flag.Bool("missed", false, "list each missed mutant instead of writing the page")
	exported := flag.String("witness", "", "write how the mutants of an exported state differ from it, as JSON, "+
		"instead of writing the page")
	asked := flag.String("deployed", "", "with -witness: write instead what the trace says about the deployed mutants "+
		"of a file, as JSON")
	flag.Parse()
	var err error
	if *exported != "" {
		err = witness(os.Stdout, *folder, *exported, *asked)
	} else {
		err = run(*folder, *out, *list)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutation:", err)
		os.Exit(1)
	}
}

// run judges all mutants, and writes the page or lists the missed ones.
func run(folder, out string, list bool) error {
	scores, _, err := judgeAll(folder)
	if err != nil {
		return err
	}
	names := strings.Join(namesOfMissed(scores), "\n") + "\n"
	if list {
		_, err := fmt.Print(names)
		return err
	}
	return errors.Join(
		os.WriteFile(out, []byte(page(scores)), 0o644),
		os.WriteFile(folder+"/"+missedFile, []byte(names), 0o644),
	)
}

// missedFile lists the missed mutants, so that a test can name those that are new.
const missedFile = "missed.txt"

// namesOfMissed returns the missed mutants, one a line.
func namesOfMissed(scores []score) []string {
	var names []string
	for _, s := range scores {
		for _, r := range s.results {
			if r.verdict == missed {
				names = append(names, fmt.Sprintf("%s, %s: %s: %s", s.blueprint, s.view, r.Change, r.key()))
			}
		}
	}
	return names
}

// score is what the pack makes of the mutants of a stack.
type score struct {
	*stack
	results []result
}

// judgeAll judges all mutants of all recorded stacks.
func judgeAll(folder string) ([]score, *tables, error) {
	t, err := readTables(folder)
	if err != nil {
		return nil, nil, err
	}
	stacks, err := readStacks(folder + "/testdata")
	if err != nil {
		return nil, nil, err
	}
	p, err := newPack(folder + "/../../policy-config.json")
	if err != nil {
		return nil, nil, err
	}
	var all []score
	for _, s := range stacks {
		results, err := s.judge(p, t)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, score{s, results})
	}
	return all, t, nil
}
