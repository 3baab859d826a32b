// Command languagehost does for the tests what pulumi-language-go does in a Pulumi installation: it compiles a folder
// and runs it, as the program or as a policy pack. With it, a plain `pulumi` runs main.go as a user's does.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	codegen "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"

	"private-api-blueprints/tests/internal/plugin"
)

func main() {
	plugin.Main(func(server *grpc.Server) {
		pulumirpc.RegisterLanguageRuntimeServer(server, &host{engine: os.Args[len(os.Args)-1]})
	})
}

// host implements the requests that the CLI makes for a Go program or a Go policy pack.
type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engine string // The engine's address.
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: "1.0.0"}, nil
}

func (h *host) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (h *host) GetRequiredPlugins(
	context.Context, *pulumirpc.GetRequiredPluginsRequest,
) (*pulumirpc.GetRequiredPluginsResponse, error) {
	return &pulumirpc.GetRequiredPluginsResponse{}, nil
}

// GeneratePackage writes the Go SDK of a package into a folder.
func (h *host) GeneratePackage(
	_ context.Context, request *pulumirpc.GeneratePackageRequest,
) (*pulumirpc.GeneratePackageResponse, error) {
	var spec schema.PackageSpec
	if err := json.Unmarshal([]byte(request.Schema), &spec); err != nil {
		return nil, err
	}
	loader, err := schema.NewLoaderClient(request.LoaderTarget)
	if err != nil {
		return nil, err
	}
	defer func() { _ = loader.Close() }()
	bound, problems, err := schema.BindSpec(spec, loader, schema.ValidationOptions{})
	if err != nil {
		return nil, err
	}
	if problems.HasErrors() {
		return nil, problems
	}
	files, err := codegen.GeneratePackage("languagehost", bound, request.LocalDependencies)
	if err != nil {
		return nil, err
	}
	for name, content := range files {
		path := filepath.Join(request.Directory, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return nil, err
		}
	}
	return &pulumirpc.GeneratePackageResponse{}, nil
}

// Run compiles and runs the program. The program finds the engine and its configuration in its environment.
func (h *host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	config, err := json.Marshal(request.Config)
	if err != nil {
		return nil, err
	}
	secretKeys, err := json.Marshal(request.ConfigSecretKeys)
	if err != nil {
		return nil, err
	}
	binary, err := build(ctx, request.Info.ProgramDirectory)
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	cmd := exec.CommandContext(ctx, binary)
	cmd.Dir = request.Pwd
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(),
		pulumi.EnvProject+"="+request.Project,
		pulumi.EnvStack+"="+request.Stack,
		pulumi.EnvConfig+"="+string(config),
		pulumi.EnvConfigSecretKeys+"="+string(secretKeys),
		pulumi.EnvDryRun+"="+strconv.FormatBool(request.DryRun),
		pulumi.EnvParallel+"="+strconv.Itoa(int(request.Parallel)),
		pulumi.EnvMonitor+"="+request.MonitorAddress,
		pulumi.EnvEngine+"="+h.engine,
	)
	if err := cmd.Run(); err != nil {
		explained := cmd.ProcessState != nil && cmd.ProcessState.ExitCode() == constant.ExitStatusLoggedError
		return &pulumirpc.RunResponse{Error: err.Error(), Bail: explained}, nil
	}
	return &pulumirpc.RunResponse{}, nil
}

// InstallDependencies does nothing: compiling downloads the modules.
func (h *host) InstallDependencies(
	*pulumirpc.InstallDependenciesRequest, grpc.ServerStreamingServer[pulumirpc.InstallDependenciesResponse],
) error {
	return nil
}

// RunPlugin compiles and runs a policy pack. The engine reads the port that the pack prints.
func (h *host) RunPlugin(
	request *pulumirpc.RunPluginRequest, stream grpc.ServerStreamingServer[pulumirpc.RunPluginResponse],
) error {
	binary, err := build(stream.Context(), request.Info.ProgramDirectory)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(stream.Context(), binary, request.Args...)
	cmd.Dir, cmd.Env, cmd.Stderr = request.Pwd, request.Env, os.Stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	if _, err := io.Copy(pluginOutput{stream}, stdout); err != nil {
		return err
	}
	return cmd.Wait()
}

// pluginOutput sends a plugin's output to the engine.
type pluginOutput struct {
	stream grpc.ServerStreamingServer[pulumirpc.RunPluginResponse]
}

func (o pluginOutput) Write(text []byte) (int, error) {
	output := &pulumirpc.RunPluginResponse_Stdout{Stdout: text}
	return len(text), o.stream.Send(&pulumirpc.RunPluginResponse{Output: output})
}

// build compiles a folder into a file next to this command, and returns the file's path.
func build(ctx context.Context, folder string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	binary := filepath.Join(filepath.Dir(self), "built", filepath.Base(folder))
	cmd := exec.CommandContext(ctx, "go", "build", "-o", binary, ".")
	cmd.Dir = folder
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build in %s: %w\n%s", folder, err, text)
	}
	return binary, nil
}
