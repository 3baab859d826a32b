package pack

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/structpb"

	"private-api-blueprints/policy/rules"
)

// FuzzRequests sends the server recorded stacks into which odd values are put:
// it answers each, if with an error, and no rule fails. Three bytes are an edit:
// the resource, the property, and what is put there and how deep.
func FuzzRequests(f *testing.F) {
	var recordings []*pulumirpc.AnalyzeStackRequest
	for i, recording := range Recordings {
		request := Recorded(f, recording)
		recordings = append(recordings, request)
		for kind := range oddValues(nil) {
			f.Add(byte(i), everywhere(request, byte(kind)))
		}
	}
	p, err := New(About{Version: "1.2.3"}, rules.All())
	require.NoError(f, err)
	s := newServer(p)
	f.Fuzz(func(t *testing.T, recording byte, edits []byte) {
		request := proto.Clone(recordings[int(recording)%len(recordings)]).(*pulumirpc.AnalyzeStackRequest)
		for ; len(edits) >= 3; edits = edits[3:] {
			edit(nthResource(request, edits[0]), edits[1], edits[2])
		}
		response, err := s.AnalyzeStack(t.Context(), request)
		if err != nil {
			return
		}
		for _, d := range response.Diagnostics {
			require.NotContains(t, d.Message, "could not be judged")
		}
	})
}

// everywhere is an edit of each property of a stack.
func everywhere(request *pulumirpc.AnalyzeStackRequest, how byte) []byte {
	var edits []byte
	for i := range 1 << 8 {
		r := nthResource(request, byte(i))
		for property := range r.Properties.GetFields() {
			edits = append(edits, byte(i), byte(slices.Index(slices.Sorted(maps.Keys(r.Properties.Fields)), property)), how)
		}
	}
	return edits
}

// nthResource takes resources from all parts of a stack, however many it has.
func nthResource(request *pulumirpc.AnalyzeStackRequest, n byte) *pulumirpc.AnalyzerResource {
	return request.Resources[int(n)*len(request.Resources)>>8]
}

// edit replaces a property, or a part of it, by an odd value.
func edit(r *pulumirpc.AnalyzerResource, property, how byte) {
	if len(r.Properties.GetFields()) == 0 {
		return
	}
	fields, key := r.Properties.Fields, nth(r.Properties.Fields, property)
	for range how >> 6 {
		inner := fields[key].GetStructValue().GetFields()
		if list := fields[key].GetListValue().GetValues(); len(list) > 0 {
			inner = list[0].GetStructValue().GetFields()
		}
		if len(inner) == 0 {
			break
		}
		fields, key = inner, nth(inner, property)
	}
	all := oddValues(fields[key])
	fields[key] = all[int(how&63)%len(all)]
}

func nth(fields map[string]*structpb.Value, n byte) string {
	keys := slices.Sorted(maps.Keys(fields))
	return keys[int(n)%len(keys)]
}

// oddValues are what no program sends, or few do; was is what stood there.
func oddValues(was *structpb.Value) []*structpb.Value {
	text := structpb.NewStringValue
	object := func(fields map[string]*structpb.Value) *structpb.Value {
		return structpb.NewStructValue(&structpb.Struct{Fields: fields})
	}
	signed := func(sig string, fields map[string]*structpb.Value) *structpb.Value {
		fields[resource.SigKey] = text(sig)
		return object(fields)
	}
	deep := was
	for range 20 {
		deep = structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{object(map[string]*structpb.Value{"deep": deep})}})
	}
	return []*structpb.Value{
		nil, {}, structpb.NewNullValue(), structpb.NewBoolValue(true), structpb.NewNumberValue(math.NaN()), structpb.NewNumberValue(math.Inf(-1)),
		structpb.NewNumberValue(1e300), text(""), text("\x00"), text(strings.Repeat("x", 1<<16)), text(strings.Repeat("{", 1<<16)), text("[secret]"),
		text(`{"Statement": {"Condition": {"StringEquals": {"aws:SourceVpc": {}}}}}`), text(`{"Statement": [null, "Deny", {"Condition": 7}]}`), text("${"),
		text(plugin.UnknownStringValue), text(plugin.UnknownArrayValue), text(plugin.UnknownObjectValue), text(plugin.UnknownAssetValue),
		structpb.NewListValue(nil), structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{nil, was, was}}),
		structpb.NewStructValue(nil), object(map[string]*structpb.Value{"": nil}), deep,
		signed(resource.SecretSig, map[string]*structpb.Value{"value": was}), signed(resource.SecretSig, map[string]*structpb.Value{}),
		signed(resource.SecretSig, map[string]*structpb.Value{"value": nil}),
		signed(resource.OutputValueSig, map[string]*structpb.Value{"value": was}), signed(resource.OutputValueSig, map[string]*structpb.Value{"secret": structpb.NewBoolValue(true)}),
		signed(resource.ResourceReferenceSig, map[string]*structpb.Value{"urn": text("no urn")}), signed(resource.ResourceReferenceSig, map[string]*structpb.Value{}),
		signed(resource.AssetSig, map[string]*structpb.Value{"text": was}), signed(resource.AssetSig, map[string]*structpb.Value{}),
		signed(resource.ArchiveSig, map[string]*structpb.Value{"assets": was}), signed("unheard of", map[string]*structpb.Value{"value": was}),
	}
}

// TestUnreadableIsUnknown puts a secret without value where an endpoint has its
// security groups. That it has none would be a violation.
func TestUnreadableIsUnknown(t *testing.T) {
	request := Recorded(t, "sound_when_deployed")
	for _, r := range request.Resources {
		if r.Type == "aws:ec2/vpcEndpoint:VpcEndpoint" {
			r.Properties.Fields["securityGroupIds"] = structpb.NewStructValue(&structpb.Struct{
				Fields: map[string]*structpb.Value{resource.SigKey: structpb.NewStringValue(resource.SecretSig)},
			})
			delete(r.PropertyDependencies, "securityGroupIds") // With them, a missing property is unknown anyway.
		}
	}
	p, err := New(About{Version: "1.2.3"}, rules.All())
	require.NoError(t, err)
	response, err := newServer(p).AnalyzeStack(t.Context(), request)
	require.NoError(t, err)
	require.Empty(t, response.Diagnostics)
	var undecided []string
	for _, policy := range response.NotApplicable {
		undecided = append(undecided, policy.PolicyName)
	}
	require.Contains(t, undecided, "endpoint-security-group")
}
