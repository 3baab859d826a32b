package journal

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/livetest"
)

const things = `
- type: aws:cloudwatch/logGroup:LogGroup
  id: /aws/lambda/hello
  inputs: {name: /aws/lambda/hello}
- type: aws:s3/bucketV2:BucketV2
  id: logs
  inputs: {bucket: logs}
`

// open returns a journal of an account with a log group and a bucket, and its folder.
func open(t *testing.T) (*Journal, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "journal")
	return New(folder, livetest.Open(t, things)), folder
}

var noon = time.Date(2026, time.November, 28, 12, 0, 0, 0, time.UTC)

func TestEventsAreReadByALaterCommand(t *testing.T) {
	j, folder := open(t)
	require.NoError(t, j.Log("/aws/lambda/hello", "2026/11/28/[$LATEST]b", noon.Add(time.Second), "second\r\nline\n"))
	require.NoError(t, j.Log("/aws/lambda/hello", "2026/11/28/[$LATEST]a", noon, "first"))
	later := New(folder, livetest.Open(t, things))
	events, err := later.Events("/aws/lambda/hello")
	require.NoError(t, err)
	assert.Equal(t, []Event{
		{noon, "2026/11/28/[$LATEST]a", "first"}, {noon.Add(time.Second), "2026/11/28/[$LATEST]b", `second\r\nline`},
	}, events, "by time, one line each")
	events, err = later.Events("other")
	assert.NoError(t, err)
	assert.Empty(t, events)
}

func TestEventsShowNoSecrets(t *testing.T) {
	folder := t.TempDir()
	secret := strings.Replace(things, "inputs: {name", "secrets: [canary-7f3a]\n  inputs: {name", 1)
	j := New(folder, livetest.Open(t, secret))
	require.NoError(t, j.Log("/aws/lambda/hello", "a", noon, "the token is Canary-7f3a."))
	events, err := j.Events("/aws/lambda/hello")
	require.NoError(t, err)
	assert.Equal(t, []Event{{noon, "a", "the token is [secret]."}}, events)
}

func TestNamesOfFilesShowNoSecrets(t *testing.T) {
	folder := t.TempDir()
	secret := strings.Replace(things, "inputs: {bucket", "secrets: [canary/7f3a]\n  inputs: {bucket", 1)
	j := New(folder, livetest.Open(t, secret))
	for _, key := range []string{"Canary/7f3a-logs/AWSLogs/a", "Canary/7f3a-logs/AWSLogs", "b/canary/7f3a/c"} {
		require.NoError(t, j.PutObject("logs", key, []byte(key[:1])), key)
	}
	stored, err := Stored(folder)
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"[secret]-logs/AWSLogs/a", "[secret]-logs/AWSLogs.object", "b/[secret]/c"},
		stored["logs"])
}

func TestOnlyWhatTheAccountHasIsWritten(t *testing.T) {
	j, folder := open(t)
	assert.ErrorIs(t, j.Log("missing", "stream", noon, "text"), ErrNoGroup)
	assert.ErrorIs(t, j.PutObject("missing", "key", nil), ErrNoBucket)
	assert.NoFileExists(t, folder)
	require.NoError(t, j.CreateGroup("API-Gateway-Execution-Logs_a/v1"))
	assert.NoError(t, j.Log("API-Gateway-Execution-Logs_a/v1", "stream", noon, "text"), "a service has made it")
}

func TestNamesOfFilesAreSafe(t *testing.T) {
	j, folder := open(t)
	for _, name := range []string{"..", ".", "", "../../outside", "a/b", strings.Repeat("é", 300), "COM1:", "~"} {
		require.NoError(t, j.Log("/aws/lambda/hello", name, noon, "text"), name)
		require.NoError(t, j.PutObject("logs", "folder/"+name, []byte("body")), name)
	}
	files := 0
	require.NoError(t, filepath.WalkDir(filepath.Dir(folder), func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		assert.True(t, strings.HasPrefix(path, filepath.Join(folder, "logs", "%2Faws%2Flambda%2Fhello")) ||
			strings.HasPrefix(path, filepath.Join(folder, "s3", "logs")), path)
		info, err := entry.Info()
		assert.Equal(t, fs.FileMode(0o600), info.Mode(), path)
		return err
	}))
	assert.Equal(t, 16, files, "different names are different files")
	data, err := os.ReadFile(filepath.Join(folder, "s3", "logs", "folder", "a", "b"))
	require.NoError(t, err)
	assert.Equal(t, "body", string(data))
}

func TestAStreamKeepsItsNewestEvents(t *testing.T) {
	j, folder := open(t)
	line := strings.Repeat("x", 1<<20)
	for i := range 12 {
		require.NoError(t, j.Log("/aws/lambda/hello", "s", noon.Add(time.Duration(i)*time.Second), fmt.Sprint(i, line)))
	}
	size := int64(0)
	for _, name := range []string{"s.log", "s.older"} {
		info, err := os.Stat(filepath.Join(folder, "logs", "%2Faws%2Flambda%2Fhello", name))
		require.NoError(t, err)
		size += info.Size()
	}
	assert.Less(t, size, int64(2*streamLimit))
	events, err := j.Events("/aws/lambda/hello")
	require.NoError(t, err)
	assert.True(t, strings.HasPrefix(events[len(events)-1].Text, "11"))
	assert.Less(t, len(events), 12)
}

// TestAGroupKeepsItsNewestStreams writes more than a group may keep: each process of a function has an own stream.
func TestAGroupKeepsItsNewestStreams(t *testing.T) {
	j, folder := open(t)
	group := filepath.Join(folder, "logs", "%2Faws%2Flambda%2Fhello")
	const streams = folderLimit/streamLimit + 2
	text := strings.Repeat("x", streamLimit-100)
	for i := range streams {
		require.NoError(t, j.Log("/aws/lambda/hello", fmt.Sprint(i), noon, text))
		path := filepath.Join(group, fmt.Sprint(i)+".log")
		require.NoError(t, os.Chtimes(path, noon.Add(time.Duration(i)), noon.Add(time.Duration(i))))
	}
	assert.NoFileExists(t, filepath.Join(group, "0.log"))
	assert.FileExists(t, filepath.Join(group, "2.log"))
	assert.FileExists(t, filepath.Join(group, fmt.Sprint(streams-1)+".log"))
}

func TestABucketKeepsItsNewestObjects(t *testing.T) {
	j, folder := open(t)
	body := make([]byte, folderLimit/4)
	for i := range 6 {
		path := filepath.Join(folder, "s3", "logs", fmt.Sprint(i))
		require.NoError(t, j.PutObject("logs", fmt.Sprint(i), body))
		require.NoError(t, os.Chtimes(path, noon, noon.Add(time.Duration(i)*time.Second)))
	}
	require.NoError(t, j.PutObject("logs", "new", []byte("x")))
	var names []string
	entries, err := os.ReadDir(filepath.Join(folder, "s3", "logs"))
	require.NoError(t, err)
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	assert.Equal(t, []string{"3", "4", "5", "new"}, names)
}

func TestManyMayWriteAtOnce(t *testing.T) {
	one, folder := open(t)
	two := New(folder, livetest.Open(t, things))
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			for _, j := range []*Journal{one, two} {
				assert.NoError(t, j.Log("/aws/lambda/hello", "s", noon, fmt.Sprint("event ", i)))
			}
		})
	}
	all.Wait()
	events, err := one.Events("/aws/lambda/hello")
	require.NoError(t, err)
	assert.Len(t, events, 200)
	for _, event := range events {
		assert.Regexp(t, `^event \d+$`, event.Text)
	}
}
