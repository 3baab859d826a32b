package tests

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/config"
)

// The account's role for logs stays when the blueprint changes.
func TestAStackThatChangesItsBlueprintLeavesNothingOfTheOldOne(t *testing.T) {
	s := newStack(t)
	for i, blueprint := range config.Blueprints() {
		if i > 0 { // Otherwise the protected addresses of the first blueprint stop the deployment.
			s.pulumi("state", "unprotect", "--all", "--yes")
		}
		s.close()
		s.options.ConfigFile = filepath.Join(s.options.Root, "Pulumi."+blueprint.Name+".yaml")
		s.up()
		types := map[string]bool{}
		for token := range s.counts() {
			if strings.HasPrefix(token, "private-api-blueprints:blueprints:") {
				types[token] = true
			}
		}
		assert.Len(t, types, 1, "the stack holds %s and no other blueprint: %v", blueprint.Name, types)
	}
	s.destroy()
	s.assertNothingLeft()
}
