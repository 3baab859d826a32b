package sandbox

import (
	"os"
	"path/filepath"
	"strings"
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
			writeFile(t, filepath.Join(dir, lockFile), "")
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
	writeFile(t, filepath.Join(dir, lockFile), "")
	names := []string{"aws.json", "ca.pem", "ca.key", "logs/group/a.log", "s3/bucket/a.log.gz", "code/a.zip"}
	for _, name := range names {
		writeFile(t, filepath.Join(dir, name), "x")
	}
	require.NoError(t, Reset(dir))
	for _, name := range names {
		assert.NoFileExists(t, filepath.Join(dir, name))
	}
}

func TestResetTouchesNoOtherFolder(t *testing.T) {
	dir := t.TempDir()
	mine := []string{"project/main.go", "home/mine", "state/terraform.tfstate"}
	for _, name := range mine {
		writeFile(t, filepath.Join(dir, name), "mine")
	}
	assert.EqualError(t, Reset(dir), dir+": want the state folder of a sandbox")
	for _, name := range mine {
		assert.FileExists(t, filepath.Join(dir, name))
	}
}

// A kill can come before the first resource of AWS exists.
func TestAnAccountWithoutObjectsIsNotLost(t *testing.T) {
	dir := t.TempDir()
	_, err := openAccount(dir)
	require.NoError(t, err)
	writeFile(t, filepath.Join(dir, "state/.pulumi/stacks/p/dev.json"), checkpointOf)
	_, err = openAccount(dir)
	require.NoError(t, err)
}

func TestALostOrBrokenStateIsTold(t *testing.T) {
	dir := t.TempDir()
	account, err := openAccount(dir)
	require.NoError(t, err)
	_, _, err = account.Create("us-east-1", "urn:pulumi:prod::p::aws:ec2/eip:Eip::ip", "aws:ec2/eip:Eip", nil)
	require.NoError(t, err)
	var said strings.Builder
	s := &Sandbox{Options: Options{StateDir: dir, Stack: "dev", Stderr: &said}, account: account}
	require.NoError(t, s.tellLostState())
	assert.Contains(t, said.String(), "the account holds 1 object of stack prod, whose state is lost; `sandbox reset`")

	writeFile(t, filepath.Join(dir, "state/.pulumi/stacks/p/dev.json"), "{")
	assert.ErrorContains(t, s.tellLostState(), "`sandbox reset`")
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
	old := t.TempDir()
	require.NoError(t, os.Chmod(old, 0o755))
	writeFile(t, filepath.Join(old, lockFile), "")
	writeFile(t, filepath.Join(old, accountFile), "[]")
	for dir, want := range map[string]os.FileMode{
		old:                                    0o700,
		filepath.Join(t.TempDir(), ".sandbox"): 0o700,
	} {
		s := &Sandbox{Options: Options{StateDir: dir, Stack: "dev"}}
		require.NoError(t, s.prepareState())
		assert.Equal(t, want, modeOf(t, dir))
		assert.Equal(t, os.FileMode(0o600), modeOf(t, filepath.Join(dir, lockFile)))
		require.NoError(t, s.lock.release())
	}
	mine := t.TempDir()
	require.NoError(t, os.Chmod(mine, 0o755))
	s := &Sandbox{Options: Options{StateDir: mine, Stack: "dev"}}
	require.NoError(t, s.prepareState())
	assert.Equal(t, os.FileMode(0o755), modeOf(t, mine), "the user may have other files there")
	assert.Equal(t, os.FileMode(0o700), modeOf(t, backendDir(mine)))
	require.NoError(t, s.lock.release())
}

// modeOf returns the permissions of a file.
func modeOf(t *testing.T, path string) os.FileMode {
	t.Helper()
	info, err := os.Stat(path)
	require.NoError(t, err)
	return info.Mode().Perm()
}
