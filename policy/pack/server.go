package pack

import (
	"context"
	"fmt"
	"io"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"

	"private-api-blueprints/policy/decode"
)

// Serve answers the engine until it goes away, after writing the port to out as
// the plugin protocol wants. No other word may go there.
func Serve(p *Pack, out io.Writer) error {
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(s *grpc.Server) error {
			pulumirpc.RegisterAnalyzerServer(s, NewServer(p))
			return nil
		},
		Options: rpcutil.TracingServerInterceptorOptions(nil),
	})
	if err != nil {
		return fmt.Errorf("policy pack %s: serve: %w", Name, err)
	}
	if _, err := fmt.Fprintf(out, "%d\n", handle.Port); err != nil {
		return fmt.Errorf("policy pack %s: write port: %w", Name, err)
	}
	return <-handle.Done
}

// NewServer is the pack behind the analyzer protocol.
func NewServer(p *Pack) pulumirpc.AnalyzerServer {
	return &server{AnalyzerServer: plugin.NewAnalyzerServer(p)}
}

// server answers what costs time in a large stack and has no use for this pack
// before the properties are unmarshalled: it is called twice for each resource.
type server struct {
	pulumirpc.AnalyzerServer
}

func (s *server) Analyze(context.Context, *pulumirpc.AnalyzeRequest) (*pulumirpc.AnalyzeResponse, error) {
	return &pulumirpc.AnalyzeResponse{}, nil
}

func (s *server) Remediate(context.Context, *pulumirpc.AnalyzeRequest) (*pulumirpc.RemediateResponse, error) {
	return &pulumirpc.RemediateResponse{}, nil
}

// AnalyzeStack drops the properties of resources that the model does not read.
func (s *server) AnalyzeStack(ctx context.Context, request *pulumirpc.AnalyzeStackRequest) (*pulumirpc.AnalyzeResponse, error) {
	for _, r := range request.Resources {
		if !decode.Reads(r.Type) {
			r.Properties, r.Provider, r.PropertyDependencies = nil, nil, nil
		}
	}
	return s.AnalyzerServer.AnalyzeStack(ctx, request)
}
