// Package livetest makes small accounts for tests of the live sandbox.
package livetest

import (
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/inventory"
)

// Open returns an account that holds the objects of YAML lists, in the form of sandbox/catalog/existing.yaml.
// An object of a later list replaces the one with its ID in an earlier list. One without inputs removes it. The
// account checks and completes the objects as AWS would.
func Open(t testing.TB, lists ...string) *inventory.Inventory {
	t.Helper()
	return OpenWith(t, catalog.New(), lists...)
}

// OpenWith does what Open does with another catalog.
func OpenWith(t testing.TB, kinds cloud.Catalog, lists ...string) *inventory.Inventory {
	t.Helper()
	var objects []map[string]any
	for _, list := range lists {
		var more []map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(list), &more))
		for _, o := range more {
			at := slices.IndexFunc(objects, func(old map[string]any) bool {
				return old["id"] == o["id"] && (o["type"] == nil || old["type"] == o["type"])
			})
			switch {
			case at < 0:
				objects = append(objects, o)
			case o["inputs"] == nil:
				objects = slices.Delete(objects, at, at+1)
			default:
				objects[at] = maps.Clone(o)
			}
		}
	}
	existing, err := yaml.Marshal(objects)
	require.NoError(t, err)
	kinds.Existing = existing
	account, err := cloud.Open(filepath.Join(t.TempDir(), "account.json"), kinds)
	require.NoError(t, err)
	return inventory.New(account.Objects())
}
