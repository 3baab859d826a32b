package blueprints

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/internal/settings"
)

func TestAnArchiveThatLambdaDoesNotTakeIsRefused(t *testing.T) {
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	write := func(name, content string) {
		require.NoError(t, os.WriteFile(at(name), []byte(content), 0o644))
	}
	writeArchive(t, at("good.zip"), "bootstrap")
	writeArchive(t, at("empty.zip"))
	packed, err := os.ReadFile(at("good.zip"))
	require.NoError(t, err)
	write("garbage.zip", strings.Repeat("garbage", 100))
	write("nothing.zip", "")
	write("cut.zip", string(packed[:len(packed)/2]))
	write("huge.zip", "")
	require.NoError(t, os.Truncate(at("huge.zip"), mostPacked+1))
	require.NoError(t, os.Mkdir(at("folder"), 0o755))
	write("folder/bootstrap", "")
	require.NoError(t, os.Mkdir(at("bare"), 0o755))
	for path, want := range map[string]string{
		"good.zip":    "",
		"folder":      "",
		"missing.zip": "no such file",
		"empty.zip":   "this one is empty",
		"garbage.zip": "want a zip file",
		"nothing.zip": "want a zip file",
		"cut.zip":     "want a zip file",
		"huge.zip":    "has 52428801 bytes; want at most 52428800",
		"bare":        "want a folder with the files",
	} {
		problems := &settings.Problems{}
		(&lookup{problems: problems}).checkArchive(problems.Section("").Group("function"), "archive", at(path))
		if want == "" {
			assert.NoError(t, problems.Err(), path)
		} else {
			assert.ErrorContains(t, problems.Err(), want, path)
		}
	}
}
