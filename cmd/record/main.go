// Command record saves what the CLI sends to a policy pack, at the first preview of a stack and after its deployment.
// Tests of the pack judge these requests. It records the compliant networks of tests/faults for the package pack, and
// the example stack of each blueprint for the package mutation. Run it in the repository's folder after `make lambda`
// and `make cli`. Arguments limit it to some stacks:
//
//	go run ./cmd/record [compliant|BLUEPRINT]...
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
	"slices"

	"private-api-blueprints/blueprints"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/recorded"
	"private-api-blueprints/sandbox"
	"private-api-blueprints/tests/faults"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "record:", err)
		os.Exit(1)
	}
}

// recording is a stack to record.
type recording struct {
	name    string // Of the recording.
	stack   string
	program sandbox.Program
	// preview and deployed are the files to write.
	preview, deployed string
}

// recordings returns all recordings.
func recordings() []recording {
	const packs, mutation = "policy/pack/testdata/", "policy/mutation/testdata/"
	all := []recording{{
		name: "compliant", stack: "static-ip-apigw", program: faults.Program(faults.All(), faults.Options{}),
		preview: packs + "compliant_at_first_preview.json.gz", deployed: packs + "compliant_when_deployed.json.gz",
	}}
	for _, blueprint := range config.Blueprints() {
		all = append(all, recording{
			name: blueprint.Name, stack: blueprint.Name, program: blueprints.Deploy,
			preview:  mutation + blueprint.Name + "_at_first_preview.json.gz",
			deployed: mutation + blueprint.Name + "_when_deployed.json.gz",
		})
	}
	return all
}

// run records the stacks with these names, or all stacks.
func run(ctx context.Context, names []string) error {
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
	all := recordings()
	for _, name := range names {
		if !slices.ContainsFunc(all, func(r recording) bool { return r.name == name }) {
			return fmt.Errorf("%q: want compliant or a blueprint", name)
		}
	}
	for _, r := range all {
		if len(names) > 0 && !slices.Contains(names, r.name) {
			continue
		}
		if err := r.record(ctx, pack, filepath.Join(work, r.name)); err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	return nil
}

// record previews and deploys a stack with a pack that saves its requests, and writes both requests.
func (r recording) record(ctx context.Context, pack, work string) (err error) {
	root, err := os.Getwd()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(work, 0o755); err != nil {
		return err
	}
	request := filepath.Join(work, "request.json")
	if err := os.Setenv("RECORD_STACK", request); err != nil {
		return err
	}
	var printed bytes.Buffer
	box, err := sandbox.Open(ctx, sandbox.Options{
		Root: root, StateDir: filepath.Join(work, "state"), Program: r.program, Repeatable: true,
		Stack: r.stack, ConfigFile: filepath.Join(root, "Pulumi."+r.stack+".yaml"),
		Packs: []string{pack}, Stdout: &printed, Stderr: &printed,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()

	if _, err := box.Preview(ctx); err != nil {
		return fmt.Errorf("preview: %w\n%s", err, &printed)
	}
	if err := compress(request, r.preview); err != nil {
		return err
	}
	if _, err := box.Up(ctx); err != nil {
		return fmt.Errorf("up: %w\n%s", err, &printed)
	}
	return compress(request, r.deployed)
}

// compress writes a compressed copy of a request: the requests are long, and only tests read them.
func compress(request, file string) error {
	text, err := os.ReadFile(request)
	if err != nil {
		return err
	}
	if text, err = recorded.Normalize(text); err != nil {
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
