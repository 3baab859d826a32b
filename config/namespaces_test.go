package config

import (
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/internal/settings"
)

func TestTheKeysOfTheAWSProviderAreThoseOfItsSDK(t *testing.T) {
	var keys []string
	inputs := reflect.TypeFor[aws.ProviderArgs]()
	for i := range inputs.NumField() {
		name := inputs.Field(i).Name
		keys = append(keys, strings.ToLower(name[:1])+name[1:])
	}
	slices.Sort(keys)
	assert.Equal(t, keys, slices.Sorted(slices.Values(awsKeys)))
}

// Each row has the problem with one key, or none.
func TestAKeyThatNobodyReadsIsRefusedWithTheKeyThatWasMeant(t *testing.T) {
	const project = "my-project"
	for _, row := range []struct{ why, key, value, problem string }{
		{
			"no namespace, which Pulumi takes for the project's", "my-project:front", "{}",
			`did you mean "blueprint:front"?`,
		},
		{"no namespace and a typing error", "my-project:endpiont", "{}", `did you mean "blueprint:endpoint"?`},
		{
			"no namespace, with a path", "my-project:front.crossZone", "true",
			`did you mean "blueprint:front.crossZone"?`,
		},
		{"no namespace at all", "front", "{}", `did you mean "blueprint:front"?`},
		{"a typing error in the namespace", "blueprnt:endpoint", "{}", `did you mean "blueprint:endpoint"?`},
		{"an upper-case namespace", "Blueprint:name", "x", `did you mean "blueprint:name"?`},
		{"typing errors in both", "bluprint:endpont", "{}", `did you mean "blueprint:endpoint"?`},
		{
			"the blueprint's name as the namespace", "ipv6-front:frontNetwork", "{}",
			`did you mean "blueprint:frontNetwork"?`,
		},
		{
			"another program's namespace with one of our keys", "app:endpoint", "{}",
			`did you mean "blueprint:endpoint"?`,
		},
		{"a typing error in a key of the provider", "aws:regoin", "us-east-1", `did you mean "aws:region"?`},
		{"a typing error in the provider's namespace", "awz:region", "us-east-1", `did you mean "aws:region"?`},
		{"a provider without keys", "awsx:region", "us-east-1", `did you mean "aws:region"?`},
		{
			"a key that the provider does not have", "aws:qqqqqqqqqqqqqqqqqqqqqqqqqq", "1",
			"want a key of the AWS provider",
		},
		{"a key of the provider", "aws:defaultTags", "{}", ""},
		{"a key of the provider with a path", "aws:defaultTags.tags", "{}", ""},
		{"the version of a provider", "awsx:version", "2.22.0", ""},
		{"Pulumi's own key", "pulumi:tags", "{}", ""},
		{"a key of the project's own code", "my-project:zzzzzzzz", "1", ""},
		{"a provider that the program does not use", "kubernetes:context", "x", ""},

		{"a region that exists", "aws:region", "eu-west-3", ""},
		{"a region with a typing error", "aws:region", "us-est-1", "did you mean us-east-1?"},
		{"a region that does not exist", "aws:region", "us-east-9", "aws:skipRegionValidation"},
		{"a zone", "aws:region", "us-east-1a", `aws:region = "us-east-1a": want a region`},
		{"an upper-case region", "aws:region", "US-EAST-1", "did you mean us-east-1?"},
		{"no region", "aws:region", "", `aws:region = "": want a region`},
		{"a look-alike", "aws:region", "us-еast-1", "did you mean us-east-1?"},
	} {
		t.Run(row.why, func(t *testing.T) {
			problems := &settings.Problems{}
			CheckOthers(map[string]string{"aws:region": "us-east-1", row.key: row.value}, project, problems)
			if row.problem == "" {
				assert.NoError(t, problems.Err())
			} else {
				assert.ErrorContains(t, problems.Err(), row.problem)
			}
		})
	}
}

func TestANewRegionIsAcceptedIfTheProviderNeedNotKnowIt(t *testing.T) {
	for region, accepted := range map[string]bool{"xy-north-1": true, "nowhere": false, "us-east-1a": false} {
		problems := &settings.Problems{}
		CheckOthers(map[string]string{"aws:region": region, "aws:skipRegionValidation": "true"}, "p", problems)
		assert.Equal(t, accepted, problems.Err() == nil, region)
	}
}

func TestKeysOfOtherProgramsAreNamed(t *testing.T) {
	values := map[string]string{"kubernetes:context": "x", "p:zzzzzzz": "1", "blueprint:front": "{}", "gcp:zone": "y"}
	assert.Equal(t, []string{"gcp:zone", "kubernetes:context"}, CheckOthers(values, "p", &settings.Problems{}))
}

func TestARegionOfTheEnvironmentIsCheckedIfItCounts(t *testing.T) {
	type texts = map[string]string
	for _, row := range []struct {
		why                 string
		values, environment texts
		problem             string
	}{
		{"a region that does not exist", nil, texts{"AWS_REGION": "us-est-1"},
			`AWS_REGION = "us-est-1": want a region`},
		{"the other variable", nil, texts{"AWS_DEFAULT_REGION": "us-est-1"}, "did you mean us-east-1?"},
		{"the first one counts", nil, texts{"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "x"}, ""},
		{"the configuration counts", texts{"aws:region": "us-east-1"}, texts{"AWS_REGION": "us-est-1"}, ""},
		{"a newer region", texts{"aws:skipRegionValidation": "true"}, texts{"AWS_REGION": "us-east-9"}, ""},
		{"no region", nil, nil, ""},
	} {
		t.Run(row.why, func(t *testing.T) {
			problems := &settings.Problems{}
			CheckEnvironment(row.values, func(name string) string { return row.environment[name] }, problems)
			if row.problem == "" {
				assert.NoError(t, problems.Err())
				return
			}
			assert.ErrorContains(t, problems.Err(), row.problem)
		})
	}
}

func TestTheSourceOfTheRegionIsNamed(t *testing.T) {
	type texts = map[string]string
	both := texts{"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-2"}
	for _, row := range []struct {
		why                 string
		values, environment texts
		want                string
	}{
		{"the configuration counts", texts{"aws:region": "us-east-1"}, both, "aws:region"},
		{"the first variable counts", nil, both, "AWS_REGION"},
		{"the other variable", nil, texts{"AWS_DEFAULT_REGION": "us-east-1"}, "AWS_DEFAULT_REGION"},
		{"a profile", texts{"aws:profile": "dev"}, nil, ""},
	} {
		getenv := func(name string) string { return row.environment[name] }
		assert.Equal(t, row.want, RegionSource(row.values, getenv), row.why)
	}
}

func TestMoreTargetsThanOutboundRulesAreRefused(t *testing.T) {
	var addresses []netip.Addr
	for i := range 61 {
		addresses = append(addresses, netip.AddrFrom4([4]byte{10, 0, 0, byte(i)}))
	}
	link, service := &VpclinkHttpsBackend{}, &H2EndpointService{Service: &Service{}}
	link.RulesPerSecurityGroup, service.RulesPerSecurityGroup = 60, 60
	link.Backend.Ipv4Addresses, service.Service.Targets.Ipv4Addresses = addresses, addresses
	for key, check := range map[string]func(settings.Section){
		"blueprint:backend.ipv4Addresses": link.check, "blueprint:service.targets.ipv4Addresses": service.check,
	} {
		problems := &settings.Problems{}
		check(problems.Section("blueprint"))
		assert.ErrorContains(t, problems.Err(), key+": its 61 addresses make 61 outbound rules of a security group; "+
			"want at most 60 addresses")
	}
	link.RulesPerSecurityGroup = 61
	problems := &settings.Problems{}
	link.check(problems.Section("blueprint"))
	assert.NotContains(t, fmt.Sprint(problems.Err()), "outbound rules")
}
