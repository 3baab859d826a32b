package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// writeGraph writes the resources that the stack has after the operation, each with
// its parent and its inputs on separate lines.
func writeGraph(w io.Writer, r *report, _ *options) error {
	var b strings.Builder
	for _, s := range r.steps {
		if s.op == apitype.OpDelete {
			continue
		}
		fmt.Fprintf(&b, "%s %s\n", typeOf(s.urn), nameOf(s.urn))
		if s.parent != "" {
			fmt.Fprintf(&b, "  parent: %s %s\n", typeOf(s.parent), nameOf(s.parent))
		}
		for _, key := range slices.Sorted(maps.Keys(s.inputs)) {
			if strings.HasPrefix(key, "__") {
				continue // Pulumi's own, such as __defaults.
			}
			value, err := json.Marshal(shown(s.inputs[key], nameOf(s.urn)))
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, "  %s: %s\n", key, value)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// unknowns holds the texts that stand for values which a preview does not know.
var unknowns = []string{
	plugin.UnknownBoolValue, plugin.UnknownNumberValue, plugin.UnknownStringValue, plugin.UnknownArrayValue,
	plugin.UnknownAssetValue, plugin.UnknownArchiveValue, plugin.UnknownObjectValue,
}

// suffixed matches a name that Pulumi completes at random, again for each preview.
var suffixed = regexp.MustCompile(`^(.+)-[0-9a-f]{7}$`)

// shown returns a value of a resource as a person reads it: secrets, unknown values
// and random ends of names are words.
func shown(value any, name string) any {
	switch value := value.(type) {
	case string:
		if slices.Contains(unknowns, value) {
			return "(unknown)"
		}
		if parts := suffixed.FindStringSubmatch(value); parts != nil && strings.HasPrefix(name, parts[1]) {
			return parts[1] + "-(random)"
		}
	case []any:
		items := make([]any, len(value))
		for i, item := range value {
			items[i] = shown(item, name)
		}
		return items
	case map[string]any:
		if value[resource.SigKey] == resource.SecretSig {
			return "(secret)"
		}
		entries := map[string]any{}
		for key, entry := range value {
			entries[key] = shown(entry, name)
		}
		return entries
	}
	return value
}
