package main

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// list is the list of the provider's properties.
const list = "../decode/properties_v7.yaml"

// TestThePackFindsWhatDesignsExpect judges each design in both views. It must
// find exactly what the design says, and nothing in an ordinary stack.
func TestThePackFindsWhatDesignsExpect(t *testing.T) {
	designs, properties := load(t)
	for _, d := range designs {
		for _, view := range []string{firstPreview, deployed} {
			t.Run(d.Name+"/"+view, func(t *testing.T) {
				found, err := judge(d, view, properties)
				require.NoError(t, err)
				for _, difference := range d.differences(view, found) {
					assert.Fail(t, difference)
				}
			})
		}
	}
}

func TestDesignsAreFromPublicExamples(t *testing.T) {
	designs, _ := load(t)
	ordinary := 0
	for _, d := range designs {
		assert.True(t, strings.HasPrefix(d.Source, "https://"), "%s: source = %q: want an address", d.Name, d.Source)
		assert.NotEmpty(t, d.Why, d.Name)
		if strings.HasPrefix(d.Name, "ordinary-") {
			ordinary++
			assert.Empty(t, d.Want, "%s: an ordinary stack is compliant", d.Name)
			assert.Empty(t, d.FalseAlarms, "%s: the pack has nothing to say about an ordinary stack", d.Name)
		}
	}
	assert.GreaterOrEqual(t, ordinary, 10)
	assert.GreaterOrEqual(t, len(designs)-ordinary, 8)
}

// TestPage compares the page with the committed one. The policy folder is also
// published alone, without pages that could be stale.
func TestPage(t *testing.T) {
	text, err := page("testdata", list)
	require.NoError(t, err)
	if _, err := os.Stat("../../Pulumi.yaml"); errors.Is(err, fs.ErrNotExist) {
		return
	}
	committed, err := os.ReadFile("../../docs/designs.md")
	require.NoError(t, err)
	assert.Equal(t, text, string(committed), "docs/designs.md is stale: run `go run ./designs` in the policy folder")
}

// TestViews shows what the engine sends of one resource in the two views.
func TestViews(t *testing.T) {
	d, err := parseDesign("views", []byte(`
line: v7
region: eu-west-3
resources:
  - {name: vpc, type: "aws:ec2/vpc:Vpc", properties: {cidrBlock: 10.0.0.0/16}}
  - {name: text, type: "aws:ec2/subnet:Subnet", properties: {vpcId: "${vpc.id}", cidrBlock: "${vpc.cidrBlock}"}}
`))
	require.NoError(t, err)
	_, properties := load(t)

	early := d.resources(firstPreview, properties)
	assert.True(t, early[0].Properties["arn"].IsComputed(), "an output is unknown")
	assert.True(t, early[0].Properties["enableDnsHostnames"].IsComputed(), "the provider fills the input in")
	assert.Equal(t, "eu-west-3", early[0].Properties["region"].StringValue())
	assert.True(t, early[1].Properties["vpcId"].IsComputed())
	assert.Equal(t, "10.0.0.0/16", early[1].Properties["cidrBlock"].StringValue(), "an input is known")
	assert.Equal(t, early[0].URN, early[1].PropertyDependencies["cidrBlock"][0])

	later := d.resources(deployed, properties)
	assert.Equal(t, later[0].Properties["id"], later[1].Properties["vpcId"])
	assert.Equal(t, early[1].PropertyDependencies, later[1].PropertyDependencies)
}

func TestDesignsWithMistakesAreRefused(t *testing.T) {
	const vpc = `resources: [{name: vpc, type: "aws:ec2/vpc:Vpc"}]`
	for _, c := range []struct{ why, text, want string }{
		{"a misspelled key", "lines: v6", "field lines not found"},
		{"no line of the provider", vpc, `line = "": want v6 or v7`},
		{"two resources of a name", "line: v6\nresources: [{name: a}, {name: a}]", `name = "a": want each name once`},
		{"a parent that is missing", "line: v6\nresources: [{name: a, parent: b}]", `parent = "b" of "a"`},
		{
			"a reference that leads nowhere", "line: v6\nresources: [{name: a, properties: {x: ['${b.id}']}}]",
			`"a" refers to "b": want a resource of the design`,
		},
		{
			"an expectation without a reason", "line: v6\n" + vpc + "\nwant: [{rule: x, resource: vpc}]",
			"want a rule, a resource of the design, and the reason",
		},
	} {
		_, err := parseDesign("x", []byte(c.text))
		assert.ErrorContains(t, err, c.want, c.why)
	}
	_, err := readDesigns(t.TempDir())
	assert.ErrorContains(t, err, "want files with designs")
}

func TestExpectationsDependOnTheView(t *testing.T) {
	d := &design{
		Name: "d",
		Want: []expectation{
			{Rule: "seen", Resource: "r"}, {Rule: "later", Resource: "r", Undecided: "unknown"},
			{Rule: "never", Resource: "r", Missed: "not read"},
		},
		FalseAlarms: []expectation{{Rule: "wrong", Resource: "r", View: firstPreview}},
	}
	assert.Equal(t, []finding{{"seen", "r"}, {"wrong", "r"}}, d.expected(firstPreview))
	assert.Equal(t, []finding{{"seen", "r"}, {"later", "r"}}, d.expected(deployed))
	found := report{messages: map[finding][]string{{"seen", "r"}: {"bad"}, {"new", "r"}: {"worse"}}}
	assert.Equal(t, []string{"d, deployed: no later on r", "d, deployed: unexpected new on r: worse"},
		d.differences(deployed, found))
}

// load reads the designs and the provider's properties.
func load(t *testing.T) ([]*design, propertyList) {
	t.Helper()
	designs, err := readDesigns("testdata")
	require.NoError(t, err)
	properties, err := readPropertyList(list)
	require.NoError(t, err)
	return designs, properties
}
