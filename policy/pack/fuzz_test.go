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

// FuzzRequests sends the server recorded stacks with odd values in them. It
// answers each of them, perhaps with an error, and no rule fails. Three bytes are
// an edit: the resource, the property, and which value is put there and how deep.
func FuzzRequests(f *testing.F) {
	var recordings []*pulumirpc.AnalyzeStackRequest
	for i, recording := range Recordings {
		request := Recorded(f, recording)
		recordings = append(recordings, request)
		for kind := range oddValues(nil) {
			f.Add(byte(i), everywhere(request, byte(kind)))
		}
	}
	p, err := New(Valid, rules.All())
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
			require.NotContains(t, d.Message, "internal error")
		}
	})
}

// everywhere returns an edit of each property of a stack.
func everywhere(request *pulumirpc.AnalyzeStackRequest, how byte) []byte {
	var edits []byte
	for i := range 1 << 8 {
		r := nthResource(request, byte(i))
		for property := range r.Properties.GetFields() {
			edits = append(edits, byte(i), byte(slices.Index(slices.Sorted(maps.Keys(r.Properties.Fields)), property)),
				how)
		}
	}
	return edits
}

// nthResource returns a resource. Its 256 results come from all parts of a stack.
func nthResource(request *pulumirpc.AnalyzeStackRequest, n byte) *pulumirpc.AnalyzerResource {
	return request.Resources[int(n)*len(request.Resources)>>8]
}

// edit replaces a property, or a part of it, with an odd value.
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

// oddValues returns values that few programs send, or none. Some contain the
// value that was there.
func oddValues(was *structpb.Value) []*structpb.Value {
	text := structpb.NewStringValue
	type fields = map[string]*structpb.Value
	object := func(members fields) *structpb.Value {
		return structpb.NewStructValue(&structpb.Struct{Fields: members})
	}
	signed := func(sig string, members fields) *structpb.Value {
		members[resource.SigKey] = text(sig)
		return object(members)
	}
	deep := was
	for range 20 {
		deep = structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{object(fields{"deep": deep})}})
	}
	return []*structpb.Value{
		nil, {}, structpb.NewNullValue(), structpb.NewBoolValue(true),
		structpb.NewNumberValue(math.NaN()), structpb.NewNumberValue(math.Inf(-1)), structpb.NewNumberValue(1e300),
		text(""), text("\x00"), text(strings.Repeat("x", 1<<16)), text(strings.Repeat("{", 1<<16)),
		text("[secret]"), text("${"),
		text(`{"Statement": {"Condition": {"StringEquals": {"aws:SourceVpc": {}}}}}`),
		text(`{"Statement": [null, "Deny", {"Condition": 7}]}`),
		text(plugin.UnknownStringValue), text(plugin.UnknownArrayValue),
		text(plugin.UnknownObjectValue), text(plugin.UnknownAssetValue),
		structpb.NewListValue(nil),
		structpb.NewListValue(&structpb.ListValue{Values: []*structpb.Value{nil, was, was}}),
		structpb.NewStructValue(nil), object(fields{"": nil}), deep,
		signed(resource.SecretSig, fields{"value": was}), signed(resource.SecretSig, fields{}),
		signed(resource.SecretSig, fields{"value": nil}),
		signed(resource.OutputValueSig, fields{"value": was}),
		signed(resource.OutputValueSig, fields{"secret": structpb.NewBoolValue(true)}),
		signed(resource.ResourceReferenceSig, fields{"urn": text("no urn")}),
		signed(resource.ResourceReferenceSig, fields{}),
		signed(resource.AssetSig, fields{"text": was}), signed(resource.AssetSig, fields{}),
		signed(resource.ArchiveSig, fields{"assets": was}), signed("unheard of", fields{"value": was}),
	}
}

// TestUnreadableIsUnknown replaces an endpoint's security groups with a secret
// without a value. An endpoint without security groups would be a violation.
func TestUnreadableIsUnknown(t *testing.T) {
	request := Recorded(t, "compliant_when_deployed")
	for _, r := range request.Resources {
		if r.Type == "aws:ec2/vpcEndpoint:VpcEndpoint" {
			r.Properties.Fields["securityGroupIds"] = structpb.NewStructValue(&structpb.Struct{
				Fields: map[string]*structpb.Value{resource.SigKey: structpb.NewStringValue(resource.SecretSig)},
			})
			delete(r.PropertyDependencies, "securityGroupIds") // With them a missing property would be unknown.
		}
	}
	p, err := New(Valid, rules.All())
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
