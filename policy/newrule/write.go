package main

import (
	"cmp"
	"embed"
	"errors"
	"fmt"
	"go/build"
	"io"
	"maps"
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
	if _, err := os.Stat(filepath.Join(folder, "rules", "rules.go")); err != nil {
		return nil, fmt.Errorf("%w: want the policy folder as the working directory", err)
	}
	s := skeleton{
		ID: id, Variable: camel(id, false), Check: "check" + camel(id, true), File: fileOf(id),
	}
	p := plan{folder: folder, texts: map[string]string{}}
	p.create("rules/"+s.File+".go", "rule.go.tmpl", s)
	p.create("rules/testdata/"+id+".txtar", "fixture.txtar.tmpl", s)
	p.change("rules/rules.go", func(text string) (string, error) { return s.listRule(text, all) })
	p.change("CHANGELOG.md", s.logChange)
	const faults = "../tests/faults/"
	if _, err := os.Stat(filepath.Join(folder, faults)); err == nil { // The policy folder is published alone, too.
		p.create(faults+s.File+".go", "fault.go.tmpl", s)
		p.change(faults+"faults.go", s.listFault)
	}
	return p.write()
}

// plan holds the texts of the files to write, so that nothing is written if there
// is a problem with one of them.
type plan struct {
	folder   string
	texts    map[string]string // By path.
	problems []error
}

// create plans a new file from a template.
func (p *plan) create(name, template string, s skeleton) {
	path := filepath.Join(p.folder, name)
	if _, err := os.Stat(path); err == nil {
		p.problems = append(p.problems, fmt.Errorf("%s exists: want a rule without files", name))
		return
	}
	text, err := s.execute(template)
	p.texts[path], p.problems = text, append(p.problems, err)
}

// change plans a change of a file.
func (p *plan) change(name string, insert func(string) (string, error)) {
	path := filepath.Join(p.folder, name)
	text, err := os.ReadFile(path)
	if err != nil {
		p.problems = append(p.problems, err)
		return
	}
	changed, err := insert(string(text))
	p.texts[path], p.problems = changed, append(p.problems, err)
}

// write writes the files, and returns their paths in order.
func (p *plan) write() ([]string, error) {
	if err := errors.Join(p.problems...); err != nil {
		return nil, err
	}
	paths := slices.Sorted(maps.Keys(p.texts))
	for i, path := range paths {
		if err := os.WriteFile(path, []byte(p.texts[path]), 0o644); err != nil {
			return paths[:i], err
		}
	}
	return paths, nil
}

// inWords has the words to write instead of abbreviations that need a key.
var inWords = map[string]string{
	"nlb": "load-balancer", "alb": "load-balancer", "lb": "load-balancer", "vpce": "endpoint", "apigw": "api",
	"eps": "endpoint-service", "int": "integration", "tg": "target-group", "sg": "security-group",
	"cert": "certificate", "r53": "dns",
}

// checkID returns why a new rule cannot have this ID.
func checkID(id string, all []*rule.Rule) error {
	if !regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)+$`).MatchString(id) {
		return fmt.Errorf("ID = %q: want at least two words in lower case, such as endpoint-multiple-zones", id)
	}
	if last := id[strings.LastIndex(id, "-")+1:]; !isBuiltEverywhere(fileOf(id) + ".go") {
		return fmt.Errorf("ID = %q: want another last word: Go builds files that end in _%s.go for some platforms only",
			id, last)
	}
	for _, r := range all {
		if r.ID == id || slices.Contains(r.FormerIDs, id) {
			return fmt.Errorf("ID = %q: %s has it, or had it: want a new ID", id, r.ID)
		}
	}
	for _, word := range strings.Split(id, "-") {
		if want := inWords[word]; want != "" {
			return fmt.Errorf("ID = %q: want %q instead of %q: IDs are in words", id, want, word)
		}
	}
	return nil
}

// fileOf returns the name of a rule's file, without its extension.
func fileOf(id string) string { return strings.ReplaceAll(id, "-", "_") }

// isBuiltEverywhere reports whether the name of a file lets Go compile it on every
// platform, and not only for tests.
// https://pkg.go.dev/go/build#hdr-Build_Constraints
func isBuiltEverywhere(file string) bool {
	elsewhere := build.Context{
		GOOS: "none", GOARCH: "none", Compiler: "gc",
		OpenFile: func(string) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("package rules\n")), nil
		},
	}
	built, err := elsewhere.MatchFile("", file)
	return err == nil && built && !strings.HasSuffix(file, "_test.go")
}

// spellings are words that Go names do not write like other words.
var spellings = map[string]string{
	"aaaa": "AAAA", "acl": "ACL", "acls": "ACLs", "acm": "ACM", "alb": "ALB", "albs": "ALBs", "alpn": "ALPN",
	"api": "API", "apis": "APIs", "arn": "ARN", "arns": "ARNs", "aws": "AWS", "cidr": "CIDR", "cidrs": "CIDRs",
	"dns": "DNS", "ec2": "EC2", "eni": "ENI", "http": "HTTP", "http2": "HTTP2", "https": "HTTPS", "iam": "IAM",
	"id": "ID", "ids": "IDs", "ip": "IP", "ips": "IPs", "ipv4": "IPv4", "ipv6": "IPv6", "json": "JSON",
	"jwt": "JWT", "kms": "KMS", "nat": "NAT", "nlb": "NLB", "nlbs": "NLBs", "privatelink": "PrivateLink",
	"sni": "SNI", "ssl": "SSL", "tcp": "TCP", "tls": "TLS", "ttl": "TTL", "udp": "UDP", "uri": "URI", "url": "URL",
	"vpc": "VPC", "vpcs": "VPCs", "vpn": "VPN", "waf": "WAF",
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

// listFault inserts the rule's faults at the end of All of tests/faults. The page
// of faults has the same order.
func (s skeleton) listFault(text string) (string, error) {
	before, rest, found := strings.Cut(text, "range [][]Fault{\n")
	list, rest, ends := strings.Cut(rest, "\t} {\n")
	if !found || !ends {
		return "", errors.New("faults.go: want a loop over [][]Fault in All")
	}
	return before + "range [][]Fault{\n" + list + "\t\t" + s.Variable + "Faults,\n\t} {\n" + rest, nil
}

// insertAfter inserts a line after another one, which must exist.
func insertAfter(text, after, line string) (string, error) {
	before, rest, found := strings.Cut(text, after)
	if !found {
		return "", fmt.Errorf("want the line %q in the file", strings.TrimSpace(after))
	}
	return before + after + line + rest, nil
}
