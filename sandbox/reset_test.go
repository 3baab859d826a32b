package sandbox

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// checkpointOf is a checkpoint of a stack with one resource.
const checkpointOf = `{"version": 3, "checkpoint": {"latest": {"resources": [
	{"urn": "urn:pulumi:dev::p::pulumi:pulumi:Stack::p-dev", "type": "pulumi:pulumi:Stack"},
	{"urn": "urn:pulumi:dev::p::aws:ec2/vpc:Vpc::vpc", "type": "aws:ec2/vpc:Vpc", "id": "vpc-1"}]}}}`

func TestFilesThatAreLostOrBrokenAreToldWithTheWayOut(t *testing.T) {
	const checkpoint = "state/.pulumi/stacks/p/dev.json"
	for _, row := range []struct {
		why   string
		files map[string]string
		want  string
	}{
		{"no account, one stack", map[string]string{checkpoint: checkpointOf}, "is lost, but stack dev is deployed"},
		{"a broken account", map[string]string{"aws.json": "[null]"}, "object 0: want an object"},
		{"no account, a broken stack", map[string]string{checkpoint: `{"version": 3`}, "unexpected end of JSON input"},
	} {
		t.Run(row.why, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range row.files {
				writeFile(t, filepath.Join(dir, name), text)
			}
			writeFile(t, filepath.Join(dir, "notes.txt"), "mine")
			_, err := openAccount(dir)
			require.ErrorContains(t, err, row.want)
			assert.ErrorContains(t, err, "`sandbox reset`")

			require.NoError(t, Reset(dir))
			_, err = openAccount(dir)
			require.NoError(t, err)
			assert.FileExists(t, filepath.Join(dir, "notes.txt"))
		})
	}
	require.NoError(t, Reset(filepath.Join(t.TempDir(), "nowhere")))
}

func TestResetDeletesWhatTheLiveSandboxWrote(t *testing.T) {
	dir := t.TempDir()
	names := []string{"ca.pem", "ca.key", "logs/group/a.log", "s3/bucket/a.log.gz", "code/a.zip"}
	for _, name := range names {
		writeFile(t, filepath.Join(dir, name), "x")
	}
	require.NoError(t, Reset(dir))
	for _, name := range names {
		assert.NoFileExists(t, filepath.Join(dir, name))
	}
}

func TestResetWaitsForNobody(t *testing.T) {
	dir := t.TempDir()
	held, err := acquire(dir)
	require.NoError(t, err)
	writeFile(t, filepath.Join(dir, "aws.json"), "[]")
	assert.ErrorContains(t, Reset(dir), "another sandbox command is using")
	assert.FileExists(t, filepath.Join(dir, "aws.json"))
	require.NoError(t, held.release())
}

func TestOnlyTheOwnerReadsTheState(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755))
	s := &Sandbox{Options: Options{StateDir: dir, Stack: "dev"}}
	require.NoError(t, s.prepareState())
	info, err := os.Stat(dir)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	info, err = os.Stat(filepath.Join(dir, "lock"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, s.lock.release())
}
