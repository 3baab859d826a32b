package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"sync"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"google.golang.org/grpc/peer"

	"private-api-blueprints/sandbox/cloud"
)

// defaultRegion is the region of a program that configures none.
const defaultRegion = "us-east-1"

// aws is the simulated aws provider. The engine opens a connection for each
// provider that a program configures. The address of the peer therefore stands
// for the region and the role of a provider. A role of another account changes
// the caller's identity, not where resources live or their ARNs.
type aws struct {
	plugin.UnimplementedProvider
	account *cloud.Account
	callers sync.Map // Address of the peer -> cloud.Caller.
}

// Attach accepts an engine that uses a provider which runs already.
func (p *aws) Attach(string) error { return nil }

// GetPluginInfo returns the version of the provider that the account simulates.
func (p *aws) GetPluginInfo(context.Context) (plugin.PluginInfo, error) {
	version, err := semver.Parse(p.account.ProviderVersion())
	return plugin.PluginInfo{Version: &version}, err
}

// CheckConfig refuses a role whose ARN is not that of a role, and default tags
// that are no texts.
func (p *aws) CheckConfig(_ context.Context, r plugin.CheckConfigRequest) (plugin.CheckConfigResponse, error) {
	if _, err := callerOf(r.News); err != nil {
		key, _, _ := strings.Cut(strings.Fields(err.Error())[0], ".") // Each error begins with its key.
		return plugin.CheckConfigResponse{
			Failures: []plugin.CheckFailure{{Property: resource.PropertyKey(key), Reason: err.Error()}},
		}, nil
	}
	return plugin.CheckConfigResponse{Properties: r.News}, nil
}

// DiffConfig replaces a provider, and with it its resources, only for another
// region. https://github.com/pulumi/pulumi-aws/pull/4000
func (p *aws) DiffConfig(_ context.Context, r plugin.DiffConfigRequest) (plugin.DiffConfigResponse, error) {
	return diff(&cloud.Kind{Replace: []string{"region"}}, r.OldInputs, r.NewInputs, nil), nil
}

// Configure remembers the region and the role of the connection.
func (p *aws) Configure(ctx context.Context, r plugin.ConfigureRequest) (plugin.ConfigureResponse, error) {
	caller, err := callerOf(r.Inputs)
	if err != nil {
		return plugin.ConfigureResponse{}, err
	}
	p.callers.Store(connection(ctx), caller)
	return plugin.ConfigureResponse{}, nil
}

var roleARN = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/.+$`)

// callerOf returns the caller that a provider's configuration describes.
func callerOf(config resource.PropertyMap) (cloud.Caller, error) {
	caller := cloud.Caller{Region: defaultRegion}
	if region := config["region"]; region.IsString() {
		caller.Region = region.StringValue()
	}
	role, err := objectAt(config, "assumeRole")
	if err != nil {
		return caller, err
	}
	if session := role["sessionName"]; session.IsString() {
		caller.Session = session.StringValue()
	}
	if arn := role["roleArn"]; arn.IsString() {
		caller.Role = arn.StringValue()
	}
	if caller.DefaultTags, err = defaultTags(config); err != nil {
		return caller, err
	}
	if caller.Role != "" && !roleARN.MatchString(caller.Role) {
		return caller, fmt.Errorf(
			"assumeRole.roleArn = %q: want the ARN of a role, such as arn:aws:iam::123456789012:role/name",
			caller.Role)
	}
	return caller, nil
}

// objectAt returns the object at a key of a provider's configuration. A program
// gives an object; the stack's configuration gives JSON.
func objectAt(config resource.PropertyMap, key resource.PropertyKey) (resource.PropertyMap, error) {
	value := config[key]
	if value.IsString() {
		var fields map[string]any
		if err := json.Unmarshal([]byte(value.StringValue()), &fields); err != nil {
			return nil, fmt.Errorf("%s = %q: want a JSON object: %w", key, value.StringValue(), err)
		}
		value = resource.NewPropertyValue(fields)
	}
	if !value.IsObject() {
		return nil, nil
	}
	return value.ObjectValue(), nil
}

// connection returns the address of the peer that makes a request.
func connection(ctx context.Context) string {
	if from, ok := peer.FromContext(ctx); ok {
		return from.Addr.String()
	}
	return ""
}

// caller returns the caller of the connection that makes a request.
func (p *aws) caller(ctx context.Context) cloud.Caller {
	if caller, ok := p.callers.Load(connection(ctx)); ok {
		return caller.(cloud.Caller)
	}
	return cloud.Caller{Region: defaultRegion}
}

// region returns the region of the connection that makes a request.
func (p *aws) region(ctx context.Context) string { return p.caller(ctx).Region }

// Check returns the inputs of a resource with defaults, default tags and name.
func (p *aws) Check(ctx context.Context, r plugin.CheckRequest) (plugin.CheckResponse, error) {
	kind, err := p.account.Kind(string(r.Type))
	if err != nil {
		return plugin.CheckResponse{}, err
	}
	if seed := p.account.NameSeed(string(r.URN)); seed != nil {
		r.RandomSeed = seed
	}
	r.News = withDefaultTags(kind, r.News, p.caller(ctx).DefaultTags)
	inputs, failures := check(kind, r)
	return plugin.CheckResponse{Properties: inputs, Failures: failures}, nil
}

// Diff compares the inputs of a resource.
func (p *aws) Diff(_ context.Context, r plugin.DiffRequest) (plugin.DiffResponse, error) {
	kind, err := p.account.Kind(string(r.Type))
	if err != nil {
		return plugin.DiffResult{}, err
	}
	return diff(kind, withNeverRemoved(kind, r.OldInputs, r.OldOutputs), r.NewInputs, r.IgnoreChanges), nil
}

// createWith creates a resource in the account, with a note of its secrets, or previews it.
func (p *aws) createWith(
	ctx context.Context, r plugin.CreateRequest, secrets cloud.Secrets,
) (plugin.CreateResponse, error) {
	kind, err := p.account.Kind(string(r.Type))
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	if r.Preview {
		return plugin.CreateResponse{Properties: expected(kind, nil, r.Properties)}, nil
	}
	id, outputs, err := p.account.CreateAs(p.caller(ctx), string(r.URN), string(r.Type), r.Properties, secrets)
	if err != nil {
		return plugin.CreateResponse{}, err
	}
	return plugin.CreateResponse{ID: resource.ID(id), Properties: withArchives(outputs, r.Properties)}, nil
}

// updateWith updates a resource of the account and the note of its secrets, or previews that.
func (p *aws) updateWith(
	ctx context.Context, r plugin.UpdateRequest, secrets cloud.Secrets,
) (plugin.UpdateResponse, error) {
	kind, err := p.account.Kind(string(r.Type))
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	if r.Preview {
		return plugin.UpdateResponse{Properties: expected(kind, keptOutputs(kind, r), r.NewInputs)}, nil
	}
	outputs, err := p.account.Update(p.region(ctx), string(r.Type), string(r.ID), r.NewInputs, secrets)
	if err != nil {
		return plugin.UpdateResponse{}, err
	}
	return plugin.UpdateResponse{Properties: withArchives(outputs, r.NewInputs)}, nil
}

// Read answers a refresh or an import. A resource that does not exist has
// neither ID nor properties.
func (p *aws) Read(ctx context.Context, r plugin.ReadRequest) (plugin.ReadResponse, error) {
	kind, err := p.account.Kind(string(r.Type))
	if err != nil {
		return plugin.ReadResponse{}, err
	}
	inputs, outputs, ok := p.account.Read(p.region(ctx), string(r.Type), string(r.ID))
	if !ok {
		return plugin.ReadResponse{}, nil
	}
	if names, ok := r.Inputs[defaulted]; ok {
		inputs[defaulted] = names
		dropKept(kind, inputs, r.Inputs)
	}
	return plugin.ReadResponse{ReadResult: plugin.ReadResult{
		ID: r.ID, Inputs: withArchives(inputs, r.Inputs), Outputs: withArchives(outputs, r.State),
	}}, nil
}

// Delete deletes a resource of the account.
func (p *aws) Delete(ctx context.Context, r plugin.DeleteRequest) (plugin.DeleteResponse, error) {
	return plugin.DeleteResponse{}, p.account.Delete(p.region(ctx), string(r.Type), string(r.ID))
}

// Invoke answers a function of the provider.
func (p *aws) Invoke(ctx context.Context, r plugin.InvokeRequest) (plugin.InvokeResponse, error) {
	result, err := p.account.Invoke(p.caller(ctx), string(r.Tok), r.Args)
	return plugin.InvokeResponse{Properties: result}, err
}

// SignalCancellation does nothing: no request takes long.
func (p *aws) SignalCancellation(context.Context) error { return nil }

// Close does nothing: the account outlives the provider.
func (p *aws) Close() error { return nil }

// withArchives returns values with the files and archives that the program gave.
// AWS shows only their hashes.
func withArchives(values, given resource.PropertyMap) resource.PropertyMap {
	out := maps.Clone(values)
	for k, v := range given {
		if v.IsArchive() || v.IsAsset() {
			out[k] = v
		}
	}
	return out
}
