package tests

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/config"
)

func TestImportsPointOneWay(t *testing.T) {
	const self, aws, pulumi = "private-api-blueprints", "github.com/pulumi/pulumi-aws/", "github.com/pulumi/"
	for _, row := range []struct {
		from  string
		never []string
		why   string
	}{
		{".", []string{self + "/sandbox", self + "/cmd", self + "/policy"}, "the program runs on AWS as it is"},
		{"./provider", []string{self + "/sandbox", self + "/cmd", self + "/policy"}, "it runs on AWS as it is"},
		{"./components", []string{self + "/blueprints", self + "/sandbox"}, "blueprints compose components"},
		{
			"./config/...", []string{pulumi, self + "/components", self + "/blueprints", self + "/sandbox"},
			"configuration depends on neither Pulumi nor AWS",
		},
		{"./internal/addressplan", []string{pulumi, self + "/config"}, "address arithmetic is pure"},
		{"./internal/policydoc", []string{pulumi, self + "/config"}, "policy documents are pure"},
		{"./internal/openapi", []string{pulumi, self + "/config"}, "OpenAPI documents are pure"},
		{"./internal/settings", []string{pulumi, self + "/config"}, "the decoder knows no configuration in particular"},
		{"./lambda/...", []string{pulumi}, "functions are small"},
		{
			"./sandbox/...", []string{aws, self + "/blueprints", self + "/components", self + "/policy"},
			"the sandbox runs any program, and compiles in seconds",
		},
		{"./cmd/sandbox/internal/...", []string{aws, self + "/blueprints"}, "its tests compile in seconds"},
		{"./cmd/progress", []string{pulumi}, "it compiles before anything else"},
	} {
		for _, imported := range imports(t, row.from, "-deps") {
			for _, never := range row.never {
				within := strings.HasPrefix(imported, strings.TrimSuffix(never, "/")+"/")
				assert.False(t, imported == never || within, "%s imports %s: %s", row.from, imported, row.why)
			}
		}
	}
	for _, imported := range imports(t, "./blueprints") {
		assert.False(t, strings.HasPrefix(imported, aws),
			"a blueprint composes components and registers nothing else, but it imports %s", imported)
	}
}

// imports returns what packages import directly or, with -deps, at any distance.
func imports(t *testing.T, packages string, flags ...string) []string {
	t.Helper()
	args := append(append([]string{"list", "-json=ImportPath,Imports"}, flags...), packages)
	out, err := exec.Command("go", args...).Output()
	require.NoError(t, err)
	var list []string
	for decoder := json.NewDecoder(strings.NewReader(string(out))); decoder.More(); {
		var pkg struct{ Imports []string }
		require.NoError(t, decoder.Decode(&pkg))
		list = append(list, pkg.Imports...)
	}
	return list
}

var (
	makeTarget  = regexp.MustCompile(`(?m)^([a-z-]+):.*## `)
	makeCommand = regexp.MustCompile("(?m)(?:`|^    |^)make ([a-z-]+)")
)

// Newcomers read README, run make, and trust CI to have run the same.
func TestEveryMakeCommandInReadmeAndCIExists(t *testing.T) {
	targets := map[string]bool{}
	for _, target := range makeTarget.FindAllStringSubmatch(read(t, "Makefile"), -1) {
		targets[target[1]] = true
	}
	readme, ci := read(t, "README.md"), read(t, ".ci/run")
	for _, named := range makeCommand.FindAllStringSubmatch(readme+ci, -1) {
		assert.True(t, targets[named[1]], "make %s", named[1])
	}
	for _, command := range []string{"make up", "make test"} {
		assert.Contains(t, readme, command)
		assert.Contains(t, ci, "\n"+command+"\n")
	}
}

// TestMakeWorksOnTheOwnersStack checks the default: dev in a project that has it, and otherwise an example.
func TestMakeWorksOnTheOwnersStack(t *testing.T) {
	makefile, dir := absolute(t, "Makefile"), t.TempDir()
	dryRun := func() string {
		out, err := exec.Command("make", "-C", dir, "-f", makefile, "--dry-run", "up").CombinedOutput()
		require.NoError(t, err, string(out))
		return string(out)
	}
	assert.Contains(t, dryRun(), "bin/sandbox up --stack static-ip-apigw\n")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "Pulumi.dev.yaml"), []byte("config:\n"), 0o600))
	assert.Contains(t, dryRun(), "bin/sandbox up --stack dev\n")
}

func TestMakeDeploysTheExampleOfEachBlueprint(t *testing.T) {
	for _, blueprint := range config.Blueprints() {
		out, err := exec.Command("make", "--dry-run", "up", "BLUEPRINT="+blueprint.Name).CombinedOutput()
		require.NoError(t, err, string(out))
		assert.Contains(t, string(out), "bin/sandbox up --stack "+blueprint.Name+"\n")
	}
	out, err := exec.Command("make", "--dry-run", "up", "BLUEPRINT=nonsense").CombinedOutput()
	assert.Error(t, err)
	assert.Contains(t, string(out), "BLUEPRINT=nonsense: no example Pulumi.nonsense.yaml; want one of")
	for _, blueprint := range config.Blueprints() {
		assert.Contains(t, string(out), blueprint.Name)
	}
}

// read returns the text of a file.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}
