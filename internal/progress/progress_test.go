package progress

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// module writes a module with one command, and returns its folder.
func module(t *testing.T, source string) string {
	t.Helper()
	// A package whose path no other build has compiled.
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/command\n\ngo 1.26\n", "main.go": source} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	return dir
}

func TestABuildSaysHowManyPackagesAreDone(t *testing.T) {
	dir := module(t, "package main\n\nfunc main() { println("+"`"+t.TempDir()+"`"+") }\n")
	var printed bytes.Buffer
	reporter := Reporter{Out: &printed}
	require.NoError(t, reporter.Build(t.Context(), "the command", dir, "-o", "command", "."))
	assert.Regexp(t, `^compiling the command: \d+ packages? to go\n`, printed.String())
	assert.FileExists(t, filepath.Join(dir, "command"))

	printed.Reset()
	require.NoError(t, reporter.Build(t.Context(), "the command", dir, "-o", "command", "."))
	assert.Empty(t, printed.String(), "nothing is left to compile")
}

func TestABuildThatFailsShowsTheErrorsOfTheCompiler(t *testing.T) {
	dir := module(t, "package main\n\nfunc main() { undefined() }\n")
	var printed bytes.Buffer
	err := Reporter{Out: &printed}.Build(t.Context(), "the command", dir, "-o", "command", ".")
	assert.ErrorContains(t, err, "go build -o ")
	assert.Contains(t, printed.String(), "undefined: undefined")
}

func TestASilentCommandIsReportedWithTheTimeThatItTakes(t *testing.T) {
	var out, reports bytes.Buffer
	reporter := Reporter{Out: &reports, Every: 20 * time.Millisecond}
	require.NoError(t, reporter.Run(t.Context(), "testing", &out, "sh", "-c", "echo result; sleep 0.2"))
	assert.Equal(t, "result\n", out.String())
	assert.Regexp(t, regexp.MustCompile(`^(still testing, 0s\n)+$`), reports.String())
}

func TestASilenceBeginsWithTheLastOutputOfTheCommand(t *testing.T) {
	var reports bytes.Buffer
	reporter := Reporter{Out: &reports, Every: 200 * time.Millisecond}
	script := "echo; sleep 0.1; echo; sleep 0.3"
	require.NoError(t, reporter.Run(t.Context(), "testing", &bytes.Buffer{}, "sh", "-c", script))
	assert.Equal(t, "still testing, 0s\n", reports.String())
}

func TestNumbersHaveCommas(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 2134: "2,134", 1234567: "1,234,567"} {
		assert.Equal(t, want, thousands(n))
	}
}
