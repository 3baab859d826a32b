// Command record saves what the CLI sends to a policy pack for the compliant networks of tests/faults, before and after
// they are deployed. The pack's own tests judge these requests. Run it in the repository's folder after `make cli`,
// with the folder to write to:
//
//	go run ./cmd/record policy/pack/testdata
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"private-api-blueprints/sandbox"
	"private-api-blueprints/tests/faults"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "record: want one argument, the folder to write to")
		os.Exit(2)
	}
	if err := run(context.Background(), os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

// run previews and deploys the networks with a pack that saves its requests, and writes both requests to the folder.
func run(ctx context.Context, folder string) (err error) {
	work, err := os.MkdirTemp("", "record")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	pack := filepath.Join(work, "pack")
	build := exec.CommandContext(ctx, "go", "build", "-o", pack, "./tests/internal/floor")
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build ./tests/internal/floor: %w\n%s", err, text)
	}
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	request := filepath.Join(work, "request.json")
	if err := os.Setenv("RECORD_STACK", request); err != nil {
		return err
	}
	var printed bytes.Buffer
	box, err := sandbox.Open(ctx, sandbox.Options{
		Root: root, StateDir: filepath.Join(work, "state"), Program: faults.Program(faults.All(), faults.Options{}),
		Stack: "dev", ConfigFile: filepath.Join(root, "Pulumi.dev.yaml"),
		Packs: []string{pack}, Stdout: &printed, Stderr: &printed,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()

	if _, err := box.Preview(ctx); err != nil {
		return fmt.Errorf("preview: %w\n%s", err, &printed)
	}
	if err := compress(request, filepath.Join(folder, "compliant_at_first_preview.json.gz")); err != nil {
		return err
	}
	if _, err := box.Up(ctx); err != nil {
		return fmt.Errorf("up: %w\n%s", err, &printed)
	}
	return compress(request, filepath.Join(folder, "compliant_when_deployed.json.gz"))
}

// compress writes a compressed copy of a request: the requests are long, and only tests read them.
func compress(request, file string) error {
	text, err := os.ReadFile(request)
	if err != nil {
		return err
	}
	var compressed bytes.Buffer
	w := gzip.NewWriter(&compressed)
	if _, err := w.Write(text); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile(file, compressed.Bytes(), 0o644)
}
