package provider

import (
	"context"
	"fmt"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/types/known/emptypb"
)

// vpcToken is the type token of the only component that the sandbox simulates.
const vpcToken = "awsx:ec2:Vpc"

// awsx is the simulated awsx provider.
type awsx struct {
	pulumirpc.UnimplementedResourceProviderServer
	mu     sync.Mutex
	engine string // Address to which the component reports.
}

// Handshake remembers the address of the engine.
func (p *awsx) Handshake(_ context.Context,
	r *pulumirpc.ProviderHandshakeRequest) (*pulumirpc.ProviderHandshakeResponse, error) {
	p.attach(r.GetEngineAddress())
	return &pulumirpc.ProviderHandshakeResponse{AcceptSecrets: true, AcceptResources: true, AcceptOutputs: true}, nil
}

// Attach remembers the address of an engine that uses a provider which runs
// already.
func (p *awsx) Attach(_ context.Context, r *pulumirpc.PluginAttach) (*emptypb.Empty, error) {
	p.attach(r.GetAddress())
	return &emptypb.Empty{}, nil
}

func (p *awsx) attach(engine string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.engine = engine
}

// GetPluginInfo returns the version of the provider that is simulated.
func (p *awsx) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: "2.22.0"}, nil
}

// CheckConfig accepts every configuration.
func (p *awsx) CheckConfig(_ context.Context, r *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	return &pulumirpc.CheckResponse{Inputs: r.GetNews()}, nil
}

// DiffConfig finds no difference, because there is no configuration.
func (p *awsx) DiffConfig(context.Context, *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE}, nil
}

// Configure asks the engine for secrets, resources and outputs.
func (p *awsx) Configure(context.Context, *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	return &pulumirpc.ConfigureResponse{
		AcceptSecrets:   true,
		AcceptResources: true,
		AcceptOutputs:   true,
		SupportsPreview: true,
	}, nil
}

// Invoke refuses every function.
func (p *awsx) Invoke(_ context.Context, r *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	return nil, fmt.Errorf("the sandbox does not simulate the function %s; of awsx it simulates %s only", r.GetTok(),
		vpcToken)
}

// Cancel does nothing: no request takes long.
func (p *awsx) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

// Construct registers the component and its children.
func (p *awsx) Construct(ctx context.Context, r *pulumirpc.ConstructRequest) (*pulumirpc.ConstructResponse, error) {
	if r.GetType() != vpcToken {
		return nil, fmt.Errorf("the sandbox does not simulate %s; of awsx it simulates %s only", r.GetType(),
			vpcToken)
	}
	p.mu.Lock()
	engine := p.engine
	p.mu.Unlock()
	conn, err := grpc.NewClient(engine, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, fmt.Errorf("awsx: engine at %q: %w", engine, err)
	}
	defer func() { _ = conn.Close() }()
	return provider.Construct(ctx, r, conn, func(ctx *pulumi.Context, _, name string, inputs provider.ConstructInputs,
		options pulumi.ResourceOption,
	) (*provider.ConstructResult, error) {
		return constructVPC(ctx, name, inputs, options)
	})
}
