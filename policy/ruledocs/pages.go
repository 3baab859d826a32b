package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"go.yaml.in/yaml/v3"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/rule"
	"private-api-blueprints/policy/rules"
)

// pages are the texts of all pages by file name.
func pages(fixtures string) (map[string]string, error) {
	all := map[string]string{}
	index := &strings.Builder{}
	if err := indexPage.Execute(index, rules.All()); err != nil {
		return nil, err
	}
	all["README.md"] = index.String()
	for _, rule := range rules.All() {
		text, err := page(rule, filepath.Join(fixtures, rule.ID+".txtar"))
		if err != nil {
			return nil, fmt.Errorf("page of %s: %w", rule.ID, err)
		}
		all[rule.ID+".md"] = text
	}
	return all, nil
}

func page(rule *rule.Rule, fixtures string) (string, error) {
	text, err := os.ReadFile(fixtures)
	if err != nil {
		return "", err
	}
	cases, err := fixture.Parse(text)
	if err != nil {
		return "", err
	}
	of := map[string][]example{}
	for _, c := range cases {
		e, err := exampleOf(rule, c)
		if err != nil {
			return "", fmt.Errorf("case %s: %w", c.ID(), err)
		}
		of[c.Kind] = append(of[c.Kind], e)
	}
	config, err := configExample(rule)
	if err != nil {
		return "", err
	}
	out := &strings.Builder{}
	err = rulePage.Execute(out, map[string]any{
		"Rule": rule, "Bad": of["bad"], "Good": of["good"], "Unknown": of["unknown"], "Config": config,
	})
	return out.String(), err
}

// example is a fixture as a page shows it.
type example struct {
	Why      string
	Change   string // The one property that differs, in YAML.
	Messages []string
}

func exampleOf(of *rule.Rule, c fixture.Case) (example, error) {
	e := example{Why: c.Why}
	if c.Like != "" {
		changed := map[string]any{c.Change.Resource: map[string]any{c.Change.Property: c.Change.Value}}
		text, err := yaml.Marshal(changed)
		if err != nil {
			return e, err
		}
		e.Change = string(text)
		if len(c.Change.Dependencies) > 0 {
			e.Change += fmt.Sprintf("# %s comes from: %s\n", c.Change.Property, strings.Join(c.Change.Dependencies, ", "))
		}
	}
	settings, err := of.ParseSettings(c.Settings)
	if err != nil {
		return e, err
	}
	report := rule.NewReport(settings)
	of.Check(decode.Stack(c.Resources()), report)
	for _, f := range report.Findings {
		if f.Verdict == rule.Violation {
			e.Messages = append(e.Messages, f.Message)
		}
	}
	return e, nil
}

// configExample is a configuration that states the rule's defaults.
func configExample(rule *rule.Rule) (string, error) {
	policy := map[string]any{"enforcementLevel": rule.Level}
	for _, p := range rule.AllParameters() {
		policy[p.Name()] = p.Schema()["default"]
	}
	text, err := json.MarshalIndent(map[string]any{rule.ID: policy}, "", "  ")
	return string(text), err
}

const generated = "<!-- Written by `go run ./ruledocs` in the policy folder. Do not edit. -->\n"

var indexPage = template.Must(template.New("index").Parse(generated + `
# Rules of the policy pack

| rule | what it demands | severity | level |
| --- | --- | --- | --- |
{{range .}}| [{{.ID}}]({{.ID}}.md) | {{.Title}} | {{.Severity}} | {{.Level}} |
{{end}}
A violation of a mandatory rule fails the preview or update; one of an advisory
rule is only reported. Both can be [configured](../../policy/README.md#configuration).
A rule that cannot be decided yet, because what decides it is not known before the
deployment, reports nothing.
`))

var rulePage = template.Must(template.New("rule").Parse(generated + `
# {{.Rule.ID}}

**{{.Rule.Title}}.** Severity {{.Rule.Severity}}, {{.Rule.Level}} unless configured otherwise.

{{.Rule.Why}}

## What it reports
{{range .Bad}}
{{.Why}}

{{"` + "```yaml" + `"}}
{{.Change}}{{"` + "```" + `"}}
{{range .Messages}}
> {{.}}
{{end}}{{end}}
Each excerpt is the one property in which a sound stack and a faulty one differ;
` + "`<unknown>`" + ` is a value that is not known before the deployment, and "elsewhere" a
resource that the rule does not read.

## How to put it right

{{.Rule.Fix}}

## What passes

{{range .Good}}- {{.Why}}
{{end}}
## What stays undecided

{{range .Unknown}}- {{.Why}}
{{end}}
## Configuration

{{range .Rule.AllParameters}}- ` + "`{{.Name}}`" + `: {{.Description}}
{{end}}
{{"` + "```json" + `"}}
{{.Config}}
{{"` + "```" + `"}}

## Read more

{{range .Rule.Links}}- <{{.}}>
{{end}}`))
