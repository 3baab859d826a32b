package main

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// table is the content of docs/permissions.yaml.
type table struct {
	Sources  struct{ Provider, Reference string }
	Types    map[string]*row
	Lookups  map[string]lookup
	Settings []setting
	Quotas   []quota
}

// row says what a resource type needs.
type row struct {
	Create, Read, Update, Delete, Tag []string
	Resources                         []string
	Any                               []string // Actions that IAM cannot limit to a resource.
	PassRole                          string   `yaml:"passRole"`          // The service that gets a role, or "".
	ServiceLinkedRole                 string   `yaml:"serviceLinkedRole"` // The service that creates its role, or "".
	Source                            []string // A file of the provider, and a page of AWS.
}

// lookup says what a lookup needs, and when it happens.
type lookup struct {
	With    string // A resource type, or "".
	Setting string // The setting that leads to it, or "".
	Actions []string
}

// setting is a setting that needs more than the example.
type setting struct {
	Setting    string
	Blueprints []string
	Types      []string
	Actions    []string
}

// quota is a limit of AWS on the number of resources of a type.
type quota struct {
	Name    string
	Default int
	Type    string
	Source  string
}

// readTable reads the table, and refuses keys that it does not know.
func readTable(path string) (*table, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	t := &table{}
	if err := decoder.Decode(t); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, nil
}

// actions returns all actions of a type, sorted.
func (r *row) actions() []string {
	return sorted(slices.Concat(r.Create, r.Read, r.Update, r.Delete, r.Tag))
}

// sorted returns the values without duplicates, in order.
func sorted(values []string) []string {
	slices.Sort(values)
	return slices.Compact(values)
}

// graph holds the names of a stack's resources by type.
type graph map[string][]string

// readGraph reads the AWS resources of a golden graph.
func readGraph(path string) (graph, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	g := graph{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) > 1 && strings.HasPrefix(fields[0], "aws:") {
			g[fields[0]] = append(g[fields[0]], fields[1])
		}
	}
	return g, nil
}

// types returns the types of a graph, in order.
func (g graph) types() []string { return slices.Sorted(maps.Keys(g)) }

// missing returns the types of a graph that have no row.
func (t *table) missing(g graph) []string {
	var missing []string
	for _, token := range g.types() {
		if t.Types[token] == nil {
			missing = append(missing, token)
		}
	}
	return missing
}

// happens reports whether a stack that needs no setting makes a lookup.
func (l lookup) happens(g graph) bool {
	return l.Setting == "" && (l.With == "" || len(g[l.With]) > 0)
}
