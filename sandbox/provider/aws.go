package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"sync"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"google.golang.org/grpc/peer"

	"private-api-blueprints/sandbox/cloud"
)

// defaultRegion is that of a program that configures none.
const defaultRegion = "us-east-1"

// aws is the simulated aws provider. The engine opens a connection for each
// configured provider of a program, so that the region and the role that it
// assumes belong to the peer. There is one account: a role of another changes
// who a program is told to be, not where its resources are or their ARNs.
type aws struct {
	plugin.UnimplementedProvider
	account *cloud.Account
	callers sync.Map // address of the peer -> cloud.Caller
}

func (p *aws) Handshake(context.Context, plugin.ProviderHandshakeRequest) (*plugin.ProviderHandshakeResponse, error) {
	// Without secrets and resources the engine sends plain values and marks
	// the outputs that came from secret inputs itself.
	return &plugin.ProviderHandshakeResponse{}, nil
}

// Attach is how the engine greets a provider that runs already.
func (p *aws) Attach(string) error { return nil }

func (p *aws) GetPluginInfo(context.Context) (plugin.PluginInfo, error) {
	version, err := semver.Parse(p.account.ProviderVersion())
	return plugin.PluginInfo{Version: &version}, err
}

func (p *aws) CheckConfig(_ context.Context, r plugin.CheckConfigRequest) (plugin.CheckConfigResponse, error) {
	if _, err := callerOf(r.News); err != nil {
		return plugin.CheckConfigResponse{
			Failures: []plugin.CheckFailure{{Property: "assumeRole", Reason: err.Error()}},
		}, nil
	}
	return plugin.CheckConfigResponse{Properties: r.News}, nil
}

// DiffConfig replaces a provider, and with it its resources, for another region
// only. https://github.com/pulumi/pulumi-aws/pull/4000
func (p *aws) DiffConfig(_ context.Context, r plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	return diff(&cloud.Kind{Replace: []string{"region"}}, r.OldInputs, r.NewInputs, nil), nil
}

func (p *aws) Configure(ctx context.Context, r plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	caller, err := callerOf(r.Inputs)
	if err != nil {
		return plugin.ConfigureResponse{}, err
	}
	p.callers.Store(connection(ctx), caller)
	return plugin.ConfigureResponse{}, nil
}

var roleARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/.+$`)

// callerOf reads a provider's configuration. assumeRole is an object where a
// program gives it, and JSON where it comes from the stack's configuration.
func callerOf(config resource.PropertyMap) (cloud.Caller, error) {
	caller := cloud.Caller{Region: defaultRegion}
	if region := config["region"]; region.IsString() {
		caller.Region = region.StringValue()
	}
	role := config["assumeRole"]
	if role.IsString() {
		var fields map[string]any
		if err := json.Unmarshal([]byte(role.StringValue()), &fields); err != nil {
			return caller, fmt.Errorf("assumeRole %q is not a JSON object with a roleArn: %w", role.StringValue(),
				err)
		}
		role = resource.NewPropertyValue(fields)
	}
	if !role.IsObject() {
		return caller, nil
	}
	if session := role.ObjectValue()["sessionName"]; session.IsString() {
		caller.Session = session.StringValue()
	}
	if arn := role.ObjectValue()["roleArn"]; arn.IsString() {
		caller.Role = arn.StringValue()
	}
	if caller.Role != "" && !roleARN.MatchString(caller.Role) {
		return caller, fmt.Errorf(
			"assumeRole.roleArn %q is not the ARN of a role, such as arn:aws:iam::123456789012:role/name",
			caller.Role)
	}
	return caller, nil
}

func connection(ctx context.Context) string {
	if from, ok := peer.FromContext(ctx); ok {
		return from.Addr.String()
	}
	return ""
}

func (p *aws) caller(ctx context.Context) cloud.Caller {
	if caller, ok := p.callers.Load(connection(ctx)); ok {
		return caller.(cloud.Caller)
	}
	return cloud.Caller{Region: defaultRegion}
}

func (p *aws) region(ctx context.Context) string { return p.caller(ctx).Region }

func (p *aws) Check(_ context.Context, r plugin.CheckRequest) (plugin.CheckResponse, error) {
	kind, err := p.account.Kind(string(r.Type))
	if err != nil {
		return plugin.CheckResponse{}, err
	}
	inputs, failures := check(kind, r)
	return plugin.CheckResponse{Properties: inputs, Failures: failures}, nil
}

func (p *aws) Diff(_ context.Context, r plugin.DiffRequest) (plugin.DiffResponse, error) {
	kind, err := p.account.Kind(string(r.Type))
	if err != nil {
		return plugin.DiffResult{}, err
	}
	return diff(kind, r.OldInputs, r.NewInputs, r.IgnoreChanges), nil
}

func (p *aws) Create(ctx context.Context, r plugin.CreateRequest) (plugin.CreateResponse, error) {
	kind, err := p.account.Kind(string(r.Type))
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	if r.Preview {
		return plugin.CreateResponse{Properties: expected(kind, nil, r.Properties)}, nil
	}
	id, outputs, err := p.account.Create(p.region(ctx), string(r.URN), string(r.Type), r.Properties)
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	return plugin.CreateResponse{ID: resource.ID(id), Properties: withArchives(outputs, r.Properties)}, nil
}

func (p *aws) Update(ctx context.Context, r plugin.UpdateRequest) (plugin.UpdateResponse, error) {
	kind, err := p.account.Kind(string(r.Type))
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	if r.Preview {
		return plugin.UpdateResponse{Properties: expected(kind, settled(kind, r), r.NewInputs)}, nil
	}
	outputs, err := p.account.Update(p.region(ctx), string(r.Type), string(r.ID), r.NewInputs)
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	return plugin.UpdateResponse{Properties: withArchives(outputs, r.NewInputs)}, nil
}

// Read answers a refresh or an import. What is gone has neither id nor
// properties.
func (p *aws) Read(ctx context.Context, r plugin.ReadRequest) (plugin.ReadResponse, error) {
	if _, err := p.account.Kind(string(r.Type)); err != nil {
		return plugin.ReadResponse{}, err
	}
	inputs, outputs, ok := p.account.Read(p.region(ctx), string(r.Type), string(r.ID))
	if !ok {
		return plugin.ReadResponse{}, nil
	}
	if names, ok := r.Inputs[defaulted]; ok {
		inputs[defaulted] = names
	}
	return plugin.ReadResponse{ReadResult: plugin.ReadResult{
		ID: r.ID, Inputs: withArchives(inputs, r.Inputs), Outputs: withArchives(outputs, r.State),
	}}, nil
}

func (p *aws) Delete(ctx context.Context, r plugin.DeleteRequest) (plugin.DeleteResponse, error) {
	return plugin.DeleteResponse{}, p.account.Delete(p.region(ctx), string(r.Type), string(r.ID))
}

func (p *aws) Invoke(ctx context.Context, r plugin.InvokeRequest) (plugin.InvokeResponse, error) {
	result, err := p.account.Invoke(p.caller(ctx), string(r.Tok), r.Args)
	return plugin.InvokeResponse{Properties: result}, err
}

func (p *aws) SignalCancellation(context.Context) error { return nil }

func (p *aws) Close() error { return nil }

// withArchives shows files and archives as the program gave them: AWS tells
// only their hash.
func withArchives(values, given resource.PropertyMap) resource.PropertyMap {
	out := maps.Clone(values)
	for k, v := range given {
		if v.IsArchive() || v.IsAsset() {
			out[k] = v
		}
	}
	return out
}
