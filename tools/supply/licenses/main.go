// Command licenses prints the modules in bills of materials with their licenses, each once. It fails if a module has
// none that is known, or one that asks more of a release than to name it.
//
//	licenses FILE.cdx.json...
package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// accepted holds the licenses that ask a release to name the authors, or to offer the module's own source, which is
// public. https://spdx.org/licenses/
var accepted = []string{
	"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD-Source-Code", "CC0-1.0", "ISC", "MIT", "MIT-0", "MPL-2.0",
	"Unlicense", "Zlib",
}

// standard is the name of Go's standard library in a bill. Its license is BSD-3-Clause: https://go.dev/LICENSE
const standard = "std"

// own begins the names of this repository's modules.
const own = "private-api-blueprints"

// bill is what the command reads of a bill of materials. https://cyclonedx.org/docs/1.6/json/
type bill struct {
	Components []component `json:"components"`
}

type component struct {
	Name     string `json:"name"`
	Version  string `json:"version"`
	Licenses []struct {
		License struct {
			ID   string `json:"id"`
			Name string `json:"name"`
		} `json:"license"`
	} `json:"licenses"`
}

func main() {
	lines, problems := map[string]bool{}, map[string]bool{}
	for _, file := range os.Args[1:] {
		if err := read(file, lines, problems); err != nil {
			problems[err.Error()] = true
		}
	}
	for _, line := range slices.Sorted(maps.Keys(lines)) {
		fmt.Println(line)
	}
	for _, problem := range slices.Sorted(maps.Keys(problems)) {
		fmt.Fprintln(os.Stderr, "licenses:", problem)
	}
	if len(lines) == 0 || len(problems) > 0 {
		os.Exit(1)
	}
}

// read adds a line for each module of a bill, and what is wrong with its licenses.
func read(file string, lines, problems map[string]bool) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var b bill
	if err := json.Unmarshal(text, &b); err != nil {
		return fmt.Errorf("%s: want a bill of materials in CycloneDX's JSON: %w", file, err)
	}
	for _, c := range b.Components {
		if strings.HasPrefix(c.Name, own) {
			continue
		}
		names := c.licenses()
		lines[fmt.Sprintf("%s %s: %s", c.Name, c.Version, strings.Join(names, ", "))] = true
		if len(names) == 0 || !slices.ContainsFunc(names, func(n string) bool { return slices.Contains(accepted, n) }) {
			problems[fmt.Sprintf("%s %s has the licenses %q: want one of %s", c.Name, c.Version, names,
				strings.Join(accepted, ", "))] = true
		}
	}
	return nil
}

// licenses returns the licenses of a component. If there are several, each of them is enough.
func (c component) licenses() (names []string) {
	if c.Name == standard {
		return []string{"BSD-3-Clause"}
	}
	for _, l := range c.Licenses {
		names = append(names, cmp.Or(l.License.ID, l.License.Name))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
