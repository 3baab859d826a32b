package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSameSourceGivesTheSameBytes(t *testing.T) {
	plain := copySource(t, filepath.Join(t.TempDir(), "copy"))
	workspace := filepath.Join(t.TempDir(), "longer", "path")
	clone := copySource(t, filepath.Join(workspace, "clone"))
	want := sha256.Sum256(zipHello(t, plain))

	// The clone belongs to someone with other settings. Each of them alone, if it
	// were not kept out, would change the bytes or fail the build.
	commit(t, clone)
	write(t, filepath.Join(workspace, "go.work"), "go 1.26\n\nuse ./other\n")
	write(t, filepath.Join(workspace, "other", "go.mod"), "module other\n\ngo 1.26\n")
	write(t, filepath.Join(workspace, "config", "go", "env"), "GOARM64=v8.1\n") // As `go env -w` does on Linux.
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(workspace, "config"))
	t.Setenv("GOENV", "")
	t.Setenv("GOFLAGS", "-gcflags=-N")
	t.Setenv("GOEXPERIMENT", "jsonv2")
	assert.Equal(t, want, sha256.Sum256(zipHello(t, clone)))
}

func TestZipHoldsTheExecutableThatLambdaStarts(t *testing.T) {
	data := zipHello(t, filepath.Join("..", ".."))
	reader, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	require.Len(t, reader.File, 1)
	entry := reader.File[0]
	assert.Equal(t, "bootstrap", entry.Name)
	assert.Equal(t, os.FileMode(0o755), entry.Mode(), "Lambda does not run it as its owner")
	assert.True(t, entry.Modified.Equal(time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)), entry.Modified)

	executable, err := elf.NewFile(bytes.NewReader(content(t, entry)))
	require.NoError(t, err)
	assert.Equal(t, elf.EM_AARCH64, executable.Machine)
	assert.Equal(t, elf.ET_EXEC, executable.Type)
	libraries, err := executable.ImportedLibraries()
	require.NoError(t, err)
	assert.Empty(t, libraries, "a static executable needs nothing from the runtime's image")
}

func TestReportNamesTheWrittenFile(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	path := filepath.Join(t.TempDir(), "new", "folder", "hello.zip")
	var report bytes.Buffer
	require.NoError(t, run(t.Context(), &report, path, target{"./lambda/hello", "arm64"}))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	want := fmt.Sprintf("%s: %d bytes, sha256 %x, go1.", path, len(data), sha256.Sum256(data))
	assert.Contains(t, report.String(), want)
}

func TestFailedBuildLeavesTheOldZip(t *testing.T) {
	module := t.TempDir()
	write(t, filepath.Join(module, "go.mod"), "module example.com/broken\n\ngo 1.26\n")
	write(t, filepath.Join(module, "library", "library.go"), "package library\n")
	write(t, filepath.Join(module, "broken", "main.go"), "package main\n\nfunc main() { undefined() }\n")
	t.Chdir(module)
	for _, row := range []struct{ pkg, why string }{
		{"./library", "it compiles, but is not a command"},
		{"./broken", "it does not compile"},
		{"./missing", "it does not exist"},
	} {
		t.Run(row.pkg, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "hello.zip")
			write(t, path, "the old zip")
			assert.ErrorContains(t, run(t.Context(), io.Discard, path, target{row.pkg, "arm64"}), row.pkg, row.why)
			old, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, "the old zip", string(old), row.why)
		})
	}
}

// zipHello returns the zip file of the hello function in the module at root.
func zipHello(t *testing.T, root string) []byte {
	t.Helper()
	t.Chdir(root)
	path := filepath.Join(t.TempDir(), "hello.zip")
	require.NoError(t, run(t.Context(), io.Discard, path, target{"./lambda/hello", "arm64"}))
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return data
}

// copySource copies the source of the hello function to a new folder root, and
// returns root.
func copySource(t *testing.T, root string) string {
	t.Helper()
	hello := os.DirFS(filepath.Join("..", "..", "lambda", "hello"))
	require.NoError(t, os.CopyFS(filepath.Join(root, "lambda", "hello"), hello))
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join("..", "..", name))
		require.NoError(t, err)
		write(t, filepath.Join(root, name), string(data))
	}
	return root
}

// commit makes the folder root a git repository with one commit.
func commit(t *testing.T, root string) {
	t.Helper()
	for _, args := range [][]string{
		{"init", "-q"},
		{"add", "."},
		{"-c", "user.name=Test", "-c", "user.email=test@example.com", "commit", "-q", "-m", "Source"},
	} {
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir = root
		// Keeps out the user's settings, and the repository that a git hook would name.
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + root}
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, string(out))
	}
}

// write writes a file and creates its folder.
func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

// content returns the content of a file in a zip file.
func content(t *testing.T, entry *zip.File) []byte {
	t.Helper()
	file, err := entry.Open()
	require.NoError(t, err)
	defer file.Close()
	data, err := io.ReadAll(file)
	require.NoError(t, err)
	return data
}

func TestBuildIsForTheArchitecture(t *testing.T) {
	t.Chdir(filepath.Join("..", ".."))
	executable, err := build(t.Context(), target{"./lambda/hello", "x86_64"})
	require.NoError(t, err)
	file, err := elf.NewFile(bytes.NewReader(executable))
	require.NoError(t, err)
	assert.Equal(t, elf.EM_X86_64, file.Machine)
	_, err = build(t.Context(), target{"./lambda/hello", "amd64"})
	assert.EqualError(t, err, `architecture "amd64": want arm64 or x86_64`)
}
