package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// personal are the Go settings that say where modules and tools come from, not what is built of them.
var personal = []string{
	"GOAUTH", "GOCACHE", "GOCACHEPROG", "GOINSECURE", "GOMODCACHE", "GONOPROXY", "GONOSUMDB", "GOPATH",
	"GOPRIVATE", "GOPROXY", "GOSUMDB", "GOTMPDIR", "GOTOOLCHAIN", "GOVCS",
}

// target is the platform, and the settings whose absence would let the surroundings decide.
var target = []string{
	"GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0",
	"GOENV=off",  // No settings of `go env -w`.
	"GOWORK=off", // No workspace in a parent folder.
}

// build returns the executable of the command in pkg for Lambda. The build's own messages go to stderr.
func build(ctx context.Context, pkg string) ([]byte, error) {
	env, err := environment(ctx)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "archive")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	// To a folder, because to a file `go build` would also write a package that is no command.
	cmd := exec.CommandContext(ctx, "go", "build", "-o", dir+string(filepath.Separator),
		"-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-tags=lambda.norpc", "--", pkg)
	cmd.Env, cmd.Stderr = env, os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("go build %s: %w", pkg, err)
	}
	return onlyFile(dir, pkg)
}

// environment is the process's, with all Go settings replaced by the personal ones and target's.
func environment(ctx context.Context) ([]string, error) {
	settings, err := goSettings(ctx)
	if err != nil {
		return nil, err
	}
	var env []string
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(variable, "=")
		if _, ok := settings[name]; !ok {
			env = append(env, variable)
		}
	}
	for _, name := range personal {
		env = append(env, name+"="+settings[name])
	}
	return append(env, target...), nil
}

// goSettings returns every setting of the Go command by name, from the environment and `go env -w`.
func goSettings(ctx context.Context) (map[string]string, error) {
	cmd := exec.CommandContext(ctx, "go", "env", "-json")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	var settings map[string]string
	if err := json.Unmarshal(out, &settings); err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	return settings, nil
}

// onlyFile returns the content of the one executable that pkg was built to in dir.
func onlyFile(dir, pkg string) ([]byte, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	if len(files) != 1 {
		return nil, fmt.Errorf("package %s: %d executables, want 1: name a single package main", pkg, len(files))
	}
	return os.ReadFile(filepath.Join(dir, files[0].Name()))
}
