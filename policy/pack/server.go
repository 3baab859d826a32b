package pack

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"

	"private-api-blueprints/policy/rule"
)

// healthInterval is how often Serve checks that the engine still runs.
const healthInterval = 30 * time.Second

// Serve answers the engine until the context ends or the engine at that address
// stops. It does not watch an empty address. It first writes its port to out, as
// the plugin protocol requires. Nothing else may be written there.
func Serve(ctx context.Context, p *Pack, engine string, out io.Writer) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if engine != "" {
		if err := rpcutil.Healthcheck(ctx, engine, healthInterval, cancel); err != nil {
			return fmt.Errorf("policy pack %s: engine %q: %w", Name, engine, err)
		}
	}
	stop := make(chan bool)
	context.AfterFunc(ctx, func() { close(stop) })
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(s *grpc.Server) error {
			pulumirpc.RegisterAnalyzerServer(s, newServer(p))
			return nil
		},
		Cancel: stop,
	})
	if err != nil {
		return fmt.Errorf("policy pack %s: serve: %w", Name, err)
	}
	if _, err := fmt.Fprintf(out, "%d\n", handle.Port); err != nil {
		return fmt.Errorf("policy pack %s: write port: %w", Name, err)
	}
	return <-handle.Done
}

// newServer returns a server that speaks the analyzer protocol for the pack.
func newServer(p *Pack) pulumirpc.AnalyzerServer {
	return &server{AnalyzerServer: plugin.NewAnalyzerServer(p), pack: p}
}

// server wraps the SDK's analyzer server. It overrides the methods that panic at
// the pinned version, and those that do needless work for each resource: this
// pack judges only stacks.
type server struct {
	pulumirpc.AnalyzerServer
	pack *Pack
}

// GetAnalyzerInfo adds the configuration schemas. The SDK's server panics on them
// at the pinned version, because it passes its own type to structpb.NewStruct,
// which accepts plain maps only.
func (s *server) GetAnalyzerInfo(ctx context.Context, request *emptypb.Empty) (*pulumirpc.AnalyzerInfo, error) {
	info, err := s.AnalyzerServer.GetAnalyzerInfo(ctx, request)
	if err != nil {
		return nil, err
	}
	for i, r := range s.pack.rules {
		if info.Policies[i].ConfigSchema, err = configSchema(r); err != nil {
			return nil, fmt.Errorf("policy %q: configuration schema: %w", r.ID, err)
		}
	}
	return info, nil
}

func configSchema(r *rule.Rule) (*pulumirpc.PolicyConfigSchema, error) {
	schemas := map[string]any{}
	for _, parameter := range r.AllParameters() {
		schemas[parameter.Name()] = parameter.Schema()
	}
	properties, err := structpb.NewStruct(schemas)
	return &pulumirpc.PolicyConfigSchema{Properties: properties}, err
}

func (s *server) Analyze(context.Context, *pulumirpc.AnalyzeRequest) (*pulumirpc.AnalyzeResponse, error) {
	return &pulumirpc.AnalyzeResponse{}, nil
}

func (s *server) Remediate(context.Context, *pulumirpc.AnalyzeRequest) (*pulumirpc.RemediateResponse, error) {
	return &pulumirpc.RemediateResponse{}, nil
}

// AnalyzeStack reads the request itself, because the SDK's server reads all of it
// and panics on some values.
func (s *server) AnalyzeStack(
	ctx context.Context, request *pulumirpc.AnalyzeStackRequest,
) (*pulumirpc.AnalyzeResponse, error) {
	answers := plugin.NewAnalyzerServer(received{s.pack, receive(request)})
	return answers.AnalyzeStack(ctx, &pulumirpc.AnalyzeStackRequest{})
}

// received is the pack with a stack that is already read.
type received struct {
	*Pack
	stack []plugin.AnalyzerStackResource
}

func (r received) AnalyzeStack(ctx context.Context, _ []plugin.AnalyzerStackResource) (plugin.AnalyzeResponse, error) {
	return r.Pack.AnalyzeStack(ctx, r.stack)
}
