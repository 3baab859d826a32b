// Command floor is a policy pack without policies. It measures what any pack costs, because the engine sends every
// resource to it. If RECORD_STACK names a file, it writes there what the engine asks it to judge.
package main

import (
	"context"
	"os"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/emptypb"

	"private-api-blueprints/tests/internal/plugin"
)

func main() {
	plugin.Main(func(server *grpc.Server) { pulumirpc.RegisterAnalyzerServer(server, emptyPack{}) })
}

// emptyPack answers every request without looking at it.
type emptyPack struct {
	pulumirpc.UnimplementedAnalyzerServer
}

func (emptyPack) Handshake(
	context.Context, *pulumirpc.AnalyzerHandshakeRequest,
) (*pulumirpc.AnalyzerHandshakeResponse, error) {
	return &pulumirpc.AnalyzerHandshakeResponse{}, nil
}

func (emptyPack) ConfigureStack(
	context.Context, *pulumirpc.AnalyzerStackConfigureRequest,
) (*pulumirpc.AnalyzerStackConfigureResponse, error) {
	return &pulumirpc.AnalyzerStackConfigureResponse{}, nil
}

func (emptyPack) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: "1.0.0"}, nil
}

func (emptyPack) GetAnalyzerInfo(context.Context, *emptypb.Empty) (*pulumirpc.AnalyzerInfo, error) {
	return &pulumirpc.AnalyzerInfo{Name: "floor", Version: "1.0.0"}, nil
}

func (emptyPack) Analyze(context.Context, *pulumirpc.AnalyzeRequest) (*pulumirpc.AnalyzeResponse, error) {
	return &pulumirpc.AnalyzeResponse{}, nil
}

func (emptyPack) Remediate(context.Context, *pulumirpc.AnalyzeRequest) (*pulumirpc.RemediateResponse, error) {
	return &pulumirpc.RemediateResponse{}, nil
}

func (emptyPack) AnalyzeStack(
	_ context.Context, request *pulumirpc.AnalyzeStackRequest,
) (*pulumirpc.AnalyzeResponse, error) {
	file := os.Getenv("RECORD_STACK")
	if file == "" {
		return &pulumirpc.AnalyzeResponse{}, nil
	}
	text, err := protojson.Marshal(request)
	if err != nil {
		return nil, err
	}
	return &pulumirpc.AnalyzeResponse{}, os.WriteFile(file, text, 0o644)
}
