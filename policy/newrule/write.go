package main

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"private-api-blueprints/policy/rule"
)

//go:embed templates
var templates embed.FS

// skeleton holds the names of a rule, for the templates.
type skeleton struct {
	ID       string // Such as endpoint-multiple-zones.
	Variable string // Such as endpointMultipleZones.
	Check    string // Such as checkEndpointMultipleZones.
	File     string // Such as endpoint_multiple_zones.
}

// write writes the skeleton of a rule into the policy folder, and returns the
// files that it wrote. It writes nothing if the ID is bad or taken, or if a file
// exists that it would create.
func write(folder, id string, all []*rule.Rule) ([]string, error) {
	if err := checkID(id, all); err != nil {
		return nil, err
	}
	s := skeleton{
		ID: id, Variable: camel(id, false), Check: "check" + camel(id, true), File: strings.ReplaceAll(id, "-", "_"),
	}
	files := map[string]string{}
	var err error
	add := func(path string, text string, problem error) {
		files[filepath.Join(folder, filepath.FromSlash(path))] = text
		err = errors.Join(err, problem)
	}
	generate := func(path, template string) {
		text, problem := s.execute(template)
		if _, exists := os.Stat(filepath.Join(folder, path)); exists == nil {
			problem = fmt.Errorf("%s exists: want a rule without files", path)
		}
		add(path, text, problem)
	}
	change := func(path string, insert func(text string) (string, error)) {
		text, problem := os.ReadFile(filepath.Join(folder, path))
		if problem != nil {
			add(path, "", problem)
			return
		}
		changed, problem := insert(string(text))
		add(path, changed, problem)
	}
	generate("rules/"+s.File+".go", "rule.go.tmpl")
	generate("rules/testdata/"+id+".txtar", "fixture.txtar.tmpl")
	change("rules/rules.go", func(text string) (string, error) { return s.listRule(text, all) })
	change("CHANGELOG.md", s.logChange)
	const faults = "../tests/faults/"
	if _, missing := os.Stat(filepath.Join(folder, faults)); missing == nil {
		generate(faults+s.File+".go", "fault.go.tmpl")
		change(faults+"faults.go", s.listFault)
	} else if !errors.Is(missing, fs.ErrNotExist) {
		return nil, missing
	}
	if err != nil {
		return nil, err
	}
	return writeAll(files)
}

// checkID returns why a new rule cannot have this ID.
func checkID(id string, all []*rule.Rule) error {
	if !regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)+$`).MatchString(id) {
		return fmt.Errorf("ID = %q: want at least two words in lower case, such as endpoint-multiple-zones", id)
	}
	if last := id[strings.LastIndex(id, "-")+1:]; slices.Contains(buildSuffixes, last) {
		return fmt.Errorf("ID = %q: want another last word: Go builds files that end in _%s.go for some platforms only",
			id, last)
	}
	for _, r := range all {
		if r.ID == id || slices.Contains(r.FormerIDs, id) {
			return fmt.Errorf("ID = %q: %s has it, or had it: want a new ID", id, r.ID)
		}
	}
	return nil
}

// buildSuffixes are words that give the end of a Go file's name a meaning, as far
// as a rule's ID might have them.
var buildSuffixes = []string{"test", "linux", "windows", "darwin", "js", "unix", "android", "ios", "arm", "arm64",
	"amd64", "wasm"}

// spellings are words that Go names do not write like other words.
var spellings = map[string]string{
	"aaaa": "AAAA", "alpn": "ALPN", "api": "API", "apis": "APIs", "arn": "ARN", "arns": "ARNs", "dns": "DNS",
	"http": "HTTP", "https": "HTTPS", "id": "ID", "ids": "IDs", "ip": "IP", "ips": "IPs", "ipv4": "IPv4",
	"ipv6":        "IPv6",
	"privatelink": "PrivateLink", "tls": "TLS", "url": "URL", "vpc": "VPC", "vpcs": "VPCs",
}

// camel returns an ID as a Go name.
func camel(id string, exported bool) string {
	name := ""
	for i, word := range strings.Split(id, "-") {
		if i > 0 || exported {
			word = cmp.Or(spellings[word], strings.ToUpper(word[:1])+word[1:])
		}
		name += word
	}
	return name
}

// execute returns the text that a template makes for the rule.
func (s skeleton) execute(name string) (string, error) {
	t, err := template.ParseFS(templates, "templates/"+name)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	err = t.Execute(&text, s)
	return text.String(), err
}

// listRule inserts the rule into All, in the order of IDs.
func (s skeleton) listRule(text string, all []*rule.Rule) (string, error) {
	after := "\treturn []*rule.Rule{\n"
	for _, r := range all {
		if r.ID < s.ID {
			after = "\t\t" + camel(r.ID, false) + ",\n"
		}
	}
	return insertAfter(text, after, "\t\t"+s.Variable+",\n")
}

// logChange inserts a line into the newest section of the changelog.
func (s skeleton) logChange(text string) (string, error) {
	start := strings.Index(text, "\n## ")
	if start < 0 {
		return "", errors.New("CHANGELOG.md: want a section for each version")
	}
	heading, body, _ := strings.Cut(text[start+1:], "\n")
	if !strings.HasSuffix(heading, "(unreleased)") {
		return "", fmt.Errorf("CHANGELOG.md begins with %q: want a section for the next version first, such as "+
			"\"## 1.2.0 (unreleased)\"", heading)
	}
	line := fmt.Sprintf("- `%s`: TODO: what holds for a compliant stack.\n", s.ID)
	return text[:start+1] + heading + "\n\n" + line + strings.TrimPrefix(body, "\n"), nil
}

// listFault inserts the rule's faults into All of tests/faults.
func (s skeleton) listFault(text string) (string, error) {
	return insertAfter(text, "range [][]Fault{\n", "\t\t"+s.Variable+"Faults,\n")
}

// insertAfter inserts a line after another one, which must exist.
func insertAfter(text, after, line string) (string, error) {
	before, rest, found := strings.Cut(text, after)
	if !found {
		return "", fmt.Errorf("want the line %q in the file", strings.TrimSpace(after))
	}
	return before + after + line + rest, nil
}

// writeAll writes files, and returns their names in order.
func writeAll(files map[string]string) ([]string, error) {
	var names []string
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return names, err
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names, nil
}
