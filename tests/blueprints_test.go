package tests

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/blueprints"
)

// A stack that goes through all blueprints leaves nothing of the last one
// behind, and the account's setting stays.
func TestSwitchingTheBlueprintLeavesNothingBehind(t *testing.T) {
	s := newStack(t)
	for i, blueprint := range blueprints.All() {
		if i > 0 { // Else the protected addresses stop it.
			s.pulumi("state", "unprotect", "--all", "--yes")
		}
		s.close()
		s.options.ConfigFile = filepath.Join(s.options.Root, "Pulumi."+blueprint.Name+".yaml")
		if blueprint.Name == "static-ip-apigw" {
			s.options.ConfigFile = filepath.Join(s.options.Root, "Pulumi.dev.yaml")
		}
		s.up()
		types := map[string]bool{}
		for token := range s.counts() {
			if strings.HasPrefix(token, "private-api-blueprints:blueprints:") {
				types[token] = true
			}
		}
		assert.Len(t, types, 1, "%s alone: %v", blueprint.Name, types)
	}
	s.destroy()
	assert.Empty(t, s.leftovers())
}
