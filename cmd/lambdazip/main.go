// Command lambdazip builds a Go command for Lambda's provided.al2023 runtime, and
// packs it as the zip file that Lambda expects.
//
//	go run ./cmd/lambdazip -o bin/hello.zip ./lambda/hello
//
// The same source and Go version give the same bytes, so a deployment changes
// the function only when its code changes. The command needs nothing but Go.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"

	"private-api-blueprints/internal/atomicfile"
)

func main() {
	out := flag.String("o", "", "write the zip to `FILE`")
	architecture := flag.String("arch", "arm64", "build for `ARCHITECTURE`: arm64 or x86_64")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: lambdazip -o FILE [-arch ARCHITECTURE] PACKAGE")
		flag.PrintDefaults()
	}
	flag.Parse()
	if *out == "" || flag.NArg() != 1 {
		fmt.Fprintf(os.Stderr, "lambdazip: want one file and one package, got -o %q and %q\n", *out, flag.Args())
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Stdout, *out, target{flag.Arg(0), *architecture})
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "lambdazip:", err)
		os.Exit(1)
	}
}

// run builds a command into the zip file at path, and reports the file on w. After
// an error the file at path is unchanged.
func run(ctx context.Context, w io.Writer, path string, t target) error {
	executable, err := build(ctx, t)
	if err != nil {
		return err
	}
	info, err := buildinfo.Read(bytes.NewReader(executable))
	if err != nil {
		return fmt.Errorf("package %s: %w", t.pkg, err)
	}
	data, err := pack(executable)
	if err != nil {
		return fmt.Errorf("package %s: %w", t.pkg, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := atomicfile.Write(path, data, 0o644); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s: %d bytes, sha256 %x, %s\n", path, len(data), sha256.Sum256(data), info.GoVersion)
	return err
}
