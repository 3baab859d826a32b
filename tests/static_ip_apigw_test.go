package tests

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox"
)

func TestUpAndAgainAndDestroy(t *testing.T) {
	s := newStack(t)
	planned := s.preview()
	first := s.up()
	assert.Equal(t, planned.ChangeSummary["create"], (*first.Summary.ResourceChanges)["create"], "preview promises what up does")
	assert.Equal(t, "https://api.example.com/hello", first.Outputs["url"].Value)
	assert.Equal(t, "curl https://api.example.com/hello", first.Outputs["curl"].Value)
	assert.Len(t, first.Outputs["staticAddresses"].Value, 2, "one per zone")
	assertGolden(t, "static-ip-apigw.golden", s.state())

	assert.Empty(t, changes(s.up().Summary.ResourceChanges), "the same again changes nothing")
	assert.Empty(t, changes(s.refresh().Summary.ResourceChanges), "the account holds what the state says")
	assert.Empty(t, s.leftovers())

	s.destroy()
	assert.Empty(t, s.state())
	assert.Empty(t, s.leftovers())
}

// Every choice that the configuration gives deploys, twice, and the policies
// have nothing to say about it, at the first preview or later.
func TestEveryChoiceDeploys(t *testing.T) {
	for _, row := range []struct {
		why    string
		config []string
		extra  map[string]int // Resources by type, more or less than the dev stack has.
		curl   string
	}{
		{
			"private domain, IAM, POST, clients in the VPC, a gateway",
			[]string{
				"blueprint:domain.endpointType=private", "blueprint:api.authorization=AWS_IAM", "blueprint:api.httpMethod=POST",
				"blueprint:endpoint.clientCidrs[0]=10.0.0.0/16", "blueprint:endpoint.privateDnsEnabled=true", "blueprint:network.create.natGateways=Single",
			},
			map[string]int{
				"aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation": 1,
				"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":              1,
				"aws:ec2/natGateway:NatGateway":                                          1,
			},
			"curl -X POST --aws-sigv4 aws:amz:us-east-1:execute-api ",
		},
		{
			"existing certificate, API key, a third zone",
			append([]string{
				"blueprint:domain.createCertificate=false", "blueprint:domain.certificateArn=arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
				"blueprint:api.authorization=API_KEY", "blueprint:front.crossZone=true",
			}, thirdZone...),
			map[string]int{
				"aws:acm/certificate:Certificate": -1, "aws:acm/certificateValidation:CertificateValidation": -1,
				"aws:apigateway/usagePlanKey:UsagePlanKey": 1,
				"aws:ec2/eip:Eip":                          1, "aws:lb/targetGroupAttachment:TargetGroupAttachment": 1,
			},
			`curl -H "x-api-key: $(aws apigateway get-api-key --region us-east-1 --api-key `,
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			s := newStack(t, row.config...)
			assertDeploys(t, s, row.extra)
			assert.Contains(t, s.find("private-api-blueprints:blueprints:StaticIpApigw", "static-ip").Outputs["curl"], row.curl)
		})
	}
}

var thirdZone = []string{
	"blueprint:network.create.availabilityZones[2]=us-east-1c", "blueprint:network.create.publicSubnets[2]=10.0.2.0/24",
	"blueprint:network.create.privateSubnets[2]=10.0.12.0/24", "blueprint:endpoint.ipv4Addresses[2]=10.0.12.47",
}

func TestAnExistingNetworkIsUsedAndLeftAsItWas(t *testing.T) {
	s := newStack(t,
		"blueprint:network.existing.vpcId=vpc-0e1f2a3b4c5d6e7f8",
		"blueprint:network.existing.publicSubnetIds[0]=subnet-0a00000000000000a", "blueprint:network.existing.publicSubnetIds[1]=subnet-0b00000000000000b",
		"blueprint:network.existing.privateSubnetIds[0]=subnet-0a10000000000000a", "blueprint:network.existing.privateSubnetIds[1]=subnet-0b10000000000000b",
		"blueprint:endpoint.ipv4Addresses[0]=172.20.10.19", "blueprint:endpoint.ipv4Addresses[1]=172.20.11.31", "blueprint:api.cloudwatchRole=existing",
	)
	s.options.ConfigFile = without(t, s.options.ConfigFile, "blueprint:network")
	s.seedAccountRole()
	assertDeploys(t, s, map[string]int{"aws:apigateway/account:Account": -1, "awsx:ec2:Vpc": -1, "aws:ec2/routeTable:RouteTable": -4})
	assert.Equal(t, "vpc-0e1f2a3b4c5d6e7f8", s.find("aws:ec2/vpcEndpoint:VpcEndpoint", "static-ip-endpoint-vpce").Inputs["vpcId"])
	s.destroy()
	assert.Empty(t, s.leftovers())
}

// assertDeploys deploys a stack twice and compares its resources with those of
// the dev stack.
func assertDeploys(t *testing.T, s *stack, extra map[string]int) {
	t.Helper()
	s.preview()
	s.up()
	assert.Empty(t, changes(s.up().Summary.ResourceChanges), "the same again changes nothing")
	counts := s.counts()
	dev := goldenCounts(t, "static-ip-apigw.golden")
	for token, difference := range extra {
		assert.Equal(t, dev[token]+difference, counts[token], token)
	}
}

func TestAChangedPropertyChangesOnlyWhatHasIt(t *testing.T) {
	s := newStack(t)
	s.up()
	for _, row := range []struct {
		why    string
		config string
		want   map[string]int
	}{
		{"a rule more", "blueprint:front.allowedCidrs[1]=198.51.100.0/24", map[string]int{"create": 1}},
		{"that rule goes, and the listener and the front get another policy", "blueprint:front.sslPolicy=ELBSecurityPolicy-TLS13-1-3-2021-06", map[string]int{"delete": 1, "update": 2}},
		{"these go back, and the stage's settings change", "blueprint:api.loggingLevel=INFO", map[string]int{"update": 3}},
	} {
		s.set(row.config)
		assert.Equal(t, row.want, changes(s.up().Summary.ResourceChanges), row.why)
	}
}

// AWS serves the snapshot that a deployment took: what changes in the policy or
// the routes must be in a new one, and the stage must move to it before the old
// one goes.
func TestAChangedRouteCutsANewDeployment(t *testing.T) {
	s := newStack(t)
	s.up()
	before := s.find("aws:apigateway/deployment:Deployment", "static-ip-deployment")
	for _, config := range []string{"blueprint:api.httpMethod=POST", "blueprint:api.path=bye"} {
		s.set(config)
		s.up()
		after := s.find("aws:apigateway/deployment:Deployment", "static-ip-deployment")
		assert.NotEqual(t, before.ID, after.ID, config)
		assert.Equal(t, string(after.ID), s.find("aws:apigateway/stage:Stage", "static-ip-stage").Outputs["deployment"], config)
		before = after
	}
	assert.Empty(t, s.leftovers(), "no method or path of before")
}

// The addresses are what partners have in their firewalls.
func TestAddressesOutliveTheLoadBalancer(t *testing.T) {
	s := newStack(t)
	before := s.up().Outputs["staticAddresses"].Value
	balancer := s.find("aws:lb/loadBalancer:LoadBalancer", "static-ip-nlb").ID
	s.set("blueprint:network.create.publicSubnets[0]=10.0.20.0/24", "blueprint:network.create.publicSubnets[1]=10.0.21.0/24")
	after := s.up()
	assert.NotEqual(t, balancer, s.find("aws:lb/loadBalancer:LoadBalancer", "static-ip-nlb").ID, "other subnets make another load balancer")
	assert.Equal(t, before, after.Outputs["staticAddresses"].Value)
}

func TestAnAddressIsNotGivenBackByAccident(t *testing.T) {
	s := newStack(t, thirdZone...)
	s.up()
	s.set()
	assert.Contains(t, s.upFails(), "cannot be deleted\n")
	assert.NotEmpty(t, s.find("aws:ec2/eip:Eip", "static-ip-us-east-1c").ID)

	printed := s.fails(func(ctx context.Context, box *sandbox.Sandbox) error { return box.Destroy(ctx) })
	assert.Contains(t, printed, "because it is protected")
}

func TestAnEndpointIsReplacedAtItsOwnAddresses(t *testing.T) {
	s := newStack(t)
	s.up()
	before := s.find("aws:ec2/vpcEndpoint:VpcEndpoint", "static-ip-endpoint-vpce")
	s.pulumi("state", "taint", "--yes", string(before.URN))
	s.up()
	after := s.find("aws:ec2/vpcEndpoint:VpcEndpoint", "static-ip-endpoint-vpce")
	assert.NotEqual(t, before.ID, after.ID)
	assert.Equal(t, before.Outputs["subnetConfigurations"], after.Outputs["subnetConfigurations"])
	assert.Equal(t, []any{string(after.ID)}, s.find("aws:apigateway/restApi:RestApi", "static-ip-api").Outputs["endpointConfiguration"].(map[string]any)["vpcEndpointIds"], "the API follows")
	assert.Equal(t, after.Outputs["dnsEntries"].([]any)[0].(map[string]any)["dnsName"],
		s.find("aws:route53/record:Record", "static-ip-dns-inside-a").Outputs["aliases"].([]any)[0].(map[string]any)["name"], "the name in the VPC follows")
}

func TestRefreshSeesWhatWasDeletedByHandAndUpMakesItAgain(t *testing.T) {
	s := newStack(t)
	s.up()
	listener := s.find("aws:lb/listener:Listener", "static-ip-listener")
	_, err := s.run(func(_ context.Context, box *sandbox.Sandbox) error {
		return box.Account().Delete("us-east-1", string(listener.Type), string(listener.ID))
	})
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"delete": 1}, changes(s.refresh().Summary.ResourceChanges))
	assert.Equal(t, map[string]int{"create": 1}, changes(s.up().Summary.ResourceChanges))
	assert.NotEqual(t, listener.ID, s.find("aws:lb/listener:Listener", "static-ip-listener").ID)
}

func TestBadConfigurationRegistersNothing(t *testing.T) {
	s := newStack(t, "blueprint:front.allowedCidrs[0]=anyone", "blueprint:api.authorisation=NONE")
	printed := s.upFails()
	assert.Contains(t, printed, "the stack configuration has 2 problem(s); nothing was registered:")
	assert.Contains(t, printed, `blueprint:front.allowedCidrs[0] = "anyone": want an address range in CIDR notation`)
	assert.Contains(t, printed, `blueprint:api.authorisation: unknown key, did you mean "authorization"?`)
	for _, r := range s.state() {
		assert.Equal(t, "pulumi", string(r.Type.Package()), "%s was registered", r.URN)
	}
	assert.Empty(t, s.leftovers())
}

// What AWS refuses reaches the user with AWS's code, and what was made before
// is kept in the state.
func TestARefusalOfAwsIsShown(t *testing.T) {
	s := newStack(t, "blueprint:domain.createCertificate=false", "blueprint:domain.certificateArn=arn:aws:acm:us-east-1:123456789012:certificate/99999999-1234-1234-1234-123456789012")
	assert.Contains(t, s.upFails(), "BadRequestException: The provided certificate does not exist: arn:aws:acm:us-east-1:123456789012:certificate/99999999-")
	assert.Empty(t, s.leftovers())
	s.set()
	s.up()
}

// The policies see a fault at preview, before anything exists.
func TestPoliciesSpeakAtPreview(t *testing.T) {
	s := newStack(t, "blueprint:endpoint.clientCidrs[0]=0.0.0.0/0")
	printed, err := s.run(func(ctx context.Context, box *sandbox.Sandbox) error { _, err := box.Preview(ctx); return err })
	assert.NoError(t, err, "endpoint-security-group advises")
	assert.Regexp(t, `\[advisory\].* endpoint-security-group `, printed, "as assertNoViolation looks for it")
	s.close()
	s.options.NoPolicy = true
	printed, err = s.run(func(ctx context.Context, box *sandbox.Sandbox) error { _, err := box.Preview(ctx); return err })
	assert.NoError(t, err)
	assert.NotContains(t, printed, "endpoint-security-group")
}

// An exported state can be audited without the program or the account.
func TestPolicyAnalyzeReadsAnExportedState(t *testing.T) {
	s := newStack(t, "blueprint:endpoint.clientCidrs[0]=0.0.0.0/0")
	_, err := s.run(func(ctx context.Context, box *sandbox.Sandbox) error { _, err := box.Up(ctx); return err })
	require.NoError(t, err, "the rule advises")
	file, config := filepath.Join(t.TempDir(), "state.json"), filepath.Join(t.TempDir(), "config.json")
	s.pulumi("stack", "export", "--file", file)
	require.NoError(t, os.WriteFile(config, []byte(`{"endpoint-security-group": "mandatory"}`), 0o644))
	assert.Contains(t, s.pulumi("policy", "analyze", "--file", file, "--policy-pack", "bin/policy"), "endpoint-security-group")
	printed := s.fails(func(ctx context.Context, box *sandbox.Sandbox) error {
		return box.Exec(ctx, "pulumi", "policy", "analyze", "--file", file, "--policy-pack", "bin/policy", "--policy-pack-config", config)
	})
	assert.Contains(t, printed, "endpoint-security-group")
}

// lines are the resources of a state, one a line, by type, name and parent; the
// stack, which is named after the project, goes without a name.
func lines(resources []apitype.ResourceV3) []string {
	name := func(urn resource.URN) string {
		if urn == "" || urn.QualifiedType() == resource.RootStackType {
			return "-"
		}
		return urn.Name()
	}
	list := []string{}
	for _, r := range resources {
		list = append(list, fmt.Sprintf("%s %s parent=%s protect=%t", r.Type, name(r.URN), name(r.Parent), r.Protect))
	}
	return list
}
