// Package journal keeps what the simulated account's services write down: the events
// of CloudWatch log groups and the objects of S3 buckets. Both are files, which a later
// command, or a person, can read:
//
//	logs/<group>/<stream>.log   one event per line: time, space, text
//	s3/<bucket>/<key>           the object; .object is added to a name that a folder has
//
// Names are escaped as in URLs, so that a slash in a group's name makes no folder.
package journal

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"private-api-blueprints/internal/atomicfile"
	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/redact"
)

const (
	logGroupType = "aws:cloudwatch/logGroup:LogGroup"
	bucketType   = "aws:s3/bucketV2:BucketV2"
)

// The folders that a journal has in its own.
const (
	logFolder    = "logs"
	bucketFolder = "s3"
)

// streamLimit is how long the file of a stream becomes before it replaces the older
// part. folderLimit is the size of the newest files that a bucket or a log group keeps.
const (
	streamLimit = 4 << 20
	folderLimit = 64 << 20
)

// The errors of things that the account does not have, with AWS's codes.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
var (
	ErrNoGroup  = errors.New("ResourceNotFoundException: The specified log group does not exist")
	ErrNoBucket = errors.New("NoSuchBucket: The specified bucket does not exist")
)

// Journal writes below one folder. Its methods may be called concurrently, and several
// processes may write below the same folder.
type Journal struct {
	folder  string
	inv     *inventory.Inventory
	secrets []string
	mu      sync.Mutex
}

// New returns the journal of an account below a folder, which need not exist. The
// account says which log groups and buckets exist.
func New(folder string, inv *inventory.Inventory) *Journal {
	return &Journal{folder: folder, inv: inv, secrets: inv.Secrets()}
}

// Folders returns the names of the folders that a journal has in its own.
func Folders() []string { return []string{logFolder, bucketFolder} }

// Event is one event of a log group.
type Event struct {
	Time   time.Time `json:"time"`
	Stream string    `json:"stream"`
	Text   string    `json:"text"`
}

// CreateGroup makes a log group exist that a service of AWS creates itself, as API
// Gateway does with those of its execution logs.
func (j *Journal) CreateGroup(group string) error { return os.MkdirAll(j.groupFolder(group), 0o700) }

// groupFolder returns the folder of a log group.
func (j *Journal) groupFolder(group string) string {
	return filepath.Join(j.folder, logFolder, safe(group))
}

// Log adds an event to the named stream of a log group. Each event becomes one line, without the secrets of the
// account. The error is ErrNoGroup if the log group does not exist.
func (j *Journal) Log(group, name string, at time.Time, text string) error {
	folder := j.groupFolder(group)
	if j.inv.Find(logGroupType, group) == nil {
		if _, err := os.Stat(folder); err != nil {
			return fmt.Errorf("%w (%s)", ErrNoGroup, group)
		}
	}
	text = redact.Text(oneLine.Replace(strings.TrimRight(text, "\r\n")), j.secrets)
	line := at.UTC().Format("2006-01-02T15:04:05.000Z") + " " + text + "\n"
	j.mu.Lock()
	defer j.mu.Unlock()
	file, err := stream(filepath.Join(folder, safe(name)+".log"), len(line))
	if err != nil {
		return err
	}
	_, err = file.WriteString(line)
	return errors.Join(err, file.Close())
}

// oneLine makes one line of several.
var oneLine = strings.NewReplacer("\r", `\r`, "\n", `\n`)

// stream opens the file of a stream to append some bytes. A file that would become too long replaces the older part.
func stream(path string, more int) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return newStream(path)
	}
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	if info.Size()+int64(more) <= streamLimit {
		return file, nil
	}
	if err := errors.Join(file.Close(), os.Rename(path, strings.TrimSuffix(path, ".log")+".older")); err != nil {
		return nil, err
	}
	return newStream(path)
}

// newStream creates the file of a stream. It makes room in the folder of its group before.
func newStream(path string) (*os.File, error) {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	if err := trim(folder); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
}

// Events returns the events of a log group that are still there, by time. A group
// without events has none.
func (j *Journal) Events(group string) ([]Event, error) {
	folder := j.groupFolder(group)
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var events []Event
	for _, entry := range entries {
		stream, err := url.PathUnescape(strings.TrimSuffix(strings.TrimSuffix(entry.Name(), ".log"), ".older"))
		if err != nil {
			return nil, err
		}
		if events, err = appendEvents(events, filepath.Join(folder, entry.Name()), stream); err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(events, func(a, b Event) int { return a.Time.Compare(b.Time) })
	return events, nil
}

// appendEvents appends the events in a file.
func appendEvents(events []Event, path, stream string) ([]Event, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, streamLimit+1)
	for lines.Scan() {
		stamp, text, _ := strings.Cut(lines.Text(), " ")
		at, err := time.Parse(time.RFC3339, stamp)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		events = append(events, Event{Time: at, Stream: stream, Text: text})
	}
	return events, lines.Err()
}

// PutObject stores an object in a bucket. Its key may have slashes, which make folders.
// Secrets of the account in the key, such as a prefix of access logs, do not become
// names of files. The name of a bucket is its ID, which cannot be secret. The error is
// ErrNoBucket if the bucket does not exist. If a bucket's objects take more than 64 MiB,
// the oldest ones go.
func (j *Journal) PutObject(bucket, key string, body []byte) error {
	if j.inv.Find(bucketType, bucket) == nil {
		return fmt.Errorf("%w (%s)", ErrNoBucket, bucket)
	}
	folder := filepath.Join(j.folder, bucketFolder, safe(bucket))
	key = redact.Text(key, j.secrets)
	segments := strings.Split(key, "/")
	for i, s := range segments {
		segments[i] = safe(s)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := write(filepath.Join(folder, filepath.Join(segments...)), body); err != nil {
		// A bucket may have objects a and a/b. A folder has no file of the same name.
		if err := write(filepath.Join(folder, safe(key)+".object"), body); err != nil {
			return err
		}
	}
	return trim(folder)
}

// write writes a file, and creates its folder.
func write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	return atomicfile.Write(path, data, 0o600)
}

// trim removes the oldest files below a folder that are too much. Another process may do so at the same time.
func trim(folder string) error {
	type file struct {
		path string
		info fs.FileInfo
	}
	var files []file
	total := int64(0)
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			files, total = append(files, file{path, info}), total+info.Size()
		}
		return err
	})
	slices.SortFunc(files, func(a, b file) int { return a.info.ModTime().Compare(b.info.ModTime()) })
	for len(files) > 1 && total > folderLimit {
		if gone := os.Remove(files[0].path); !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
		total -= files[0].info.Size()
		files = files[1:]
	}
	return err
}

// Stored returns the keys of the objects that journals of a folder hold, by bucket.
func Stored(folder string) (map[string][]string, error) {
	root, stored := filepath.Join(folder, bucketFolder), map[string][]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) { // A journal may trim it at the same time.
			return nil
		}
		if err != nil || path == root {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		if name, err = url.PathUnescape(filepath.ToSlash(name)); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		bucket, key, _ := strings.Cut(name, "/")
		if !entry.IsDir() {
			stored[bucket] = append(stored[bucket], key)
		}
		return nil
	})
	return stored, err
}

// Drop removes the objects of a bucket that journals of a folder hold.
func Drop(folder, bucket string) error {
	return os.RemoveAll(filepath.Join(folder, bucketFolder, safe(bucket)))
}

// unusual escapes what not every system takes in the name of a file, and URLs do not escape.
var unusual = strings.NewReplacer("~", "%7E", ":", "%3A")

// safe returns a name as that of a file on any system: escaped, not hidden, and not
// too long.
func safe(name string) string {
	escaped := unusual.Replace(url.PathEscape(name))
	if strings.HasPrefix(escaped, ".") {
		escaped = "%2E" + escaped[1:]
	}
	if escaped == "" {
		return "%00"
	}
	if len(escaped) > 200 {
		sum := sha256.Sum256([]byte(name))
		return escaped[:strings.LastIndexByte(escaped[:130], '%')] + hex.EncodeToString(sum[:])
	}
	return escaped
}
