package pack_test

import (
	"bufio"
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/pack"
	"private-api-blueprints/policy/rule"
	"private-api-blueprints/policy/rules"
)

// connect starts the pack as the engine does, over gRPC. Like `pulumi policy
// publish`, it never calls ConfigureStack.
func connect(t *testing.T) plugin.Analyzer {
	t.Helper()
	return plugin.NewAnalyzerWithClient("policies", dial(t))
}

func dial(t testing.TB) pulumirpc.AnalyzerClient {
	t.Helper()
	return dialRules(t, rules.All())
}

// dialRules connects to a pack with the given rules, as the engine does.
func dialRules(t testing.TB, all []*rule.Rule) pulumirpc.AnalyzerClient {
	t.Helper()
	about := pack.Valid
	about.Description, about.Readme = "what it is", "how to use it"
	p, err := pack.New(about, all)
	require.NoError(t, err)
	pack.LiftLimits(p)

	ctx, stop := context.WithCancel(t.Context())
	port, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- pack.Serve(ctx, p, "", out) }()
	line, err := bufio.NewReader(port).ReadString('\n')
	require.NoError(t, err)

	connection, err := grpc.NewClient("127.0.0.1:"+strings.TrimSpace(line),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NoError(t, connection.Close())
		stop()
		assert.NoError(t, <-done)
	})
	return pulumirpc.NewAnalyzerClient(connection)
}

func TestMetadataArrives(t *testing.T) {
	analyzer := connect(t)
	info, err := analyzer.GetAnalyzerInfo(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "private-api-blueprints", info.Name)
	assert.Equal(t, "1.2.3", info.Version)
	assert.Equal(t, "how to use it", info.Readme)
	assert.True(t, info.SupportsConfig)
	require.Len(t, info.Policies, len(rules.All()))

	policy := policyNamed(t, info, "endpoint-multiple-zones")
	assert.Equal(t, plugin.AnalyzerPolicyTypeStack, policy.Type)
	assert.Equal(t, apitype.Advisory, policy.EnforcementLevel)
	assert.Equal(t, apitype.PolicySeverityMedium, policy.Severity)
	assert.Contains(t, policy.RemediationSteps, "one subnet in each of at least two zones")
	assert.Equal(t, "https://example.com/rules/endpoint-multiple-zones.md", policy.URL)
	assert.Equal(t, []string{"vpc-endpoint", "availability"}, policy.Tags)
	assert.Equal(t, "AWS Well-Architected Framework", policy.Framework.Name)
	assert.Equal(t, 1.0, policy.ConfigSchema.Properties["minimumZones"]["minimum"])
	assert.Equal(t, map[string]any{"minimumZones": 2.0, "levels": map[string]any{}, "exceptions": []any{}},
		info.InitialConfig["endpoint-multiple-zones"].Properties)
	assert.Equal(t, apitype.Mandatory, policyNamed(t, info, "load-balancer-to-endpoint-zones").EnforcementLevel)
}

func policyNamed(t *testing.T, info plugin.AnalyzerInfo, name string) plugin.AnalyzerPolicyInfo {
	t.Helper()
	for _, policy := range info.Policies {
		if policy.Name == name {
			return policy
		}
	}
	require.Fail(t, "no policy "+name)
	return plugin.AnalyzerPolicyInfo{}
}

func TestPluginInfoNeedsNoConfiguration(t *testing.T) {
	info, err := connect(t).GetPluginInfo(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "1.2.3", info.Version.String())
}

// TestViolationWithoutConfiguration checks everything that the engine prints about
// a violation under the defaults, as in `pulumi policy analyze --file`.
func TestViolationWithoutConfiguration(t *testing.T) {
	response, err := connect(t).AnalyzeStack(t.Context(),
		resources(t, "private-api-resource-policy", "bad/deployed_elsewhere"))
	require.NoError(t, err)
	require.Len(t, response.Diagnostics, 1)
	d := response.Diagnostics[0]
	assert.Equal(t, "private-api-resource-policy", d.PolicyName)
	assert.Equal(t, "private-api-blueprints", d.PolicyPackName)
	assert.Equal(t, "1.2.3", d.PolicyPackVersion)
	assert.Equal(t, apitype.Mandatory, d.EnforcementLevel)
	assert.Equal(t, apitype.PolicySeverityHigh, d.Severity)
	assert.Equal(t, "api", d.URN.Name())
	assert.Equal(t, "api is PRIVATE and has no resource policy; want a RestApiPolicy for it", d.Message)
}

// TestFixturesCrossTheWire judges every fixture of every rule through the
// protocol. It catches a server that drops unknown values, property dependencies,
// parents, options or dependencies.
func TestFixturesCrossTheWire(t *testing.T) {
	analyzer := connect(t)
	for _, r := range rules.All() {
		for _, c := range cases(t, r.ID) {
			config := plugin.AnalyzerPolicyConfig{EnforcementLevel: apitype.Advisory, Properties: c.Settings}
			require.NoError(t, analyzer.Configure(t.Context(), map[string]plugin.AnalyzerPolicyConfig{r.ID: config}))
			response, err := analyzer.AnalyzeStack(t.Context(), c.Resources())
			require.NoError(t, err)
			var wanted, got []string
			for _, w := range c.Want {
				if w.Verdict == string(rule.Violation) {
					wanted = append(wanted, w.Resource)
				}
			}
			for _, d := range response.Diagnostics {
				if d.PolicyName == r.ID {
					got = append(got, d.URN.Name())
				}
			}
			assert.ElementsMatch(t, wanted, got, "%s: %s", r.ID, c.ID())
			undecided := strings.Contains(reasons(response)[r.ID], "undecided")
			assert.Equal(t, c.Kind == "unknown", undecided && len(wanted) == 0, "%s: %s", r.ID, c.ID())
		}
	}
}

// TestEveryRulePassesACompliantStack sends what the CLI sent for a new network
// that every rule is about, before and after its first deployment. Every rule that
// is on decides: none is undecided, and none has nothing to judge. The CLI would
// not show that.
func TestEveryRulePassesACompliantStack(t *testing.T) {
	for _, recording := range pack.Recordings {
		t.Run(recording, func(t *testing.T) {
			response, err := dial(t).AnalyzeStack(t.Context(), pack.Recorded(t, recording))
			require.NoError(t, err)
			assert.Empty(t, response.Diagnostics)
			assert.Equal(t, undecidedTwins[recording], undecided(response))
		})
	}
}

// TestAnOrdinaryStackViolatesNoRule judges a stack without an API in a VPC.
func TestAnOrdinaryStackViolatesNoRule(t *testing.T) {
	text, err := os.ReadFile("testdata/ordinary.txtar")
	require.NoError(t, err)
	all, err := fixture.Parse(text)
	require.NoError(t, err)
	for _, c := range all {
		response, err := connect(t).AnalyzeStack(t.Context(), c.Resources())
		require.NoError(t, err)
		assert.Empty(t, response.Diagnostics, c.ID())
	}
}

func TestNotApplicable(t *testing.T) {
	analyzer := connect(t)
	response, err := analyzer.AnalyzeStack(t.Context(), nil)
	require.NoError(t, err)
	assert.Empty(t, response.Diagnostics)
	assert.Len(t, response.NotApplicable, len(rules.All()), "an empty stack passes nothing")

	response, err = analyzer.AnalyzeStack(t.Context(),
		resources(t, "private-api-resource-policy", "unknown/type_not_known"))
	require.NoError(t, err)
	assert.Contains(t, reasons(response)["private-api-resource-policy"],
		"undecided: not known yet whether this is so: api ")
}

// undecidedTwins are the policies that cannot decide about a compliant twin yet,
// by recording.
var undecidedTwins = map[string][]string{
	"compliant_at_first_preview": {
		"api-deployment-triggers",        // Which output of the API its triggers take is not known.
		"dead-ends",                      // The listeners of some VPC links' load balancers may be in another stack.
		"dns-alias-zonal-name",           // Which name of a new endpoint the alias takes is not known.
		"endpoint-policy-restricts-apis", // The text has the ARN of a new API.
		"integration-request-path",       // The URI has the name of a new load balancer. So it has for the next two.
		"integration-tls-verification",
		"integration-vpc-link-host",
		"load-balancer-network-acls",      // Whose addresses become targets is not known. Nor is it for the next one.
		"load-balancer-to-endpoint-zones", // Its zones are those of the endpoint's addresses.
		"resource-policy-allows-calls",    // The text has the ID of a new VPC. So it has for the next four.
		"resource-policy-condition-keys",
		"resource-policy-restricts-network",
		"resource-policy-source-vpc",
		"resource-policy-vpc-key-mismatch",
	},
	"compliant_when_deployed": {
		"dead-ends",                         // As before.
		"endpoint-private-dns-single-owner", // The provider may have copied the setting into the endpoint's flag.
		"resource-policy-restricts-network", // A policy denies by addresses, which another VPC may have.
	},
}

// undecided returns the policies that did not decide, except those that are off
// by default.
func undecided(response *pulumirpc.AnalyzeResponse) []string {
	var names []string
	for _, policy := range response.NotApplicable {
		if !strings.HasPrefix(policy.Reason, "off by default") {
			names = append(names, policy.PolicyName)
		}
	}
	return names
}

// reasons returns why policies are not applicable, by policy.
func reasons(response plugin.AnalyzeResponse) map[string]string {
	all := map[string]string{}
	for _, na := range response.NotApplicable {
		all[na.PolicyName] = na.Reason
	}
	return all
}

func TestConfiguration(t *testing.T) {
	const policy = "endpoint-multiple-zones"
	oneZone := resources(t, policy, "bad/one_subnet")
	for _, c := range []struct {
		name   string
		config plugin.AnalyzerPolicyConfig
		want   []apitype.EnforcementLevel
	}{
		{"default level", plugin.AnalyzerPolicyConfig{EnforcementLevel: apitype.Advisory},
			[]apitype.EnforcementLevel{apitype.Advisory}},
		{"another level", plugin.AnalyzerPolicyConfig{EnforcementLevel: apitype.Mandatory},
			[]apitype.EnforcementLevel{apitype.Mandatory}},
		{"nothing is remediated", plugin.AnalyzerPolicyConfig{EnforcementLevel: apitype.Remediate},
			[]apitype.EnforcementLevel{apitype.Mandatory}},
		{"disabled", plugin.AnalyzerPolicyConfig{EnforcementLevel: apitype.Disabled}, nil},
		{"a parameter", plugin.AnalyzerPolicyConfig{EnforcementLevel: apitype.Advisory,
			Properties: map[string]any{"minimumZones": 1.0}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			analyzer := connect(t)
			require.NoError(t,
				analyzer.Configure(t.Context(), map[string]plugin.AnalyzerPolicyConfig{policy: c.config}))
			response, err := analyzer.AnalyzeStack(t.Context(), oneZone)
			require.NoError(t, err)
			var levels []apitype.EnforcementLevel
			for _, d := range response.Diagnostics {
				if d.PolicyName == policy {
					levels = append(levels, d.EnforcementLevel)
				}
			}
			assert.Equal(t, c.want, levels)
		})
	}
}

func TestConfigurationIsRefused(t *testing.T) {
	given := map[string]map[string]any{
		"all":                         {"minimumZones": 2.0},
		"vpce-multi-az":               nil,
		"endpoint-multiplezones":      nil,
		"endpoint-multiple-zones":     {"minimumZones": 0.0, "zones": 2.0},
		"endpoint-security-group":     {"allowedCidrs": []any{"10.0.0.0"}},
		"private-api-resource-policy": {"strict": true},
	}
	config := map[string]plugin.AnalyzerPolicyConfig{}
	for policy, properties := range given {
		config[policy] = plugin.AnalyzerPolicyConfig{EnforcementLevel: apitype.Advisory, Properties: properties}
	}
	err := connect(t).Configure(t.Context(), config)
	require.Error(t, err)
	for _, want := range []string{
		`policy "all": has parameters; want an enforcement level only`,
		`policy "vpce-multi-az": this is a former name; want "endpoint-multiple-zones"`,
		`policy "endpoint-multiplezones": no such policy; want one of all, api-binary-media-types, `,
		`policy "endpoint-multiple-zones": minimumZones is 0; want a whole number from 1 to 6`,
		`policy "endpoint-multiple-zones": zones is 2; want only enforcementLevel, minimumZones, levels, exceptions`,
		`policy "endpoint-security-group": allowedCidrs has 10.0.0.0 at position 1; want a range`,
		`policy "private-api-resource-policy": strict is true; want only enforcementLevel, levels, exceptions`,
	} {
		assert.ErrorContains(t, err, want, "every problem at once")
	}
}

// TestSingleResourcesAreNotJudged makes the calls that the engine makes for each
// resource. They report nothing: all rules are about the stack.
func TestSingleResourcesAreNotJudged(t *testing.T) {
	analyzer := connect(t)
	for _, r := range resources(t, "private-api-resource-policy", "bad/deployed_elsewhere") {
		response, err := analyzer.Analyze(t.Context(), r.AnalyzerResource)
		require.NoError(t, err)
		assert.Empty(t, response.Diagnostics)
		remedy, err := analyzer.Remediate(t.Context(), r.AnalyzerResource)
		require.NoError(t, err)
		assert.Empty(t, remedy.Remediations)
	}
}

func TestVersionAndWebsiteAreChecked(t *testing.T) {
	for _, c := range []struct{ why, version, website, want string }{
		{"not a semantic version", "latest", "https://example.com",
			`version = "latest": want a semantic version such as 1.2.3`},
		{"no website", "1.2.3", "", `website = "": want the https address of the folder with the rules' pages`},
		{"a path", "1.2.3", "docs/rules", `website = "docs/rules": want the https address`},
	} {
		t.Run(c.why, func(t *testing.T) {
			_, err := pack.New(pack.About{Version: c.version, Website: c.website}, rules.All())
			assert.ErrorContains(t, err, c.want)
		})
	}
}

// TestRuleThatIsOffByDefault switches a rule on by giving it a level. For the
// level of "all" the engine does that for every policy.
func TestRuleThatIsOffByDefault(t *testing.T) {
	const policy = "stage-tracing"
	for _, c := range []struct {
		why         string
		given, want apitype.EnforcementLevel
	}{
		{"no level", "", ""},
		{"the level that the engine sends for the default", apitype.Disabled, ""},
		{"another level", apitype.Advisory, apitype.Advisory},
	} {
		t.Run(c.why, func(t *testing.T) {
			analyzer := connect(t)
			if c.given != "" {
				config := map[string]plugin.AnalyzerPolicyConfig{policy: {EnforcementLevel: c.given}}
				require.NoError(t, analyzer.Configure(t.Context(), config))
			}
			response, err := analyzer.AnalyzeStack(t.Context(), resources(t, policy, "bad/turned_off"))
			require.NoError(t, err)
			var level apitype.EnforcementLevel
			for _, d := range response.Diagnostics {
				if d.PolicyName == policy {
					level = d.EnforcementLevel
				}
			}
			assert.Equal(t, c.want, level)
			if c.want == "" {
				assert.Equal(t, "off by default; give it a level in the configuration to run it",
					reasons(response)[policy])
			}
		})
	}
	info, err := connect(t).GetAnalyzerInfo(t.Context())
	require.NoError(t, err)
	assert.Equal(t, apitype.Disabled, policyNamed(t, info, policy).EnforcementLevel)
	assert.Equal(t, apitype.Disabled, info.InitialConfig[policy].EnforcementLevel)
}

func resources(t *testing.T, rule, id string) []plugin.AnalyzerStackResource {
	t.Helper()
	for _, c := range cases(t, rule) {
		if c.ID() == id {
			return c.Resources()
		}
	}
	require.Fail(t, "no case "+id)
	return nil
}

// cases returns the fixtures of a rule.
func cases(t *testing.T, rule string) []fixture.Case {
	t.Helper()
	text, err := os.ReadFile("../rules/testdata/" + rule + ".txtar")
	require.NoError(t, err)
	all, err := fixture.Parse(text)
	require.NoError(t, err)
	return all
}
