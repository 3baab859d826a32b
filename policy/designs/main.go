// Command designs writes the page about the pack's findings in stacks of others.
// Run it in the policy folder:
//
//	go run ./designs
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	stacks := flag.String("stacks", "designs/testdata", "folder of the stacks")
	properties := flag.String("properties", "decode/properties_v7.yaml", "list of the provider's properties")
	out := flag.String("out", "../docs/designs.md", "the page")
	flag.Parse()
	if err := write(*stacks, *properties, *out); err != nil {
		fmt.Fprintln(os.Stderr, "designs:", err)
		os.Exit(1)
	}
}

// write writes the page.
func write(stacks, properties, out string) error {
	text, err := page(stacks, properties)
	if err != nil {
		return err
	}
	return os.WriteFile(out, []byte(text), 0o644)
}
