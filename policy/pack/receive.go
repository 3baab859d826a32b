package pack

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"

	"private-api-blueprints/policy/decode"
)

// receive reads a stack as the engine sends it. For resources that the model does
// not have it reads only the parent, the dependencies, the promises, and the
// properties that have secrets, whose values may be anywhere in the stack.
func receive(request *pulumirpc.AnalyzeStackRequest) []plugin.AnalyzerStackResource {
	providers := map[string]*plugin.AnalyzerProviderResource{}
	resources := make([]plugin.AnalyzerStackResource, 0, len(request.Resources))
	for _, r := range request.Resources {
		received := plugin.AnalyzerStackResource{Parent: resource.URN(r.GetParent())}
		received.URN, received.Type, received.Name = resource.URN(r.GetUrn()), tokens.Type(r.GetType()), r.GetName()
		received.Dependencies = receiveURNs(r.GetDependencies())
		received.PropertyDependencies = receiveDependencies(r)
		if decode.Reads(r.GetType()) {
			received.Properties = receiveProperties(r.GetProperties())
			received.Options.IgnoreChanges = r.GetOptions().GetIgnoreChanges()
			received.Provider = receiveProvider(r.GetProvider(), providers)
		} else if decode.IsStack(r.GetType()) {
			received.Properties = receiveProperties(r.GetProperties())
		} else {
			received.Properties = receiveProperties(withPromises(r.GetType(), r.GetProperties()))
		}
		resources = append(resources, received)
	}
	return resources
}

// withPromises returns the properties of a resource that have secrets, and the
// promises of a component.
func withPromises(resourceType string, given *structpb.Struct) *structpb.Struct {
	kept := map[string]*structpb.Value{}
	for key, v := range given.GetFields() {
		if hasSecret(v) || key == decode.Promises && decode.MayPromise(resourceType) {
			kept[key] = v
		}
	}
	return &structpb.Struct{Fields: kept}
}

// hasSecret reports whether a part of a value is marked as secret.
func hasSecret(v *structpb.Value) bool {
	for _, item := range v.GetListValue().GetValues() {
		if hasSecret(item) {
			return true
		}
	}
	members := v.GetStructValue().GetFields()
	if members[resource.SigKey].GetStringValue() == resource.SecretSig || members["secret"].GetBoolValue() {
		return true
	}
	for _, member := range members {
		if hasSecret(member) {
			return true
		}
	}
	return false
}

func receiveDependencies(r *pulumirpc.AnalyzerResource) map[resource.PropertyKey][]resource.URN {
	all := make(map[resource.PropertyKey][]resource.URN, len(r.PropertyDependencies))
	for key, dependencies := range r.PropertyDependencies {
		all[resource.PropertyKey(key)] = receiveURNs(dependencies.GetUrns())
	}
	return all
}

func receiveURNs(given []string) []resource.URN {
	urns := make([]resource.URN, len(given))
	for i, urn := range given {
		urns[i] = resource.URN(urn)
	}
	return urns
}

// receiveProvider reads each provider once, because most resources share one.
func receiveProvider(
	p *pulumirpc.AnalyzerProviderResource, known map[string]*plugin.AnalyzerProviderResource,
) *plugin.AnalyzerProviderResource {
	if p == nil {
		return nil
	}
	if known[p.Urn] == nil {
		known[p.Urn] = &plugin.AnalyzerProviderResource{
			URN: resource.URN(p.Urn), Type: tokens.Type(p.Type), Name: p.Name,
			Properties: receiveProperties(p.Properties),
		}
	}
	return known[p.Urn]
}

// receiveProperties reads each property separately, so that an unreadable one
// does not affect the others.
func receiveProperties(given *structpb.Struct) resource.PropertyMap {
	properties := make(resource.PropertyMap, len(given.GetFields()))
	for key, v := range given.GetFields() {
		value, err := receiveValue(resource.PropertyKey(key), v)
		switch {
		case err != nil:
			properties[resource.PropertyKey(key)] = decode.Unreadable()
		case value != nil && !resource.IsInternalPropertyKey(resource.PropertyKey(key)):
			properties[resource.PropertyKey(key)] = *value
		}
	}
	return properties
}

// maxNesting limits how deep a value is read. The SDK's time grows with the square of the depth. No value that the model
// holds is so deep.
const maxNesting = 64

// isDeeper reports whether a value is nested deeper than a number of levels.
func isDeeper(v *structpb.Value, levels int) bool {
	for _, item := range v.GetListValue().GetValues() {
		if levels == 0 || isDeeper(item, levels-1) {
			return true
		}
	}
	for _, member := range v.GetStructValue().GetFields() {
		if levels == 0 || isDeeper(member, levels-1) {
			return true
		}
	}
	return false
}

// receiveValue reads a value. If the SDK panics on it or it is nested too deep, it returns an error.
func receiveValue(key resource.PropertyKey, v *structpb.Value) (value *resource.PropertyValue, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%v", cause)
		}
	}()
	if isDeeper(v, maxNesting) {
		return nil, fmt.Errorf("%s is nested deeper than %d levels", key, maxNesting)
	}
	return plugin.UnmarshalPropertyValue(key, v,
		plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, SkipInternalKeys: true})
}
