package pack_test

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// recorded is a request to judge a stack as the CLI sent it.
func recorded(t testing.TB, recording string) *pulumirpc.AnalyzeStackRequest {
	t.Helper()
	text, err := os.ReadFile("testdata/" + recording + ".json")
	require.NoError(t, err)
	var request pulumirpc.AnalyzeStackRequest
	require.NoError(t, protojson.Unmarshal(text, &request))
	return &request
}

// copies are as many copies of a recorded stack, side by side in one. Each has
// URNs and ids of its own; what else the stacks have is the same, and so are
// the addresses inside their networks.
func copies(t testing.TB, recording string, n int) *pulumirpc.AnalyzeStackRequest {
	t.Helper()
	original := recorded(t, recording)
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

// renamer puts other names in the place of a stack's URNs and ids.
func renamer(stack *pulumirpc.AnalyzeStackRequest, i int) *strings.Replacer {
	var names []string
	rename := func(name string) {
		if name != "" {
			names = append(names, strconv.Quote(name), fmt.Sprintf(`"%s-%d"`, name, i))
		}
	}
	for _, r := range stack.Resources {
		rename(r.Urn)
		for _, key := range []string{"id", "arn", "defaultSecurityGroupId"} {
			if name := r.Properties.Fields[key].GetStringValue(); name != plugin.UnknownStringValue {
				rename(name)
			}
		}
	}
	return strings.NewReplacer(names...)
}

func TestTenThousandResources(t *testing.T) {
	for _, recording := range []string{"sound_at_first_preview", "sound_when_deployed"} {
		t.Run(recording, func(t *testing.T) {
			request := copies(t, recording, 10_000/len(recorded(t, recording).Resources)+1)
			require.GreaterOrEqual(t, len(request.Resources), 10_000)
			response, err := dial(t).AnalyzeStack(t.Context(), request)
			require.NoError(t, err)
			assert.Empty(t, response.Diagnostics)
			assert.Empty(t, response.NotApplicable)
		})
	}
}
