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
		{
			"./sandbox/live/...",
			[]string{aws, "github.com/aws", self + "/policy", self + "/blueprints", self + "/components"},
			"it is a witness next to the policy pack, and needs no AWS",
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

func TestMakeWorksOnTheStackThatIsNamed(t *testing.T) {
	for _, row := range []struct {
		why, owns string // The name of another stack file than the examples.
		args      []string
		want      string // What the command gets, or a part of the error.
	}{
		{"a clone", "", []string{"up"}, "[up][--stack][static-ip-apigw]"},
		{"a project with a stack dev", "dev", []string{"up"}, "[up][--stack][dev]"},
		{"another stack", "dev", []string{"preview", "STACK=prod"}, "[preview][--stack][prod]"},
		{"an example", "dev", []string{"up", "BLUEPRINT=ipv6-front"}, "[up][--stack][ipv6-front]"},
		{"the same twice", "", []string{"up", "BLUEPRINT=ipv6-front", "STACK=ipv6-front"}, "[up][--stack][ipv6-front]"},
		{
			"one of two, and which?", "dev", []string{"up", "BLUEPRINT=ipv6-front", "STACK=dev"},
			"STACK=dev and BLUEPRINT=ipv6-front: want only one of them",
		},
		{
			"no example", "", []string{"up", "BLUEPRINT=nonsense"},
			"BLUEPRINT=nonsense: no example Pulumi.nonsense.yaml; want one of h2-endpoint-service ipv6-front " +
				"shared-vpc-apis static-ip-apigw vpclink-https-backend",
		},
		{
			"a new stack", "", []string{"init", "STACK=fresh", "BLUEPRINT=ipv6-front"},
			"[init][--stack][fresh][--blueprint][ipv6-front]",
		},
		{"a command of the shell", "", []string{"up", "STACK=x; touch stolen"}, "[up][--stack][x; touch stolen]"},
		{
			"a function of make", "", []string{"refresh", "STACK=$(shell touch stolen)"},
			"[refresh][--stack][$(shell touch stolen)]",
		},
		{
			"a command in the name of an example", "", []string{"up", "BLUEPRINT=ipv6-front.yaml $(touch stolen)"},
			"BLUEPRINT=ipv6-front.yaml $(touch stolen): no example",
		},
		{"two examples", "", []string{"up", "BLUEPRINT=ipv6-front shared-vpc-apis"}, "no example"},
		{"a pattern", "", []string{"up", "BLUEPRINT=ipv6%"}, "no example"},
		{"no account of your own", "", []string{"init", "AWS=0", "STACK=a"}, "[init][--stack][a]"},
		{"an account of your own", "", []string{"init", "AWS=1", "STACK=a"}, "[init][--aws][--stack][a]"},
		{
			"both in a question", "",
			[]string{"trace", "STATE=a;b", "FROM=internet 192.0.2.1", "URL=$(shell touch stolen)"},
			"[--state][a;b][--from][internet 192.0.2.1][$(shell touch stolen)]",
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			dir := makeFolder(t, row.owns)
			args := append([]string{"-C", dir, "-s", "-o", "lambda", "-o", "sandbox", "-o", "progress"}, row.args...)
			out, err := exec.CommandContext(t.Context(), "make", args...).CombinedOutput()
			assert.Contains(t, string(out), row.want)
			assert.Equal(t, strings.HasPrefix(row.want, "["), err == nil, string(out))
			assert.NoFileExists(t, filepath.Join(dir, "stolen"))
		})
	}
}

// makeFolder returns a folder with the Makefile, the examples, and commands that print their arguments. It has a stack
// file of the owner unless the name is empty.
func makeFolder(t *testing.T, owns string) string {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{
		"Makefile": read(t, "Makefile"), "bin/progress": "#!/bin/sh\n", "policy/PulumiPolicy.yaml": "version: 1.0.0\n",
	}
	for _, blueprint := range config.Blueprints() {
		files["Pulumi."+blueprint.Name+".yaml"] = ""
	}
	if owns != "" {
		files["Pulumi."+owns+".yaml"] = ""
	}
	for _, command := range []string{"bin/sandbox", "bin/trace"} {
		files[command] = "#!/bin/sh\nprintf '[%s]' \"$@\"\n"
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o700))
	}
	return dir
}

// read returns the text of a file.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}
