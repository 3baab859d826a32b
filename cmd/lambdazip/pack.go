package main

import (
	"archive/zip"
	"bytes"
	"time"
)

// entryPoint is the name of the file that an OS-only runtime starts.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
const entryPoint = "bootstrap"

// pack returns a zip file with the executable alone, dated with the earliest time
// that a zip file can hold.
func pack(executable []byte) ([]byte, error) {
	header := &zip.FileHeader{
		Name:     entryPoint,
		Method:   zip.Deflate,
		Modified: time.Date(1980, time.January, 1, 0, 0, 0, 0, time.UTC),
	}
	header.SetMode(0o755)
	var data bytes.Buffer
	writer := zip.NewWriter(&data)
	entry, err := writer.CreateHeader(header)
	if err != nil {
		return nil, err
	}
	if _, err := entry.Write(executable); err != nil {
		return nil, err
	}
	if err := writer.Close(); err != nil {
		return nil, err
	}
	return data.Bytes(), nil
}
