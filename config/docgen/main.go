// Command docgen writes docs/configuration.md, docs/stack.schema.json and the
// schema of the Pulumi package from the structs of package config, their tags
// and their comments. Its argument is the root of the repository, unless that is
// the current folder.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"private-api-blueprints/config"
)

// Paths of the generated files in the repository.
const (
	pagePath   = "docs/configuration.md"
	schemaPath = "docs/stack.schema.json"
	// packagePath is the schema that the Pulumi package serves.
	packagePath = "provider/schema.json"
)

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	if err := write(root); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

// write writes the generated files of the repository in a folder.
func write(root string) error {
	files, err := generate(root)
	if err != nil {
		return err
	}
	for path, content := range files {
		if err := os.WriteFile(filepath.Join(root, path), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// generate returns the generated files by path, for the repository in a folder.
func generate(root string) (map[string][]byte, error) {
	comments, err := readComments(filepath.Join(root, "config"))
	if err != nil {
		return nil, err
	}
	var blueprints []blueprint
	for _, selectable := range config.Blueprints() {
		b, err := describe(selectable, comments)
		if err != nil {
			return nil, err
		}
		if b.example, err = exampleOf(root, b.name); err != nil {
			return nil, err
		}
		if b.outputs, err = readOutputs(filepath.Join(root, "docs/blueprints", b.name+".md")); err != nil {
			return nil, err
		}
		blueprints = append(blueprints, b)
	}
	schema, err := writeSchema(blueprints)
	if err != nil {
		return nil, err
	}
	pulumiSchema, err := writePackage(blueprints, comments)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{pagePath: writePage(blueprints), schemaPath: schema, packagePath: pulumiSchema}, nil
}

// exampleOf returns the name of the stack file that is a blueprint's example.
func exampleOf(root, blueprint string) (string, error) {
	files, err := filepath.Glob(filepath.Join(root, "Pulumi.*.yaml"))
	if err != nil {
		return "", err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		if strings.Contains(string(text), "\n  blueprint:name: "+blueprint+"\n") {
			return filepath.Base(file), nil
		}
	}
	return "", fmt.Errorf("no file Pulumi.*.yaml selects %s", blueprint)
}
