// Command archive builds a Go command for Lambda's provided.al2023 runtime on arm64 and packs it as
// the zip that Lambda takes.
//
//	go run ./lambda/archive -o bin/hello.zip ./lambda/hello
//
// The same source built by the same Go version gives the same bytes, so a deployment changes the
// function only when its code changes. It needs nothing but Go.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
)

func main() {
	out := flag.String("o", "", "write the zip to `FILE`")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: archive -o FILE PACKAGE")
		flag.PrintDefaults()
	}
	flag.Parse()
	if *out == "" || flag.NArg() != 1 {
		fmt.Fprintf(os.Stderr, "archive: want one file and one package, got -o %q and %q\n", *out, flag.Args())
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := archive(ctx, os.Stdout, *out, flag.Arg(0))
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "archive:", err)
		os.Exit(1)
	}
}

// archive builds pkg, a package path as `go build` takes it, into the zip file at path and reports
// the file on w. On an error path is as it was.
func archive(ctx context.Context, w io.Writer, path, pkg string) error {
	executable, err := build(ctx, pkg)
	if err != nil {
		return err
	}
	info, err := buildinfo.Read(bytes.NewReader(executable))
	if err != nil {
		return fmt.Errorf("package %s: %w", pkg, err)
	}
	data, err := pack(executable)
	if err != nil {
		return fmt.Errorf("package %s: %w", pkg, err)
	}
	if err := replaceFile(path, data); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s: %d bytes, sha256 %x, %s\n", path, len(data), sha256.Sum256(data), info.GoVersion)
	return err
}

// replaceFile gives the file at path its new content at once: a reader sees the old or the new.
func replaceFile(path string, data []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name()) // Nothing is left to remove after the rename.
	_, err = temp.Write(data)
	if err := errors.Join(err, temp.Chmod(0o644), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
