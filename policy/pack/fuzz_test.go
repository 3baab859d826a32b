package pack

import (
	"fmt"
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

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/rules"
)

// mostEdits limits the edits of an input, so that the fuzzer tries many inputs.
const mostEdits = 32

// FuzzRequests sends the server recorded stacks with odd values in them. It
// answers each of them, perhaps with an error, and no rule fails. Three bytes are
// an edit: the resource, the property, and which value is put there and how deep.
func FuzzRequests(f *testing.F) {
	recordings := allRecorded(f)
	for i := range recordings {
		for kind := range oddValues {
			f.Add(byte(i), []byte{byte(7 * kind), byte(kind), byte(kind)})
		}
	}
	s := ownServer(f)
	f.Fuzz(func(t *testing.T, recording byte, edits []byte) {
		request := recordings[int(recording)%len(recordings)]
		requireAnswer(t, s, edited(request, edits[:min(len(edits), 3*mostEdits)]))
	})
}

// TestOddValuesEverywhere puts each odd value into every property of the recorded stacks.
func TestOddValuesEverywhere(t *testing.T) {
	s := ownServer(t)
	for _, request := range allRecorded(t) {
		for kind := range oddValues {
			requireAnswer(t, s, edited(request, everywhere(request, byte(kind))))
		}
	}
}

// requireAnswer asserts that no rule fails for a request.
func requireAnswer(t *testing.T, s pulumirpc.AnalyzerServer, request *pulumirpc.AnalyzeStackRequest) {
	t.Helper()
	response, err := s.AnalyzeStack(t.Context(), request)
	if err != nil {
		return
	}
	for _, d := range response.Diagnostics {
		require.NotContains(t, d.Message, "internal error")
	}
}

// allRecorded returns the recorded requests.
func allRecorded(t testing.TB) (all []*pulumirpc.AnalyzeStackRequest) {
	t.Helper()
	for _, recording := range Recordings {
		all = append(all, Recorded(t, recording))
	}
	return all
}

// ownServer returns a server with all rules, without a connection to it.
func ownServer(t testing.TB) pulumirpc.AnalyzerServer {
	t.Helper()
	p, err := New(Valid, rules.All())
	require.NoError(t, err)
	LiftLimits(p)
	return newServer(p)
}

// edited returns a request with edits. It shares the resources that no edit is about with the original.
func edited(original *pulumirpc.AnalyzeStackRequest, edits []byte) *pulumirpc.AnalyzeStackRequest {
	request := &pulumirpc.AnalyzeStackRequest{Resources: slices.Clone(original.Resources)}
	own := map[int]bool{}
	for ; len(edits) >= 3; edits = edits[3:] {
		n := nthResource(request, edits[0])
		if !own[n] {
			own[n] = true
			request.Resources[n] = proto.Clone(request.Resources[n]).(*pulumirpc.AnalyzerResource)
		}
		edit(request.Resources[n], edits[1], edits[2])
	}
	return request
}

// everywhere returns an edit of each property of a stack.
func everywhere(request *pulumirpc.AnalyzeStackRequest, how byte) []byte {
	var edits []byte
	for i := range 1 << 8 {
		r := request.Resources[nthResource(request, byte(i))]
		for property := range r.Properties.GetFields() {
			edits = append(edits, byte(i), byte(slices.Index(slices.Sorted(maps.Keys(r.Properties.Fields)), property)),
				how)
		}
	}
	return edits
}

// nthResource returns the index of a resource. Its 256 results come from all parts of a stack.
func nthResource(request *pulumirpc.AnalyzeStackRequest, n byte) int {
	return int(n) * len(request.Resources) >> 8
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
	fields[key] = oddValues[int(how&63)%len(oddValues)](fields[key])
}

func nth(fields map[string]*structpb.Value, n byte) string {
	keys := slices.Sorted(maps.Keys(fields))
	return keys[int(n)%len(keys)]
}

// Shorthands for oddValues.
type (
	pbValue = structpb.Value
	members = map[string]*pbValue
	odd     = func(was *pbValue) *pbValue // Returns a value instead of the one that was there.
)

// oddValues holds values that few programs send, or none. Some contain the value that was there.
var oddValues = []odd{
	always(nil), always(&pbValue{}), always(structpb.NewNullValue()), always(structpb.NewBoolValue(true)),
	always(structpb.NewNumberValue(math.NaN())), always(structpb.NewNumberValue(math.Inf(-1))),
	always(structpb.NewNumberValue(1e300)),
	text(""), text("\x00"), text(strings.Repeat("x", 1<<16)), text(strings.Repeat("{", 1<<16)),
	text("[secret]"), text("${"),
	text(`{"Statement": {"Condition": {"StringEquals": {"aws:SourceVpc": {}}}}}`),
	text(`{"Statement": [null, "Deny", {"Condition": 7}]}`),
	text(plugin.UnknownStringValue), text(plugin.UnknownArrayValue),
	text(plugin.UnknownObjectValue), text(plugin.UnknownAssetValue),
	always(structpb.NewListValue(nil)),
	func(was *pbValue) *pbValue { return list(nil, was, was) },
	always(structpb.NewStructValue(nil)), always(object(members{"": nil})), deep,
	signed(resource.SecretSig, "value"), always(mark(resource.SecretSig, members{})),
	always(mark(resource.SecretSig, members{"value": nil})),
	signed(resource.OutputValueSig, "value"),
	always(mark(resource.OutputValueSig, members{"secret": structpb.NewBoolValue(true)})),
	always(mark(resource.ResourceReferenceSig, members{"urn": structpb.NewStringValue("no urn")})),
	always(mark(resource.ResourceReferenceSig, members{})),
	signed(resource.AssetSig, "text"), always(mark(resource.AssetSig, members{})),
	signed(resource.ArchiveSig, "assets"), signed("unheard of", "value"),
}

// always returns copies of a value, because later edits may change them.
func always(v *pbValue) odd {
	return func(*pbValue) *pbValue { return proto.Clone(v).(*pbValue) }
}

func text(s string) odd { return always(structpb.NewStringValue(s)) }

func list(items ...*pbValue) *pbValue {
	return structpb.NewListValue(&structpb.ListValue{Values: items})
}

func object(m members) *pbValue { return structpb.NewStructValue(&structpb.Struct{Fields: m}) }

// mark returns an object that stands for a value of another kind.
func mark(signature string, m members) *pbValue {
	m[resource.SigKey] = structpb.NewStringValue(signature)
	return object(m)
}

// signed puts the value that was there under a key of such an object.
func signed(signature, key string) odd {
	return func(was *pbValue) *pbValue { return mark(signature, members{key: was}) }
}

// deep nests the value that was there.
func deep(was *pbValue) *pbValue {
	for range 20 {
		was = list(object(members{"deep": was}))
	}
	return was
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

// TestDeepValuesAreUnreadable reads values that are nested. The SDK's time grows with the square of the depth, so those
// that are deeper than any value of the model are not given to it.
func TestDeepValuesAreUnreadable(t *testing.T) {
	for _, c := range []struct {
		levels   int
		readable bool
	}{
		{maxNesting, true},
		{maxNesting + 1, false},
		{5_000, false},
	} {
		t.Run(fmt.Sprint(c.levels), func(t *testing.T) {
			v := structpb.NewStringValue("x")
			for range c.levels {
				v = object(members{"deep": v})
			}
			other := structpb.NewStringValue("y")
			read := receiveProperties(&structpb.Struct{Fields: members{"outputs": v, "other": other}})
			require.Equal(t, c.readable, read["outputs"].IsObject())
			require.Equal(t, !c.readable, read["outputs"].DeepEquals(decode.Unreadable()))
			require.Equal(t, "y", read["other"].StringValue(), "other properties are read")
		})
	}
}
