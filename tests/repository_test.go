package tests

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The program must not know of the sandbox or the policies, the components not
// of the blueprints, and nothing but the program of the AWS SDK.
func TestImportsPointOneWay(t *testing.T) {
	const self, aws, pulumi = "private-api-blueprints", "github.com/pulumi/pulumi-aws/", "github.com/pulumi/"
	for _, row := range []struct {
		from   string
		never  []string
		reason string
	}{
		{".", []string{self + "/sandbox", self + "/cmd", self + "/policy"}, "the program runs on AWS as it is"},
		{"./components", []string{self + "/blueprints", self + "/sandbox"}, "blueprints compose components"},
		{"./internal/...", []string{pulumi, self + "/components", self + "/blueprints"}, "these are pure"},
		{"./lambda/...", []string{pulumi}, "functions are small"},
		{"./sandbox/...", []string{aws, self + "/blueprints", self + "/components", self + "/policy"}, "the sandbox runs any program, and compiles in seconds"},
	} {
		for _, imported := range imports(t, row.from, "-deps") {
			for _, never := range row.never {
				assert.False(t, imported == never || strings.HasPrefix(imported, strings.TrimSuffix(never, "/")+"/"), "%s imports %s: %s", row.from, imported, row.reason)
			}
		}
	}
	for _, imported := range imports(t, "./blueprints") {
		assert.False(t, strings.HasPrefix(imported, aws), "a blueprint composes components and registers nothing else, but it imports %s", imported)
	}
}

// imports are what packages import themselves or, with -deps, at any distance.
func imports(t *testing.T, packages string, flags ...string) []string {
	t.Helper()
	out, err := exec.Command("go", append(append([]string{"list", "-json=ImportPath,Imports"}, flags...), packages)...).Output()
	require.NoError(t, err)
	var list []string
	for decoder := json.NewDecoder(strings.NewReader(string(out))); decoder.More(); {
		var pkg struct{ Imports []string }
		require.NoError(t, decoder.Decode(&pkg))
		list = append(list, pkg.Imports...)
	}
	return list
}

// A newcomer reads README, runs make, and trusts CI to have run the same.
func TestReadmeMakefileAndCINameTheSameCommands(t *testing.T) {
	readme, makefile, ci := read(t, "README.md"), read(t, "Makefile"), read(t, ".ci/run")
	_, section, found := strings.Cut(readme, "\n## Two commands\n")
	require.True(t, found)
	two := regexp.MustCompile(`(?m)^    (make \w+)`).FindAllStringSubmatch(section, 2)
	require.Len(t, two, 2)
	for _, command := range two {
		assert.Contains(t, ci, "\n"+command[1]+"\n")
	}
	targets := map[string]bool{}
	for _, target := range regexp.MustCompile(`(?m)^([a-z]+):.*## `).FindAllStringSubmatch(makefile, -1) {
		targets[target[1]] = true
	}
	for _, named := range regexp.MustCompile("(?m)(?:`|^    |^)make ([a-z]+)").FindAllStringSubmatch(readme+ci, -1) {
		assert.True(t, targets[named[1]], "make %s", named[1])
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}
