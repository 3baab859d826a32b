package pack_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/pack"
	"private-api-blueprints/policy/rule"
	"private-api-blueprints/policy/trace"
)

// copies returns one stack with n copies of a recorded one. Each copy has its own
// URNs, IDs and DNS names. All other values are the same, with the addresses inside
// their networks.
func copies(t testing.TB, recording string, n int) *pulumirpc.AnalyzeStackRequest {
	t.Helper()
	original := pack.Recorded(t, recording)
	text, err := protojson.Marshal(original)
	require.NoError(t, err)
	all := &pulumirpc.AnalyzeStackRequest{}
	for i := range n {
		var one pulumirpc.AnalyzeStackRequest
		require.NoError(t, protojson.Unmarshal([]byte(renamer(original, i).Replace(string(text))), &one))
		proto.Merge(all, &one)
	}
	return all
}

// renamer replaces a stack's own names with those of a copy.
func renamer(stack *pulumirpc.AnalyzeStackRequest, i int) *strings.Replacer {
	names := []string{
		".example.com", fmt.Sprintf(".copy-%d.example.com", i), ".example.org", fmt.Sprintf(".copy-%d.example.org", i),
	}
	rename := func(name string) {
		if name != "" && name != plugin.UnknownStringValue && !strings.Contains(name, ".example.") {
			names = append(names, strconv.Quote(name), fmt.Sprintf(`"%s-%d"`, name, i))
		}
	}
	for _, r := range stack.Resources {
		rename(r.Urn)
		if strings.HasSuffix(r.Type, ":VpcEndpoint") {
			rename(r.Name) // A promise names one.
		}
		if id := r.Properties.Fields["id"].GetStringValue(); strings.HasSuffix(r.Type, ":RestApi") && id != "" {
			names = append(names, ":"+id+"/", fmt.Sprintf(":%s-%d/", id, i)) // In the ARNs of policies' texts.
		}
		keys := []string{"id", "arn", "defaultSecurityGroupId", "dnsName", "rootResourceId", "serviceName"}
		for _, key := range keys {
			if !isAWSService(r, key) {
				rename(r.Properties.Fields[key].GetStringValue())
			}
		}
		for _, proof := range r.Properties.Fields["privateDnsNameConfigurations"].GetListValue().GetValues() {
			rename(proof.GetStructValue().GetFields()["value"].GetStringValue())
		}
	}
	return strings.NewReplacer(names...)
}

// isAWSService reports whether a property names a service of AWS, which all
// copies share.
func isAWSService(r *pulumirpc.AnalyzerResource, key string) bool {
	return key == "serviceName" && !strings.Contains(r.Properties.Fields[key].GetStringValue(), ".vpce-svc-")
}

// BenchmarkTrace follows the requests that 5,000 resources promise, one after the
// other. The aim is 50 ms for each.
func BenchmarkTrace(b *testing.B) {
	var stack *model.Stack
	keep := &rule.Rule{ID: "keep", Check: func(s *model.Stack, _ *rule.Report) { stack = s }}
	const recording = "compliant_when_deployed"
	request := copies(b, recording, 5_000/len(pack.Recorded(b, recording).Resources)+1)
	_, err := dialRules(b, []*rule.Rule{keep}).AnalyzeStack(b.Context(), request)
	require.NoError(b, err)
	require.NotEmpty(b, stack.Promises)
	tracer := trace.Of(stack)
	for i := 0; b.Loop(); i++ {
		_, err := tracer.TracePromise(*stack.Promises[i%len(stack.Promises)])
		require.NoError(b, err)
	}
	b.ReportMetric(float64(len(request.Resources)), "resources")
}

// tenThousand returns copies of a recorded stack with 10,000 resources.
func tenThousand(t *testing.T, recording string) *pulumirpc.AnalyzeStackRequest {
	t.Helper()
	request := copies(t, recording, 10_000/len(pack.Recorded(t, recording).Resources)+1)
	require.GreaterOrEqual(t, len(request.Resources), 10_000)
	return request
}

// TestTenThousandResources judges many copies of a compliant stack: no rule is
// violated, and none is undecided.
func TestTenThousandResources(t *testing.T) {
	for _, recording := range pack.Recordings {
		t.Run(recording, func(t *testing.T) {
			response, err := dial(t).AnalyzeStack(t.Context(), tenThousand(t, recording))
			require.NoError(t, err)
			assert.Empty(t, response.Diagnostics)
			assert.Equal(t, undecidedTwins[recording], undecided(response))
		})
	}
}

// TestOneFaultAmongTenThousand removes the policy of one private API.
func TestOneFaultAmongTenThousand(t *testing.T) {
	for _, recording := range pack.Recordings {
		t.Run(recording, func(t *testing.T) {
			request := tenThousand(t, recording)
			all := len(request.Resources)
			request.Resources = slices.DeleteFunc(request.Resources, func(r *pulumirpc.AnalyzerResource) bool {
				return strings.HasSuffix(r.Urn, "RestApiPolicy::no-policy-policy-3")
			})
			require.Len(t, request.Resources, all-1)
			response, err := dial(t).AnalyzeStack(t.Context(), request)
			require.NoError(t, err)
			var policies []string
			for _, d := range response.Diagnostics {
				policies = append(policies, d.PolicyName)
				assert.True(t, strings.HasSuffix(d.Urn, "::no-policy-api-3"), "%s: %s", d.Urn, d.Message)
			}
			assert.Contains(t, policies, "private-api-resource-policy")
		})
	}
}

// tangles are ways to put a stack into a mess.
var tangles = map[string]func(all []*pulumirpc.AnalyzerResource, i int){
	"references may mean anything": func(all []*pulumirpc.AnalyzerResource, i int) {
		redirect(all[i], "urn:pulumi:dev::private-api-blueprints::pulumi:pulumi:StackReference::other")
	},
	"references lead to a component that holds everything": func(all []*pulumirpc.AnalyzerResource, i int) {
		const component = "urn:pulumi:dev::private-api-blueprints::example:index:All::all"
		all[i].Parent = component
		redirect(all[i], component)
	},
	"parents and dependencies are cycles": func(all []*pulumirpc.AnalyzerResource, i int) {
		next := all[(i+1)%len(all)].Urn
		all[i].Parent, all[i].Dependencies = next, []string{next}
		redirect(all[i], next)
	},
	"each component is inside another": func(all []*pulumirpc.AnalyzerResource, i int) {
		component := func(i int) string {
			return fmt.Sprintf("urn:pulumi:dev::private-api-blueprints::example:index:Nested::%d", i)
		}
		redirect(all[i], component(i))
		if all[i].Parent = component(i); i%2 == 0 {
			all[i].Type, all[i].Urn, all[i].Parent = "example:index:Nested", component(i), component(i+2)
		}
	},
}

// TestTangledStacks judges messes of that size. No rule fails or takes too long.
func TestTangledStacks(t *testing.T) {
	for tangle, change := range tangles {
		t.Run(tangle, func(t *testing.T) {
			request := tenThousand(t, "compliant_at_first_preview")
			for i := range request.Resources {
				change(request.Resources, i)
			}
			response, err := dial(t).AnalyzeStack(t.Context(), request)
			require.NoError(t, err)
			for _, d := range response.Diagnostics {
				assert.NotContains(t, d.Message, "internal error")
			}
		})
	}
}

// redirect makes all properties with dependencies depend on one resource only.
func redirect(r *pulumirpc.AnalyzerResource, urn string) {
	for _, dependencies := range r.PropertyDependencies {
		dependencies.Urns = []string{urn}
	}
}

// BenchmarkAnalyzeStack measures the pack's own part of a preview. `make bench`
// measures all of it.
func BenchmarkAnalyzeStack(b *testing.B) {
	for _, recording := range pack.Recordings {
		b.Run(recording, func(b *testing.B) {
			client, request := dial(b), copies(b, recording, 5_000/len(pack.Recorded(b, recording).Resources))
			for b.Loop() {
				_, err := client.AnalyzeStack(b.Context(), request)
				require.NoError(b, err)
			}
		})
	}
}
