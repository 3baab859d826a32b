package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// output describes an output of a blueprint.
type output struct {
	name, text string
	always     bool // Whether every stack of the blueprint has it.
}

// outputRow matches a row of the table of outputs on a blueprint's page.
var outputRow = regexp.MustCompile("(?m)^\\| `(\\w+)` \\| (.*) \\|$")

// link matches a link in Markdown.
var link = regexp.MustCompile(`\[([^]]*)\]\([^)]*\)`)

// readOutputs reads the table of outputs on a blueprint's page. The tests in docs
// compare the table with the program.
func readOutputs(page string) ([]output, error) {
	text, err := os.ReadFile(page)
	if err != nil {
		return nil, err
	}
	_, section, _ := strings.Cut(string(text), "\n## Outputs\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var outputs []output
	for _, row := range outputRow.FindAllStringSubmatch(section, -1) {
		outputs = append(outputs, output{
			name: row[1], text: capitalize(link.ReplaceAllString(row[2], "$1")) + ".",
			always: !strings.Contains(row[2], "; only "),
		})
	}
	if outputs == nil {
		return nil, fmt.Errorf("%s: no table of outputs", page)
	}
	return outputs, nil
}

// schema returns the type of the output in the schema of the Pulumi package. A
// test of the blueprints compares it with what they export.
func (o output) schema() object {
	text := object{"type": "string"}
	switch o.name {
	case "accessLogGroups", "allowInvoke", "clientSubnetIds", "curlRoutes", "dig", "loadBalancerIpv6Addresses", "logs",
		"simulatedAddresses", "startSession", "staticAddresses":
		return object{"type": "array", "items": text}
	case "dnsRecords":
		return object{"type": "array", "items": object{"type": "object", "additionalProperties": text}}
	case "apiIds", "queries":
		return object{"type": "object", "additionalProperties": text}
	case "forConsumers":
		return object{"type": "object", "additionalProperties": object{"$ref": "pulumi.json#/Any"}}
	default:
		return text
	}
}
