// Package recorded brings recordings of what the engine sends to a policy pack into one form. cmd/record writes them,
// and tests compare them with deployed stacks.
package recorded

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
)

var (
	// moment matches a time, as the properties of simulated resources have it.
	moment = regexp.MustCompile(`\b20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?`)
	// path and digest match what an archive of a function has, which depends on the machine.
	path = regexp.MustCompile(`"[^"]*/(bin/\w+\.zip)"`)
	// project matches the project's name in a URN, and in that of the stack. A copy of the repository has another one.
	project = regexp.MustCompile(`(urn:pulumi:[^:"]+)::[^:"]+::`)
	stack   = regexp.MustCompile(`(urn:pulumi:([^:"]+)::[^:"]+::pulumi:pulumi:Stack::)[^:"]+`)
	digest  = regexp.MustCompile(`"(hash|codeSha256|sourceCodeHash)": *"[0-9a-f]{64}"`)
)

// Normalize returns a request to judge a stack in the form in which two recordings of the same stack are equal: sorted,
// without times, and without what depends on the machine or on the project's name. The engine registers resources in
// parallel, so their order says nothing.
func Normalize(request []byte) ([]byte, error) {
	var r struct {
		Resources []map[string]any `json:"resources"`
	}
	request = moment.ReplaceAll(request, []byte("2026-01-01T00:00:00"))
	request = path.ReplaceAll(request, []byte(`"$1"`))
	request = project.ReplaceAll(request, []byte("$1::private-api-blueprints::"))
	request = stack.ReplaceAll(request, []byte("${1}private-api-blueprints-$2"))
	request = digest.ReplaceAll(request, []byte(`"$1":"digest"`))
	if err := json.Unmarshal(request, &r); err != nil {
		return nil, err
	}
	slices.SortFunc(r.Resources, func(a, b map[string]any) int { return compare(a["urn"], b["urn"]) })
	for _, resource := range r.Resources {
		sortURNs(resource["dependencies"])
		properties, _ := resource["propertyDependencies"].(map[string]any)
		for _, dependencies := range properties {
			of, _ := dependencies.(map[string]any)
			sortURNs(of["urns"])
		}
	}
	return json.Marshal(r)
}

// sortURNs sorts a list of URNs.
func sortURNs(list any) {
	urns, _ := list.([]any)
	slices.SortFunc(urns, compare)
}

// compare compares two texts.
func compare(a, b any) int {
	x, _ := a.(string)
	y, _ := b.(string)
	return cmp.Compare(x, y)
}
