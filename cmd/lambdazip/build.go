package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"private-api-blueprints/internal/progress"
)

// kept names the Go settings that are taken from the environment. They say where
// modules and tools come from, and do not change what is built.
var kept = []string{
	"GOAUTH", "GOCACHE", "GOCACHEPROG", "GOINSECURE", "GOMODCACHE", "GONOPROXY", "GONOSUMDB", "GOPATH",
	"GOPRIVATE", "GOPROXY", "GOSUMDB", "GOTMPDIR", "GOTOOLCHAIN", "GOVCS",
}

// fixed holds the settings of every build: the system, and the settings that
// would depend on the environment if they were not set.
var fixed = []string{
	"GOOS=linux", "CGO_ENABLED=0",
	"GOENV=off",  // Ignores settings of `go env -w`.
	"GOWORK=off", // Ignores a workspace in a parent folder.
}

// target is a command to build, as a path that `go build` accepts, and the
// architecture of Lambda to build it for.
type target struct{ pkg, architecture string }

// goArchitectures maps the architectures of Lambda to those of Go.
var goArchitectures = map[string]string{"arm64": "arm64", "x86_64": "amd64"}

// build returns the executable of a command for Lambda. The messages of the build
// go to stderr.
func build(ctx context.Context, t target) ([]byte, error) {
	goArchitecture, known := goArchitectures[t.architecture]
	if !known {
		return nil, fmt.Errorf("architecture %q: want arm64 or x86_64", t.architecture)
	}
	env, err := environment(ctx)
	if err != nil {
		return nil, err
	}
	env, pkg := append(env, "GOARCH="+goArchitecture), t.pkg
	dir, err := os.MkdirTemp("", "lambdazip")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	// The output is a folder, because `go build` would write a library to a file.
	err = progress.Reporter{Out: os.Stderr, Env: env}.Build(ctx, pkg, "", "-o", dir+string(filepath.Separator),
		"-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-tags=lambda.norpc", "--", pkg)
	if err != nil {
		return nil, err
	}
	return onlyFile(dir, pkg)
}

// environment returns the process's environment, with its Go settings replaced
// by the kept and the fixed ones.
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
	for _, name := range kept {
		env = append(env, name+"="+settings[name])
	}
	return append(env, fixed...), nil
}

// goSettings returns all settings of the Go command by name, from the
// environment and from `go env -w`.
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

// onlyFile returns the content of the one file in dir, the executable of pkg.
func onlyFile(dir, pkg string) ([]byte, error) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	if len(files) != 1 {
		return nil, fmt.Errorf("package %s builds %d executables: want the path of one package main", pkg, len(files))
	}
	return os.ReadFile(filepath.Join(dir, files[0].Name()))
}
