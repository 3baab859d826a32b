package pack_test

import (
	"encoding/json"
	"net/netip"
	"regexp"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/structpb"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
	"private-api-blueprints/policy/rules"
)

// TestNoMessageQuotesASecret marks every property of every fixture as secret. The verdicts are the same, and no text of
// the answer has a value of the fixture.
func TestNoMessageQuotesASecret(t *testing.T) {
	analyzer := connect(t)
	quoted := 0
	for _, r := range rules.All() {
		for _, c := range cases(t, r.ID) {
			config := plugin.AnalyzerPolicyConfig{EnforcementLevel: apitype.Advisory, Properties: c.Settings}
			require.NoError(t, analyzer.Configure(t.Context(), map[string]plugin.AnalyzerPolicyConfig{r.ID: config}))
			open, err := analyzer.AnalyzeStack(t.Context(), c.Resources())
			require.NoError(t, err)
			marked := c.Resources()
			var values []string
			for i := range marked {
				for key, v := range marked[i].Properties {
					values = append(values, textsIn(v)...)
					marked[i].Properties[key] = resource.MakeSecret(v)
				}
			}
			hidden, err := analyzer.AnalyzeStack(t.Context(), marked)
			require.NoError(t, err)
			require.Len(t, textsOf(hidden), len(textsOf(open)), "%s %s: marks change no verdict", r.ID, c.ID())
			all := strings.Join(textsOf(hidden), "\n")
			for _, value := range values {
				if strings.Contains(strings.Join(textsOf(open), "\n"), value) {
					quoted++
				}
				assert.False(t, strings.Contains(all, value), "%s %s: a text quotes %s", r.ID, c.ID(), value)
			}
		}
	}
	assert.Greater(t, quoted, 100, "messages quote values that are not secret")
}

// telling matches values that could not be anybody's: addresses, hosts, IDs, ARNs and names with digits.
var telling = regexp.MustCompile(`^(.*[a-z0-9]-[0-9a-f]{3,}.*|.*\.example\.com.*|\d+\.\d+\.\d+\.\d+(/\d+)?|.*\d{12}.*)$`)

// textsIn returns the telling texts in a value, those of documents too.
func textsIn(v resource.PropertyValue) (all []string) {
	switch {
	case v.IsString():
		var document map[string]any
		if json.Unmarshal([]byte(v.StringValue()), &document) == nil {
			return textsIn(resource.NewProperty(resource.NewPropertyMapFromMap(document)))
		}
		if telling.MatchString(v.StringValue()) && !strings.HasPrefix(v.StringValue(), "0.0.0.0") {
			all = append(all, v.StringValue())
		}
	case v.IsArray():
		for _, item := range v.ArrayValue() {
			all = append(all, textsIn(item)...)
		}
	case v.IsObject():
		for _, member := range v.ObjectValue() {
			all = append(all, textsIn(member)...)
		}
	}
	return all
}

// textsOf returns the texts of an answer.
func textsOf(answer plugin.AnalyzeResponse) (all []string) {
	for _, d := range answer.Diagnostics {
		all = append(all, d.Message)
	}
	for _, skipped := range answer.NotApplicable {
		all = append(all, skipped.Reason)
	}
	return all
}

// TestASecretOfAnyResourceIsHidden puts a secret into a resource whose type the model does not have. The same value is
// unmarked in one that it has.
func TestASecretOfAnyResourceIsHidden(t *testing.T) {
	const canary = "10.77.0.0/16"
	for _, mark := range []map[string]any{
		{resource.SigKey: resource.SecretSig, "value": canary},
		{resource.SigKey: resource.OutputValueSig, "value": canary, "secret": true},
	} {
		secret, err := structpb.NewStruct(map[string]any{"deep": []any{map[string]any{"x": mark}}})
		require.NoError(t, err)
		open, err := structpb.NewStruct(map[string]any{"cidrBlock": canary, "id": "vpc-1"})
		require.NoError(t, err)
		response, err := dialRules(t, quoting()).AnalyzeStack(t.Context(), &pulumirpc.AnalyzeStackRequest{
			Resources: []*pulumirpc.AnalyzerResource{
				{Urn: "urn:pulumi:dev::shop::random:index/x:X::x", Type: "random:index/x:X", Name: "x", Properties: secret},
				{Urn: urn("vpc"), Type: "aws:ec2/vpc:Vpc", Name: "vpc", Properties: open},
			},
		})
		require.NoError(t, err)
		require.Len(t, response.Diagnostics, 1)
		assert.Equal(t, "the range is [secret]", response.Diagnostics[0].Message)
		require.Len(t, response.NotApplicable, 1)
		assert.Equal(t, "undecided: the range is [secret]", response.NotApplicable[0].Reason)
	}
}

// quoting returns rules that quote the range of a VPC: in a violation, and in the reason of what is undecided.
func quoting() []*rule.Rule {
	rangeOf := func(s *model.Stack) netip.Prefix {
		prefix, _ := s.VPCs[0].Range.Get()
		return prefix
	}
	return []*rule.Rule{
		{ID: "violated", Defects: []*rule.Defect{bad}, Check: func(s *model.Stack, r *rule.Report) {
			at := s.VPCs[0].Origin
			r.Judge(at, bad.If(model.True, at, "the range is %s", rangeOf(s)))
		}},
		{ID: "undecided", Check: func(s *model.Stack, r *rule.Report) {
			r.Unknown(s.VPCs[0].Origin, "the range is %s", rangeOf(s))
		}},
	}
}
