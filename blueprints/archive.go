package blueprints

import (
	"archive/zip"
	"os"

	"private-api-blueprints/internal/settings"
)

// What Lambda takes: a zip file that is uploaded directly, and its files.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	mostPacked   = 50 << 20
	mostUnpacked = 250 << 20
)

// checkArchive refuses the path of a function's zip file, or of the folder that Pulumi
// packs, if there is nothing that Lambda could run.
func (l *lookup) checkArchive(c settings.Section, key, path string) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		c.Reject(key, path, "no such file; `make lambda` builds bin/hello.zip and bin/client.zip")
	case info.IsDir():
		if files, err := os.ReadDir(path); err != nil || len(files) == 0 {
			c.Reject(key, path, "want a folder with the files of the function, which can be read")
		}
	case !info.Mode().IsRegular():
		c.Reject(key, path, "want a zip file or a folder")
	case info.Size() > mostPacked:
		c.Reject(key, path, "has %d bytes; want at most %d, or an image", info.Size(), mostPacked)
	default:
		checkZip(c, key, path)
	}
}

// checkZip refuses a file that is not a zip file, and one whose files Lambda does not take.
func checkZip(c settings.Section, key, path string) {
	archive, err := zip.OpenReader(path)
	if err != nil {
		c.Reject(key, path, "want a zip file: %v", err)
		return
	}
	defer func() { _ = archive.Close() }()
	unpacked := uint64(0)
	for _, file := range archive.File {
		unpacked += min(file.UncompressedSize64, mostUnpacked+1) // A header may say any size.
	}
	switch {
	case len(archive.File) == 0:
		c.Reject(key, path, "want a zip file with the files of the function; this one is empty")
	case unpacked > mostUnpacked:
		c.Reject(key, path, "its files have more than %d bytes; want fewer, or an image", mostUnpacked)
	}
}
