package sandbox

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const bucketType = "aws:s3/bucketV2:BucketV2"

func TestABucketWithAccessLogsOfTheLiveSandboxIsNotEmpty(t *testing.T) {
	dir := t.TempDir()
	account, err := openAccount(dir)
	require.NoError(t, err)
	for bucket, forced := range map[string]bool{"kept": false, "forced": true} {
		_, _, err = account.Create("us-east-1", "", bucketType, resource.NewPropertyMapFromMap(map[string]any{
			"bucket": bucket, "forceDestroy": forced,
		}))
		require.NoError(t, err)
		writeFile(t, filepath.Join(dir, "s3", bucket, "AWSLogs", "123456789012", "a.log.gz"), "log")
	}
	writeFile(t, filepath.Join(dir, "s3", "gone", "a.log.gz"), "log")
	require.NoError(t, countObjects(account, dir))
	assert.NoDirExists(t, filepath.Join(dir, "s3", "gone"))

	account, err = openAccount(dir)
	require.NoError(t, err)
	assert.ErrorContains(t, account.Delete("us-east-1", bucketType, "kept"), "BucketNotEmpty")
	assert.NoError(t, account.Delete("us-east-1", bucketType, "forced"))
	require.NoError(t, countObjects(account, dir))
	assert.NoDirExists(t, filepath.Join(dir, "s3", "forced"))
	assert.FileExists(t, filepath.Join(dir, "s3", "kept", "AWSLogs", "123456789012", "a.log.gz"))
}

// A change of the file would make `sandbox serve` open the account again.
func TestObjectsThatAreCountedAlreadyLeaveTheAccountsFileAsItIs(t *testing.T) {
	dir := t.TempDir()
	account, err := openAccount(dir)
	require.NoError(t, err)
	_, _, err = account.Create("us-east-1", "", bucketType,
		resource.NewPropertyMapFromMap(map[string]any{"bucket": "logs"}))
	require.NoError(t, err)
	writeFile(t, filepath.Join(dir, "s3", "logs", "a.log.gz"), "log")
	require.NoError(t, countObjects(account, dir))
	before, err := os.Stat(filepath.Join(dir, accountFile))
	require.NoError(t, err)
	require.NoError(t, countObjects(account, dir))
	after, err := os.Stat(filepath.Join(dir, accountFile))
	require.NoError(t, err)
	assert.True(t, os.SameFile(before, after))
}
