// Command permissions writes docs/permissions: for each blueprint, the IAM
// permissions and the quotas that its example needs. It knows the resource types
// from the golden graphs in tests/testdata, and what each needs from
// docs/permissions.yaml. Its argument is the root of the repository, unless that is
// the current folder.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"private-api-blueprints/config"
)

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	if err := write(root); err != nil {
		fmt.Fprintln(os.Stderr, "permissions:", err)
		os.Exit(1)
	}
}

// write writes the pages of the repository in a folder.
func write(root string) error {
	pages, err := generate(root)
	if err != nil {
		return err
	}
	for path, content := range pages {
		if err := os.WriteFile(filepath.Join(root, path), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate returns the pages by path, for the repository in a folder.
func generate(root string) (map[string][]byte, error) {
	t, err := readTable(filepath.Join(root, "docs", "permissions.yaml"))
	if err != nil {
		return nil, err
	}
	pages := map[string][]byte{}
	for _, blueprint := range config.Blueprints() {
		g, err := readGraph(filepath.Join(root, "tests", "testdata", blueprint.Name+".golden"))
		if err != nil {
			return nil, err
		}
		if missing := t.missing(g); len(missing) > 0 {
			return nil, fmt.Errorf("%s has types without a row in docs/permissions.yaml: %v", blueprint.Name, missing)
		}
		pages["docs/permissions/"+blueprint.Name+".md"] = page(blueprint.Name, t, g)
	}
	return pages, nil
}
