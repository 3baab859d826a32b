// Command languagehost does for the tests what pulumi-language-go does in a
// Pulumi installation: it compiles a folder and runs it, as the program or as a
// policy pack. With it, a plain `pulumi` runs main.go as a user's does.
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

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

func main() {
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{Init: func(server *grpc.Server) error {
		pulumirpc.RegisterLanguageRuntimeServer(server, &host{engine: os.Args[len(os.Args)-1]})
		return nil
	}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(handle.Port) // What the engine waits for.
	<-handle.Done
}

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engine string // The engine's address.
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: "3.258.0"}, nil
}

func (h *host) GetRequiredPackages(context.Context, *pulumirpc.GetRequiredPackagesRequest) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (h *host) GetRequiredPlugins(context.Context, *pulumirpc.GetRequiredPluginsRequest) (*pulumirpc.GetRequiredPluginsResponse, error) {
	return &pulumirpc.GetRequiredPluginsResponse{}, nil
}

// Run runs the program, which finds all it needs in its environment.
func (h *host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	config, err := json.Marshal(request.Config)
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
		pulumi.EnvDryRun+"="+strconv.FormatBool(request.DryRun),
		pulumi.EnvParallel+"="+strconv.Itoa(int(request.Parallel)),
		pulumi.EnvMonitor+"="+request.MonitorAddress,
		pulumi.EnvEngine+"="+h.engine,
	)
	if err := cmd.Run(); err != nil {
		return &pulumirpc.RunResponse{Error: err.Error(), Bail: cmd.ProcessState != nil && cmd.ProcessState.ExitCode() == 32}, nil
	}
	return &pulumirpc.RunResponse{}, nil
}

// RunPlugin runs a policy pack; the engine reads the port that it prints.
func (h *host) RunPlugin(request *pulumirpc.RunPluginRequest, stream grpc.ServerStreamingServer[pulumirpc.RunPluginResponse]) error {
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

type pluginOutput struct {
	stream grpc.ServerStreamingServer[pulumirpc.RunPluginResponse]
}

func (o pluginOutput) Write(text []byte) (int, error) {
	return len(text), o.stream.Send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stdout{Stdout: text}})
}

// build compiles a folder into the folder of this command, where the next build
// finds what has not changed.
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
