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
	names := namesOf(r)
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
			value, err := json.Marshal(names.shown(s.inputs[key]))
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, "  %s: %s\n", key, value)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// names holds the names of the resources in the program.
type names map[string]bool

func namesOf(r *report) names {
	all := names{}
	for _, s := range r.steps {
		all[nameOf(s.urn)] = true
	}
	return all
}

// suffixed matches a name that Pulumi completes at random, again for each preview.
var suffixed = regexp.MustCompile(`([\w.-]+)-[0-9a-f]{7}\b`)

// unknowns holds the texts that stand for values which a preview does not know.
var unknowns = []string{
	plugin.UnknownBoolValue, plugin.UnknownNumberValue, plugin.UnknownStringValue, plugin.UnknownArrayValue,
	plugin.UnknownAssetValue, plugin.UnknownArchiveValue, plugin.UnknownObjectValue,
}

// shown returns a value as a person reads it: secrets, unknown values and random ends
// of names are words, and files are their hashes.
func (n names) shown(value any) any {
	switch value := value.(type) {
	case string:
		if slices.Contains(unknowns, value) {
			return "(unknown)"
		}
		return suffixed.ReplaceAllStringFunc(value, func(found string) string {
			if name := found[:len(found)-len("-1234567")]; n[name] {
				return name + "-(random)"
			}
			return found
		})
	case []any:
		items := make([]any, len(value))
		for i, item := range value {
			items[i] = n.shown(item)
		}
		return items
	case map[string]any:
		switch value[resource.SigKey] {
		case resource.SecretSig:
			return "(secret)"
		case resource.AssetSig, resource.ArchiveSig: // Its path differs between two checkouts.
			return map[string]any{"hash": value["hash"]}
		}
		entries := map[string]any{}
		for key, entry := range value {
			entries[key] = n.shown(entry)
		}
		return entries
	}
	return value
}
