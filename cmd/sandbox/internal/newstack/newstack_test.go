package newstack

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"private-api-blueprints/cmd/sandbox/internal/account"
	"private-api-blueprints/config"
)

// stackAccount is an account with one public zone, one network and no role for logs.
func stackAccount() *account.Account {
	return &account.Account{
		ID: "123456789012", Partition: "aws", Zones: []string{"eu-west-1a", "eu-west-1b", "eu-west-1c"},
		HostedZones: []account.HostedZone{
			{ID: "Z0123456789EXAMPLE01", Name: "example.com"},
			{ID: "Z0123456789EXAMPLE03", Name: "internal.example.com", Private: true},
		},
		VPCs: []account.VPC{{
			ID: "vpc-0123456789abcdef0", Name: "shared", CIDR: "10.0.0.0/16", Hostnames: true,
			Subnets: []account.Subnet{
				{ID: "subnet-0000000000000000b", Zone: "eu-west-1b"},
				{ID: "subnet-0000000000000000a", Zone: "eu-west-1a"},
				{ID: "subnet-0000000000000001a", Zone: "eu-west-1a", Public: true},
				{ID: "subnet-0000000000000001b", Zone: "eu-west-1b", Public: true},
			},
		}},
		LogsRole: account.LogsRoleUnset,
	}
}

// try is one call of Write in an empty project.
type try struct {
	Options
	printed bytes.Buffer
	asked   map[string]string // The configuration with which the account was read.
}

// newTry returns a call with lines of answers. The settings come first.
func newTry(t *testing.T, found *account.Account, answers string, settings ...string) *try {
	s := &try{}
	s.Options = Options{
		Root: t.TempDir(), Stack: "dev", Settings: append([]string{"aws:region=eu-west-1"}, settings...),
		In: strings.NewReader(answers), Out: &s.printed,
		Account: func(_ context.Context, config map[string]string) (*account.Account, error) {
			s.asked = config
			return found, nil
		},
	}
	return s
}

// write calls Write, which must succeed, and returns the configuration in the file.
func (s *try) write(t *testing.T) map[string]any {
	t.Helper()
	result, err := Write(t.Context(), s.Options)
	require.NoError(t, err, s.printed.String())
	assert.Equal(t, "Pulumi.dev.yaml", result.File)
	var file struct{ Config map[string]any }
	require.NoError(t, yaml.Unmarshal([]byte(s.text(t)), &file))
	return file.Config
}

// fails calls Write, which must fail and write nothing, and returns the error.
func (s *try) fails(t *testing.T) string {
	t.Helper()
	before, err := os.ReadDir(s.Root)
	require.NoError(t, err)
	_, err = Write(t.Context(), s.Options)
	require.Error(t, err)
	after, listed := os.ReadDir(s.Root)
	require.NoError(t, listed)
	assert.Equal(t, len(before), len(after), "something was written")
	return err.Error()
}

// text returns the text of the stack's file.
func (s *try) text(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(s.Root, "Pulumi.dev.yaml"))
	require.NoError(t, err)
	return string(text)
}

// put writes the stack's file.
func (s *try) put(t *testing.T, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(s.Root, "Pulumi.dev.yaml"), []byte(text), 0o600))
}

const ranges = "blueprint:front.allowedCidrs[0]=192.0.2.0/24"

func TestEveryAnswerCanBeASetting(t *testing.T) {
	s := newTry(t, stackAccount(), "", "aws:profile=shop", "blueprint:name=static-ip-apigw", ranges,
		"blueprint:network.create.cidrBlock=10.9.0.0/16", "blueprint:network.create.availabilityZones[0]=eu-west-1b",
		"blueprint:network.create.availabilityZones[1]=eu-west-1c", "blueprint:api.authorization=NONE",
		"blueprint:api.cloudwatchRole=existing", "blueprint:domain.name=a.example.com",
		"blueprint:domain.endpointType=regional", "blueprint:domain.publicZoneId=Z0123456789EXAMPLE01",
		"blueprint:domain.createCertificate=true", "blueprint:front.crossZone=true")
	written := s.write(t)
	assert.Empty(t, s.printed.String(), "nothing is asked")
	assert.Equal(t, map[string]string{"aws:region": "eu-west-1", "aws:profile": "shop"}, s.asked)
	assert.Equal(t, "shop", written["aws:profile"])
	assert.Equal(t, map[string]any{"crossZone": true, "allowedCidrs": []any{"192.0.2.0/24"}},
		written["blueprint:front"])
}

func TestTheProposalsOfEachBlueprintAreAccepted(t *testing.T) {
	for name, settings := range map[string][]string{
		"static-ip-apigw": {ranges}, "ipv6-front": nil, "shared-vpc-apis": nil, "h2-endpoint-service": nil,
		"vpclink-https-backend": {
			"blueprint:backend.hostName=b.example.com", "blueprint:backend.ipv4Addresses[0]=10.1.2.3",
		},
	} {
		s := newTry(t, stackAccount(), "", append(settings, "blueprint:name="+name)...)
		s.Yes = true
		written := s.write(t)
		assert.Equal(t, name, written["blueprint:name"])
		assert.Empty(t, s.printed.String())
	}
	assert.Len(t, config.Blueprints(), 5, "a new blueprint needs a row above")
}

func TestWhatTheAccountHoldsIsProposed(t *testing.T) {
	s := newTry(t, stackAccount(), "", "blueprint:name=static-ip-apigw", ranges)
	s.Yes = true
	written := s.write(t)
	assert.Equal(t, map[string]any{"create": map[string]any{
		"cidrBlock": "10.1.0.0/16", "availabilityZones": []any{"eu-west-1a", "eu-west-1b"},
	}}, written["blueprint:network"], "a range that no VPC has, and zones of the region")
	assert.Equal(t, map[string]any{"authorization": "AWS_IAM", "cloudwatchRole": "create"}, written["blueprint:api"])
	assert.Equal(t, map[string]any{
		"name": "api.example.com", "publicZoneId": "Z0123456789EXAMPLE01", "createCertificate": true,
		"endpointType": "regional",
	}, written["blueprint:domain"], "a name in the public zone, and a certificate through it")

	found := stackAccount()
	found.LogsRole = account.LogsRoleSet
	s = newTry(t, found, "", "blueprint:name=static-ip-apigw", ranges)
	s.Yes = true
	assert.Equal(t, "existing", s.write(t)["blueprint:api"].(map[string]any)["cloudwatchRole"])
}

func TestAnExistingNetworkIsChosenFromThoseOfTheAccount(t *testing.T) {
	s := newTry(t, stackAccount(), "existing\n1\n\n\n10.0.1.9 10.0.2.9\n", "blueprint:name=static-ip-apigw", ranges,
		"blueprint:api.authorization=NONE", "blueprint:api.cloudwatchRole=create",
		"blueprint:domain.name=a.example.com", "blueprint:domain.endpointType=regional",
		"blueprint:domain.publicZoneId=Z0123456789EXAMPLE01", "blueprint:domain.createCertificate=true")
	written := s.write(t)
	assert.Equal(t, map[string]any{"existing": map[string]any{
		"vpcId":            "vpc-0123456789abcdef0",
		"publicSubnetIds":  []any{"subnet-0000000000000001a", "subnet-0000000000000001b"},
		"privateSubnetIds": []any{"subnet-0000000000000000a", "subnet-0000000000000000b"},
	}}, written["blueprint:network"])
	assert.Equal(t, map[string]any{"ipv4Addresses": []any{"10.0.1.9", "10.0.2.9"}}, written["blueprint:endpoint"],
		"which only the program requires, once it has looked at the network")
	assert.Contains(t, s.printed.String(), "1. vpc-0123456789abcdef0: shared 10.0.0.0/16")
}

func TestFreeAddressesAreShownToAStackOfFixedAddresses(t *testing.T) {
	found := stackAccount()
	found.Addresses = []account.Address{{IP: "203.0.113.1", InUse: true}, {IP: "203.0.113.2"}}
	s := newTry(t, found, "", "blueprint:name=static-ip-apigw", ranges)
	s.Yes = true
	s.write(t)
	assert.Contains(t, s.printed.String(), "has 2 here, and these are free: 203.0.113.2\n")
}

func TestAnAnswerIsAskedForUntilTheProgramAcceptsIt(t *testing.T) {
	s := newTry(t, stackAccount(), "10.0.0.0/8\n10.9.0.0/16\neu-west-1a\neu-west-1a, eu-west-1b\n",
		"blueprint:name=shared-vpc-apis", "blueprint:network.create.natGateways=Single",
		"blueprint:api.authorization=NONE", "blueprint:api.cloudwatchRole=create",
		"blueprint:endpoint.clientCidrs[0]=10.9.0.0/16")
	assert.Equal(t, map[string]any{"create": map[string]any{
		"cidrBlock": "10.9.0.0/16", "availabilityZones": []any{"eu-west-1a", "eu-west-1b"}, "natGateways": "Single",
	}}, s.write(t)["blueprint:network"])
	printed := s.printed.String()
	assert.Contains(t, printed, "  blueprint:network.create.cidrBlock = 10.0.0.0/8: want an IPv4 range from /16 to /28")
	assert.Contains(t, printed, "  blueprint:network.create.availabilityZones = [eu-west-1a]: want at least two zones")
}

func TestStackRegionAndBlueprintAreAskedForAndChecked(t *testing.T) {
	s := newTry(t, stackAccount(), "org/project/dev\n\nmoon\neu-west-1\nnone\n3\n1\n\n\n\n\n\n")
	s.Stack, s.Settings = "", nil
	written := s.write(t)
	assert.Equal(t, "eu-west-1", written["aws:region"])
	assert.Equal(t, "shared-vpc-apis", written["blueprint:name"])
	printed := s.printed.String()
	for _, refused := range []string{
		`stack = "org/project/dev": want up to 100 letters`,
		`aws:region = "moon": want an AWS region, such as us-east-1`,
		`blueprint:name = "none": want one of h2-endpoint-service, `,
		"3. shared-vpc-apis: One VPC whose clients call a private and a regional REST API.",
	} {
		assert.Contains(t, printed, refused)
	}
}

func TestTheRegionOfTheEnvironmentIsProposed(t *testing.T) {
	s := newTry(t, stackAccount(), "")
	s.Yes, s.Region, s.Settings = true, "ap-south-1", []string{"blueprint:name=shared-vpc-apis"}
	assert.Equal(t, "ap-south-1", s.write(t)["aws:region"])
}

func TestAGroupIsAnsweredInYAML(t *testing.T) {
	const function = "arn:aws:lambda:eu-west-1:123456789012:function:tokens"
	s := newTry(t, stackAccount(), "TOKEN\n{functionArn: \""+function+"\", cacheSeconds: 0}\n",
		"blueprint:name=shared-vpc-apis", "blueprint:network.create.cidrBlock=10.9.0.0/16",
		"blueprint:network.create.availabilityZones[0]=eu-west-1a", "blueprint:api.cloudwatchRole=create",
		"blueprint:network.create.availabilityZones[1]=eu-west-1b", "blueprint:endpoint.clientCidrs[0]=10.9.0.0/16")
	assert.Equal(t, map[string]any{"functionArn": function, "cacheSeconds": 0},
		s.write(t)["blueprint:api"].(map[string]any)["authorizer"])
}

func TestWrongSettingsAreRefusedAllAtOnceBeforeAnyQuestion(t *testing.T) {
	for _, row := range []struct {
		why      string
		settings []string
		want     []string
	}{
		{
			"a wrong value, a wrong item and an unknown key",
			[]string{
				"blueprint:name=static-ip-apigw", "blueprint:api.authorization=none", "blueprint:hue=blue",
				"blueprint:front.allowedCidrs[0]=x",
			},
			[]string{
				"3 keys are not acceptable; nothing was written:", "blueprint:hue: unknown key",
				`blueprint:api.authorization = "none": want NONE, API_KEY, TOKEN or AWS_IAM`,
				`blueprint:front.allowedCidrs[0] = "x": want an address range`,
			},
		},
		{
			"both of a choice",
			[]string{
				"blueprint:name=shared-vpc-apis", "blueprint:network.existing.vpcId=vpc-0123456789abcdef0",
				"blueprint:network.create.cidrBlock=10.0.0.0/16",
			},
			[]string{"1 key is not acceptable", "blueprint:network: has create and existing; want one of them"},
		},
		{
			"a blueprint", []string{"blueprint:name=moon"},
			[]string{`blueprint:name = "moon": want one of h2-endpoint-service`},
		},
		{
			"a region", []string{"aws:region=moon"},
			[]string{`aws:region = "moon": want an AWS region, such as us-east-1`},
		},
	} {
		s := newTry(t, stackAccount(), "unread\n", row.settings...)
		got := s.fails(t)
		for _, want := range row.want {
			assert.Contains(t, got, want, row.why)
		}
		assert.Empty(t, s.printed.String(), row.why)
		assert.Nil(t, s.asked, row.why)
	}
	s := newTry(t, stackAccount(), "")
	s.Stack = "a b"
	assert.Contains(t, s.fails(t), `stack = "a b": want up to 100 letters`)
}

func TestWhatIsMissingIsNamedAndNothingIsWritten(t *testing.T) {
	for _, yes := range []bool{true, false} {
		s := newTry(t, &account.Account{}, "", "blueprint:name=vpclink-https-backend",
			"blueprint:api.authorization=NONE", "blueprint:network.create.cidrBlock=10.0.0.0/16")
		s.Yes = yes
		got := s.fails(t)
		for _, want := range []string{
			"4 keys are still to be set; nothing was written:",
			"- blueprint:network.create.availabilityZones: required: names of Availability Zones, such as [us-",
			"- blueprint:api.cloudwatchRole: required: create or existing",
			"- blueprint:backend: required: ipv4Addresses (servers that exist) or simulated",
			"- blueprint:backend.hostName: required: a fully qualified domain name",
			"--config KEY=VALUE",
		} {
			assert.Contains(t, got, want)
		}
	}
	s := newTry(t, stackAccount(), "")
	s.Yes = true
	assert.Contains(t, s.fails(t), "blueprint:name: required: one of h2-endpoint-service")
}

func TestADraftListsWhatIsMissing(t *testing.T) {
	s := newTry(t, stackAccount(), "", "blueprint:name=static-ip-apigw")
	s.Yes, s.Draft = true, true
	written := s.write(t)
	assert.NotContains(t, written, "blueprint:front")
	assert.Contains(t, s.text(t), "#\n# Still to be set:\n"+
		"# - blueprint:front.allowedCidrs: required: the clients' IPv4 ranges")

	s = newTry(t, stackAccount(), "", "blueprint:name=static-ip-apigw", "blueprint:api.authorization=none")
	s.Yes, s.Draft = true, true
	assert.Contains(t, s.fails(t), "is not acceptable", "a draft lacks keys, and has no wrong ones")
}

func TestTheFileOfPulumiNewIsKept(t *testing.T) {
	s := newTry(t, stackAccount(), "", ranges)
	s.Yes, s.Settings = true, s.Settings[1:]
	s.put(t, `# Ours.
encryptionsalt: v1:abc:def
config:
  aws:region: eu-west-1
  aws:allowedAccountIds: ["012345678901"] # The shop's.
  blueprint:name: static-ip-apigw
  shop:token:
    secure: v1:xyz
`)
	written := s.write(t)
	assert.Equal(t, "eu-west-1", s.asked["aws:region"])
	assert.Equal(t, map[string]any{"secure": "v1:xyz"}, written["shop:token"])
	text := s.text(t)
	assert.Contains(t, text, "# Ours.\nencryptionsalt: v1:abc:def\nconfig:\n  aws:region: eu-west-1\n"+
		"  aws:allowedAccountIds: [\"012345678901\"] # The shop's.\n  blueprint:name: static-ip-apigw\n")
	assert.Contains(t, text, "  blueprint:network:\n")
	assert.True(t, strings.HasPrefix(text, schemaLine))
	assert.Equal(t, 1, strings.Count(text, "aws:region:"))
}

func TestAnEmptyFileIsFilled(t *testing.T) {
	for _, text := range []string{"", "---\n", "config:\n", "encryptionsalt: v1:a\n"} {
		s := newTry(t, stackAccount(), "", "blueprint:name=shared-vpc-apis")
		s.Yes = true
		s.put(t, text)
		assert.Contains(t, s.write(t), "blueprint:network", text)
	}
}

func TestNoOtherFileIsReplaced(t *testing.T) {
	for _, row := range []struct{ why, text, want string }{
		{
			"somebody's work", "config:\n  blueprint:name: ipv6-front\n  blueprint:network: {}\n",
			"Pulumi.dev.yaml exists and has blueprint:network: want a stack without a file",
		},
		{
			"another blueprint", "config:\n  blueprint:name: ipv6-front\n",
			`blueprint:name = "static-ip-apigw": Pulumi.dev.yaml has "ipv6-front", which is kept`,
		},
		{
			"another region", "config: {aws:region: us-west-2}\n",
			`aws:region = "eu-west-1": Pulumi.dev.yaml has "us-west-2", which is kept`,
		},
		{
			"a name that nobody can read", "config: {blueprint:name: {secure: v1:a}}\n",
			"Pulumi.dev.yaml: blueprint:name is encrypted",
		},
		{"no YAML", "config: [", "Pulumi.dev.yaml: yaml: "},
		{"no mapping", "- config\n", "Pulumi.dev.yaml: "},
	} {
		s := newTry(t, stackAccount(), "", "blueprint:name=static-ip-apigw", ranges)
		s.Yes = true
		s.put(t, row.text)
		assert.Contains(t, s.fails(t), row.want, row.why)
		assert.Equal(t, row.text, s.text(t), row.why)
	}
}

func TestEachKeyHasTheCommentOfTheReferenceOnce(t *testing.T) {
	s := newTry(t, stackAccount(), "", "blueprint:name=h2-endpoint-service", "blueprint:tags={\"team\":\"shop\"}")
	s.Options.In = strings.NewReader("both\n" + strings.Repeat("\n", 40))
	s.write(t)
	text := strings.Join(strings.Fields(strings.ReplaceAll(s.text(t), "#", "")), " ")
	schema, err := readSchema()
	require.NoError(t, err)
	reference := newReference(config.Blueprints()[0], schema)
	for _, path := range []string{
		"blueprint:tags", "blueprint:service.network.create.natGateways", "blueprint:service.targets.launch",
		"blueprint:consumer.clientCidrs",
	} {
		k := reference.find(path)
		require.NotNil(t, k, path)
		require.NotEmpty(t, k.meaning)
		name := path[strings.LastIndex(path, ".")+1:]
		assert.Equal(t, 1, strings.Count(text, k.meaning+" "+name+":"), path)
	}
	assert.Equal(t, 1, strings.Count(text, reference.find("blueprint:consumer.network.create.cidrBlock").meaning))
	for line := range strings.Lines(s.text(t)) {
		assert.LessOrEqual(t, len(line), 121, line)
	}
}

func TestEveryKeyOfABlueprintHasAMeaning(t *testing.T) {
	schema, err := readSchema()
	require.NoError(t, err)
	used := map[string]bool{}
	for _, blueprint := range config.Blueprints() {
		reference := newReference(blueprint, schema)
		for name := range proposals {
			used[name] = used[name] || len(reference.named(name)) > 0
		}
		for _, k := range reference.keys {
			assert.True(t, k.meaning != "" || k.path == nameKey, "%s of %s", k.path, blueprint.Name)
		}
	}
	for name, found := range used {
		assert.True(t, found, "a proposal for %s, which no blueprint has", name)
	}
}

func TestAnInterruptEndsAQuestion(t *testing.T) {
	reader, writer := io.Pipe()
	defer writer.Close()
	s := newTry(t, stackAccount(), "", "blueprint:name=shared-vpc-apis")
	s.In = reader
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Write(ctx, s.Options)
	assert.ErrorIs(t, err, context.Canceled)
}
