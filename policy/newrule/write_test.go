package main

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/rules"
)

// TestSkeletonCompilesAndSaysWhatIsMissing runs the command in a copy of the
// policy folder, and then the tests of the rules.
func TestSkeletonCompilesAndSaysWhatIsMissing(t *testing.T) {
	folder := copyOf(t)
	written, err := write(folder, "zz-made-up-ips", rules.All())
	require.NoError(t, err)
	assert.Equal(t, []string{
		filepath.Join(folder, "CHANGELOG.md"),
		filepath.Join(folder, "rules/rules.go"),
		filepath.Join(folder, "rules/testdata/zz-made-up-ips.txtar"),
		filepath.Join(folder, "rules/zz_made_up_ips.go"),
	}, written)
	assert.Contains(t, read(t, folder, "rules/rules.go"), ",\n\t\tzzMadeUpIPs,\n")
	assert.Contains(t, read(t, folder, "CHANGELOG.md"), "- `zz-made-up-ips`: TODO")

	formatted, err := exec.Command("gofmt", "-l", filepath.Join(folder, "rules")).CombinedOutput()
	require.NoError(t, err)
	assert.Empty(t, string(formatted))
	// The long tests run the skeleton, too; these are the ones that say what is missing.
	test := exec.Command("go", "test", "-run", "TestMetadata|TestEvery|TestRulesFind|TestFixtures|TestNothing",
		"./rules")
	test.Dir = folder
	out, err := test.CombinedOutput()
	require.Error(t, err, "there is something left to write")
	for _, line := range strings.Split(string(out), "\n") {
		if strings.HasPrefix(line, "--- FAIL") {
			assert.Contains(t, line, "TestNothingIsLeftToWrite", "the skeleton itself is correct")
		}
	}
	assert.Contains(t, string(out), "zz_made_up_ips.go:10: still to be written: what holds for a compliant stack")
	assert.Contains(t, string(out),
		"testdata/zz-made-up-ips.txtar:2: still to be written: what this compliant stack shows.")
	assert.Contains(t, string(out), "../CHANGELOG.md:")

	_, err = write(folder, "zz-made-up-ips", rules.All())
	assert.ErrorContains(t, err, "rules/zz_made_up_ips.go exists")
	assert.Equal(t, 1, strings.Count(read(t, folder, "rules/rules.go"), "zzMadeUpIPs"), "nothing was written")
}

// TestFaultStub runs the command in a copy of the repository's two folders. The
// fault is compiled there only with the repository's own dependencies.
func TestFaultStub(t *testing.T) {
	repository := filepath.Dir(copyOf(t))
	faults := filepath.Join(repository, "tests", "faults")
	require.NoError(t, os.MkdirAll(faults, 0o755))
	const list = "package faults\n\nfor _, some := range [][]Fault{\n\t\tendpointFaults,\n\t} {\n}\n"
	require.NoError(t, os.WriteFile(filepath.Join(faults, "faults.go"), []byte(list), 0o644))
	_, err := write(filepath.Join(repository, "policy"), "zz-made-up", rules.All())
	require.NoError(t, err)
	assert.Contains(t, read(t, faults, "faults.go"),
		"range [][]Fault{\n\t\tendpointFaults,\n\t\tzzMadeUpFaults,\n\t} {")
	assert.Contains(t, read(t, faults, "zz_made_up.go"), `Rules: []string{"zz-made-up"}`)
}

// TestGoNamesFollowTheIDs checks that a reader can find a rule's code by its ID.
func TestGoNamesFollowTheIDs(t *testing.T) {
	list := read(t, "..", "rules/rules.go")
	for _, r := range rules.All() {
		assert.Contains(t, list, "\t\t"+camel(r.ID, false)+",\n")
		code := read(t, "..", "rules/"+strings.ReplaceAll(r.ID, "-", "_")+".go")
		assert.Contains(t, code, "func check"+camel(r.ID, true)+"(")
		for _, word := range strings.Split(r.ID, "-") {
			assert.NotContains(t, inWords, word, "the ID of %s is in words", r.ID)
		}
	}
}

func TestInitialismsKeepTheirSpelling(t *testing.T) {
	for id, want := range map[string]string{
		"stage-web-acl":           "stageWebACL",
		"acl-open-to-waf":         "aclOpenToWAF",
		"nlb-behind-alb":          "nlbBehindALB",
		"integration-uri-and-nat": "integrationURIAndNAT",
	} {
		assert.Equal(t, want, camel(id, false))
	}
	assert.Equal(t, "ACLOpenToWAF", camel("acl-open-to-waf", true))
}

func TestIDsAreRefused(t *testing.T) {
	for _, c := range []struct{ why, id, want string }{
		{"one word", "tracing", "want at least two words in lower case"},
		{"capitals", "Stage-Tracing", "want at least two words in lower case"},
		{"an underscore", "stage_tracing", "want at least two words in lower case"},
		{"a path", "../stage-tracing", "want at least two words in lower case"},
		{"an empty word", "stage--tracing", "want at least two words in lower case"},
		{"a suffix that Go gives a meaning", "stage-test",
			"Go builds files that end in _test.go for some platforms only"},
		{"an operating system", "stage-for-linux", "Go builds files that end in _linux.go for some platforms only"},
		{"an architecture", "stage-for-386", "Go builds files that end in _386.go for some platforms only"},
		{"an abbreviation", "nlb-idle-timeout", `want "load-balancer" instead of "nlb"`},
		{"an abbreviation in the middle", "stage-behind-alb", `want "load-balancer" instead of "alb"`},
		{"a rule has it", "stage-tracing", "stage-tracing has it, or had it"},
		{"a rule had it", "vpce-multi-az", "endpoint-multiple-zones has it, or had it"},
	} {
		t.Run(c.why, func(t *testing.T) {
			_, err := write(t.TempDir(), c.id, rules.All())
			require.ErrorContains(t, err, c.want)
		})
	}
}

// TestAnotherFolderIsRefused runs the command where there are no rules.
func TestAnotherFolderIsRefused(t *testing.T) {
	folder := t.TempDir()
	_, err := write(folder, "zz-made-up", rules.All())
	require.ErrorContains(t, err, "want the policy folder as the working directory")
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, left)
}

// TestReleasedVersionsDoNotChange wants a section for the next version before a
// rule is added.
func TestReleasedVersionsDoNotChange(t *testing.T) {
	folder := copyOf(t)
	const released = "# Changes\n\n## 1.0.0\n\n- `a-rule`: what it wants.\n"
	require.NoError(t, os.WriteFile(filepath.Join(folder, "CHANGELOG.md"), []byte(released), 0o644))
	_, err := write(folder, "zz-made-up", rules.All())
	require.ErrorContains(t, err, `CHANGELOG.md begins with "## 1.0.0": want a section for the next version first`)
	assert.NoFileExists(t, filepath.Join(folder, "rules", "zz_made_up.go"))
}

// copyOf copies the policy folder, without the rest of the repository.
func copyOf(t *testing.T) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "policy")
	require.NoError(t, os.CopyFS(folder, os.DirFS("..")))
	changelog := filepath.Join(folder, "CHANGELOG.md")
	text, err := os.ReadFile(changelog)
	require.NoError(t, err)
	const next = "\n## 99.0.0 (unreleased)\n\n## "
	require.NoError(t, os.WriteFile(changelog, []byte(strings.Replace(string(text), "\n## ", next, 1)), 0o644))
	return folder
}

func read(t *testing.T, folder, name string) string {
	t.Helper()
	text, err := fs.ReadFile(os.DirFS(folder), name)
	require.NoError(t, err)
	return string(text)
}
