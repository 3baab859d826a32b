// Command ruledocs writes the rules' pages from the rules and their fixtures. Run
// it in the policy folder:
//
//	go run ./ruledocs
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	fixtures := flag.String("fixtures", "rules/testdata", "folder of the rules' fixtures")
	out := flag.String("out", "../docs/rules", "folder of the pages")
	flag.Parse()
	if err := write(*fixtures, *out); err != nil {
		fmt.Fprintln(os.Stderr, "ruledocs:", err)
		os.Exit(1)
	}
}

// write replaces all pages in a folder.
func write(fixtures, out string) error {
	all, err := pages(fixtures)
	if err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	for name, text := range all {
		if err := os.WriteFile(filepath.Join(out, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
