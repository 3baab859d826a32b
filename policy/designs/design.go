package main

import (
	"bytes"
	"cmp"
	"crypto/sha1"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"go.yaml.in/yaml/v3"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/decode/fixture"
)

// design is a stack of somebody else, with the findings that a reader of AWS's
// documentation expects. README.md describes the format.
type design struct {
	Name string `yaml:"-"`
	// Source is the address of the public example.
	Source string
	// Why is what the stack is, and how it differs from the example.
	Why string
	// Line is the line of the AWS provider, v6 or v7.
	Line string
	// Region is the region of the provider, or empty if the provider takes it from its environment.
	Region    string
	Resources []*item
	// Want are the expected findings. A stack without any is compliant.
	Want []expectation
	// FalseAlarms are findings of the pack that are wrong.
	FalseAlarms []expectation `yaml:"falseAlarms"`
}

// item is a resource of a design. Its properties may refer to other resources as
// in Pulumi YAML: ${name.property}.
type item struct {
	Name, Type, Parent string
	// Region is the region of an explicit provider.
	Region     string
	Properties map[string]any
	DependsOn  []string `yaml:"dependsOn"`
	// Outputs are properties that the resource has once it exists.
	Outputs map[string]any
	// Values are what the program makes from the outputs, such as an address that it looks up.
	Values map[string]string
}

// expectation is a finding, and why it is right or wrong.
type expectation struct {
	Rule, Resource, Because string
	// Undecided is why the pack cannot see it at a first preview. It sees it after the deployment.
	Undecided string
	// Missed is why the pack does not see it at all.
	Missed string
	// View is the only view in which the pack has a false alarm, or empty for both.
	View string
}

// The two views in which each design is judged.
const (
	firstPreview = "first preview"
	deployed     = "deployed"
)

// readDesigns reads all designs in a folder, in the order of their names.
func readDesigns(folder string) ([]*design, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil || len(files) == 0 {
		return nil, errors.Join(fmt.Errorf("%s: want files with designs", folder), err)
	}
	var all []*design
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		d, err := parseDesign(strings.TrimSuffix(filepath.Base(file), ".yaml"), text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		all = append(all, d)
	}
	return all, nil
}

// parseDesign reads a design. It refuses names and references that lead nowhere.
func parseDesign(name string, text []byte) (*design, error) {
	d := &design{Name: name}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(d); err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, r := range d.Resources {
		if names[r.Name] || r.Name == "" {
			return nil, fmt.Errorf("name = %q: want each name once", r.Name)
		}
		if r.Parent != "" && !names[r.Parent] {
			return nil, fmt.Errorf("parent = %q of %q: want an earlier resource", r.Parent, r.Name)
		}
		names[r.Name] = true
	}
	return d, d.check(names)
}

// check returns an error for a reference or an expectation without a resource.
func (d *design) check(names map[string]bool) error {
	if d.Line != "v6" && d.Line != "v7" {
		return fmt.Errorf("line = %q: want v6 or v7", d.Line)
	}
	for _, r := range d.Resources {
		for _, to := range slices.Concat(referencesIn(r.Properties), r.DependsOn) {
			if !names[to] {
				return fmt.Errorf("%q refers to %q: want a resource of the design", r.Name, to)
			}
		}
	}
	for _, e := range slices.Concat(d.Want, d.FalseAlarms) {
		if !names[e.Resource] || e.Rule == "" || e.Because == "" {
			return fmt.Errorf("expectation %+v: want a rule, a resource of the design, and the reason", e)
		}
	}
	return nil
}

// resources returns the stack as the engine sends it in a view.
func (d *design) resources(view string, list propertyList) []plugin.AnalyzerStackResource {
	c := fixture.Case{}
	for _, r := range d.Resources {
		c.Stack = append(c.Stack, d.fixture(r, view, list))
	}
	return c.Resources()
}

// fixture returns one resource as the engine sends it in a view.
func (d *design) fixture(r *item, view string, list propertyList) fixture.Resource {
	of := fixture.Resource{
		Name: r.Name, Type: r.Type, Parent: r.Parent, Region: r.Region, DependsOn: r.DependsOn,
		Properties: map[string]any{}, Dependencies: map[string][]string{},
	}
	if of.Region == "" {
		of.Region = d.Region
	}
	for key, value := range r.Properties {
		of.Properties[key] = d.resolve(value, view)
		of.Dependencies[key] = referencesIn(value)
	}
	if view == firstPreview {
		list.addUnknowns(of, d.Line)
	} else {
		maps.Copy(of.Properties, r.Outputs)
		for _, key := range d.outputsOf(r) {
			if _, set := of.Properties[key]; !set {
				of.Properties[key] = d.output(r, key)
			}
		}
	}
	if d.Line == "v7" && list.hasRegion(r.Type) && of.Properties["region"] == nil && of.Region != "" {
		of.Properties["region"] = of.Region
	}
	return of
}

// outputsOf returns the names of the outputs of a resource that the design uses.
// Every resource of the provider also has an ID and an ARN.
func (d *design) outputsOf(r *item) []string {
	var keys []string
	if isResource(r.Type) {
		keys = append(keys, "id", "arn")
	}
	for _, other := range d.Resources {
		for _, match := range allReferences(other.Properties) {
			if _, isValue := r.Values[match[2]]; match[1] == r.Name && !isValue {
				keys = append(keys, match[2])
			}
		}
	}
	return keys
}

// isResource reports whether a type is of the AWS provider, and not a component.
func isResource(token string) bool { return strings.HasPrefix(token, "aws:") }

var reference = regexp.MustCompile(`\$\{([\w-]+)\.(\w+)\}`)

// referencesIn returns the names of the resources that a value refers to, sorted.
func referencesIn(value any) []string {
	var names []string
	for _, match := range allReferences(value) {
		names = append(names, match[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// allReferences returns the references in a value: the text of each, the name of
// the resource and the property.
func allReferences(value any) [][]string {
	var all [][]string
	switch value := value.(type) {
	case string:
		return reference.FindAllStringSubmatch(value, -1)
	case []any:
		for _, v := range value {
			all = append(all, allReferences(v)...)
		}
	case map[string]any:
		for _, v := range value {
			all = append(all, allReferences(v)...)
		}
	}
	return all
}

// resolve replaces the references in a value. At a first preview a text with an
// output is unknown as a whole.
func (d *design) resolve(value any, view string) any {
	switch value := value.(type) {
	case string:
		known := true
		text := reference.ReplaceAllStringFunc(value, func(ref string) string {
			match := reference.FindStringSubmatch(ref)
			text, isKnown := d.property(match[1], match[2], view)
			known = known && isKnown
			return text
		})
		if !known {
			return fixture.Unknown
		}
		if hashed, isHash := strings.CutPrefix(text, "sha1 of "); isHash {
			return fmt.Sprintf("%x", sha1.Sum([]byte(hashed)))
		}
		return text
	case []any:
		var all []any
		for _, v := range value {
			all = append(all, d.resolve(v, view))
		}
		return all
	case map[string]any:
		all := map[string]any{}
		for key, v := range value {
			all[key] = d.resolve(v, view)
		}
		return all
	}
	return value
}

// property returns a property of a resource, and whether it is known in a view.
func (d *design) property(name, key, view string) (string, bool) {
	r := d.Resources[slices.IndexFunc(d.Resources, func(r *item) bool { return r.Name == name })]
	if input, isSet := r.Properties[key].(string); isSet {
		text, isKnown := d.resolve(input, view).(string)
		return text, isKnown && text != fixture.Unknown
	}
	return d.output(r, key), view == deployed
}

// output returns a text that AWS gives to a resource, or that the program makes
// from its outputs.
func (d *design) output(r *item, key string) string {
	if value, isSet := r.Values[key]; isSet {
		return value
	}
	if value, isSet := r.Outputs[key].(string); isSet {
		return value
	}
	_, kind, _ := strings.Cut(strings.TrimPrefix(r.Type, "aws:"), ":")
	return newIdentity(r, kind, d.regionOf(r)).output(key)
}

// regionOf returns the region in which a resource is once it exists.
func (d *design) regionOf(r *item) string {
	own, _ := r.Properties["region"].(string)
	return cmp.Or(own, r.Region, d.Region, "eu-west-2")
}

// propertyList lists the properties of the provider's types.
type propertyList struct {
	Types map[string]struct{ Inputs, Outputs []string }
}

// readPropertyList reads the list of the provider's properties.
func readPropertyList(file string) (propertyList, error) {
	var list propertyList
	text, err := os.ReadFile(file)
	if err != nil {
		return list, err
	}
	return list, yaml.Unmarshal(text, &list)
}

// hasRegion reports whether a type has its own region since pulumi-aws v7.
func (l propertyList) hasRegion(token string) bool {
	return slices.Contains(l.Types[token].Inputs, "region")
}

// addUnknowns adds the properties that the provider does not know yet: outputs,
// and inputs that it fills in. They depend on no other resource.
func (l propertyList) addUnknowns(r fixture.Resource, line string) {
	add := func(key string) {
		if _, set := r.Properties[key]; !set {
			r.Properties[key] = fixture.Unknown
		}
	}
	if isResource(r.Type) {
		add("id")
	}
	for _, key := range l.Types[r.Type].Outputs {
		add(key)
	}
	for _, key := range l.Types[r.Type].Inputs {
		if decode.FilledByProvider(r.Type, key) && (key != "region" || line == "v7" && r.Region == "") {
			add(key)
		}
	}
}
