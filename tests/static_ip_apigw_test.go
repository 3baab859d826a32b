package tests

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox"
	"private-api-blueprints/sandbox/catalog"
)

// The types of resources that several tests name.
const (
	deploymentType   = "aws:apigateway/deployment:Deployment"
	restAPIType      = "aws:apigateway/restApi:RestApi"
	stageType        = "aws:apigateway/stage:Stage"
	elasticIPType    = "aws:ec2/eip:Eip"
	endpointType     = "aws:ec2/vpcEndpoint:VpcEndpoint"
	listenerType     = "aws:lb/listener:Listener"
	loadBalancerType = "aws:lb/loadBalancer:LoadBalancer"
	recordType       = "aws:route53/record:Record"
	ingressRuleType  = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
)

func TestStaticIpApigwIsDeployedAndDestroyed(t *testing.T) {
	s := newStack(t)
	planned := s.preview()
	first := s.up()
	assert.Equal(t, planned.ChangeSummary["create"], (*first.Summary.ResourceChanges)["create"],
		"up creates what preview announces")
	assert.Equal(t, "https://api.example.com/hello", first.Outputs["url"].Value)
	assert.Equal(t, "curl https://api.example.com/hello", first.Outputs["curl"].Value)
	assert.Len(t, first.Outputs["staticAddresses"].Value, 2, "one per zone")
	assertGolden(t, "static-ip-apigw.golden", s.state())
	s.assertPromises()
	assertRecorded(t, "static-ip-apigw", s.state())
	s.assertWitnessesAgree("static-ip-apigw")

	s.assertUpChangesNothing()
	s.assertRefreshChangesNothing()
	s.assertNothingLeft()

	s.destroy()
	assert.Empty(t, s.state())
	s.assertNothingLeft()
}

// Each stack is deployed twice, and no policy objects, neither at the first preview nor later.
func TestEveryChoiceOfTheConfigurationDeploys(t *testing.T) {
	for _, row := range []struct {
		why    string
		config []string
		extra  map[string]int // How many more resources than the example this stack has, by type.
		curl   string
	}{
		{
			"private domain, IAM, POST, clients in the VPC, a gateway",
			[]string{
				"blueprint:domain.endpointType=private", "blueprint:api.authorization=AWS_IAM",
				"blueprint:api.httpMethod=POST", "blueprint:endpoint.clientCidrs[0]=10.0.0.0/16",
				"blueprint:endpoint.privateDnsEnabled=true", "blueprint:network.create.natGateways=Single",
				"blueprint:alarms.createTopic=true", "blueprint:alarms.emails[0]=alarms@example.com",
				"blueprint:alarms.dashboard=true",
				"blueprint:api.tracing=true", "blueprint:function.reservedConcurrency=5",
				"blueprint:api.webAclArn=" + webACL, "blueprint:api.logKmsKeyArn=" + kmsKey,
				"blueprint:front.accessLogs.kmsKeyArn=" + kmsKey,
				"blueprint:network.create.flowLogs.trafficType=ALL",
			},
			map[string]int{
				"aws:ec2/flowLog:FlowLog": 1, "aws:iam/rolePolicy:RolePolicy": 1, "aws:iam/role:Role": 1,
				"aws:cloudwatch/logGroup:LogGroup":       1,
				"aws:cloudwatch/dashboard:Dashboard":     1,
				"aws:cloudwatch/metricAlarm:MetricAlarm": 10, "aws:sns/topicSubscription:TopicSubscription": 1,
				"aws:iam/rolePolicyAttachment:RolePolicyAttachment":                                          1,
				"aws:wafv2/webAclAssociation:WebAclAssociation":                                              1,
				"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": 1,
				"aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation":                     1,
				ingressRuleType: 1, "aws:ec2/natGateway:NatGateway": 1,
			},
			"curl -X POST --aws-sigv4 aws:amz:us-east-1:execute-api ",
		},
		{
			"existing certificate, API key, a third zone",
			append([]string{
				"blueprint:domain.createCertificate=false",
				"blueprint:domain.certificateArn=" + existingCertificate,
				"blueprint:api.authorization=API_KEY", "blueprint:front.crossZone=true",
				"blueprint:api.quota.requests=5000", "blueprint:api.quota.period=MONTH",
			}, thirdZone...),
			map[string]int{
				"aws:acm/certificate:Certificate": -1, "aws:acm/certificateValidation:CertificateValidation": -1,
				"aws:apigateway/usagePlanKey:UsagePlanKey": 1,
				elasticIPType: 1, "aws:lb/targetGroupAttachment:TargetGroupAttachment": 1,
			},
			`curl -H "x-api-key: $(aws apigateway get-api-key --region us-east-1 --api-key `,
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			s := newStack(t, row.config...)
			s.assertDeploys(row.extra)
			outputs := s.find("private-api-blueprints:blueprints:StaticIpApigw", "static-ip").Outputs
			assert.Contains(t, outputs["curl"], row.curl)
		})
	}
}

// existingCertificate is the certificate that the simulated account holds from the start.
const existingCertificate = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"

// webACL is the ARN of a web ACL, which the simulated account takes to exist.
const webACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/apis/a1b2c3d4-5678-90ab-cdef-1234567890ab"

// kmsKey is the ARN of a KMS key, which the simulated account takes to exist.
const kmsKey = "arn:aws:kms:us-east-1:123456789012:key/a1b2c3d4-5678-90ab-cdef-1234567890ab"

var thirdZone = []string{
	"blueprint:network.create.availabilityZones[2]=us-east-1c",
	"blueprint:network.create.publicSubnets[2]=10.0.2.0/24", "blueprint:network.create.privateSubnets[2]=10.0.12.0/24",
	"blueprint:endpoint.ipv4Addresses[2]=10.0.12.47",
}

// existingNetwork puts static-ip-apigw into the network that the simulated account holds from the start.
var existingNetwork = []string{
	"blueprint:network.existing.vpcId=vpc-0e1f2a3b4c5d6e7f8",
	"blueprint:network.existing.publicSubnetIds[0]=subnet-0a00000000000000a",
	"blueprint:network.existing.publicSubnetIds[1]=subnet-0b00000000000000b",
	"blueprint:network.existing.privateSubnetIds[0]=subnet-0a10000000000000a",
	"blueprint:network.existing.privateSubnetIds[1]=subnet-0b10000000000000b",
	"blueprint:endpoint.ipv4Addresses[0]=172.20.10.19", "blueprint:endpoint.ipv4Addresses[1]=172.20.11.31",
}

func TestAnExistingNetworkIsUsedAndLeftAsItWas(t *testing.T) {
	s := newStack(t, append(existingNetwork, "blueprint:api.cloudwatchRole=existing")...)
	s.options.ConfigFile = without(t, s.options.ConfigFile, "blueprint:network")
	s.seedAccountRole()
	s.assertDeploys(map[string]int{
		"aws:apigateway/account:Account": -1, "awsx:ec2:Vpc": -1, "aws:ec2/routeTable:RouteTable": -4,
	})
	assert.Equal(t, "vpc-0e1f2a3b4c5d6e7f8", s.find(endpointType, "static-ip-endpoint-vpce").Inputs["vpcId"])
	s.destroy()
	s.assertNothingLeft()
}

// assertDeploys deploys the stack twice and compares the numbers of its resources with those of the example.
func (s *stack) assertDeploys(extra map[string]int) {
	s.t.Helper()
	s.preview()
	s.up()
	s.assertUpChangesNothing()
	counts := s.counts()
	dev := goldenCounts(s.t, "static-ip-apigw.golden")
	for token, difference := range extra {
		assert.Equal(s.t, dev[token]+difference, counts[token], token)
	}
}

func TestAChangedSettingChangesOnlyTheResourcesThatHaveIt(t *testing.T) {
	s := newStack(t)
	s.up()
	for _, row := range []struct {
		why    string
		config string
		want   map[string]int
	}{
		{
			"one more rule, and other promises",
			"blueprint:front.allowedCidrs[1]=198.51.100.0/24", map[string]int{"create": 1, "update": 1},
		},
		{
			"the rule and its promises go, and the listener and the front get another policy",
			"blueprint:front.sslPolicy=ELBSecurityPolicy-TLS13-1-3-2021-06", map[string]int{"delete": 1, "update": 3},
		},
		{
			"both get the default policy again, and the stage's settings change",
			"blueprint:api.loggingLevel=INFO", map[string]int{"update": 3},
		},
	} {
		s.set(row.config)
		assert.Equal(t, row.want, changes(s.up().Summary.ResourceChanges), row.why)
	}
}

// AWS serves the snapshot that a deployment took. A changed policy or route needs a new deployment, and the stage must
// move to it before the old one is deleted.
func TestAChangedRouteCreatesANewDeployment(t *testing.T) {
	s := newStack(t)
	s.up()
	before := s.find(deploymentType, "static-ip-deployment")
	for _, config := range []string{"blueprint:api.httpMethod=POST", "blueprint:api.path=bye"} {
		s.set(config)
		s.up()
		after := s.find(deploymentType, "static-ip-deployment")
		assert.NotEqual(t, before.ID, after.ID, config)
		assert.Equal(t, string(after.ID), s.find(stageType, "static-ip-stage").Outputs["deployment"], config)
		before = after
	}
	s.assertNothingLeft()
}

// Partners have these addresses in their firewalls.
func TestTheStaticAddressesOutliveTheLoadBalancer(t *testing.T) {
	s := newStack(t)
	before := s.up().Outputs["staticAddresses"].Value
	balancer := s.find(loadBalancerType, "static-ip-nlb").ID
	s.set(
		"blueprint:network.create.publicSubnets[0]=10.0.20.0/24",
		"blueprint:network.create.publicSubnets[1]=10.0.21.0/24",
	)
	after := s.up()
	assert.NotEqual(t, balancer, s.find(loadBalancerType, "static-ip-nlb").ID,
		"other subnets replace the load balancer")
	assert.Equal(t, before, after.Outputs["staticAddresses"].Value)
}

func TestAProtectedAddressIsNotReleasedByAccident(t *testing.T) {
	s := newStack(t, thirdZone...)
	s.up()
	s.set()
	assert.Contains(t, s.fails(up), "cannot be deleted\n")
	assert.NotEmpty(t, s.find(elasticIPType, "static-ip-us-east-1c").ID)
	assert.Contains(t, s.fails(destroy), "because it is protected")
}

// TestADestroyStopsAtABucketWithAccessLogs has a load balancer that has served one
// request.
func TestADestroyStopsAtABucketWithAccessLogs(t *testing.T) {
	s := newStack(t, "blueprint:front.accessLogs.forceDestroy=false")
	s.up()
	s.pulumi("state", "unprotect", "--all", "--yes")
	balancer := string(s.find(loadBalancerType, "static-ip-nlb").ID)
	_, err := s.run(func(_ context.Context, box *sandbox.Sandbox) error {
		_, err := catalog.ServeRequest(box.Account(), "us-east-1", balancer)
		return err
	})
	require.NoError(t, err)
	assert.Contains(t, s.fails(destroy), "BucketNotEmpty: The bucket you tried to delete is not empty")

	s.set("blueprint:front.accessLogs.forceDestroy=true")
	s.up()
	s.destroy()
	assert.Empty(t, s.state())
}

func TestAReplacedEndpointKeepsItsAddresses(t *testing.T) {
	s := newStack(t)
	s.options.Repeatable = false // A resource that replaces another one has another ID.
	s.up()
	before, deployed := s.find(endpointType, "static-ip-endpoint-vpce"), s.find(deploymentType, "static-ip-deployment")
	s.pulumi("state", "taint", "--yes", string(before.URN))
	s.up()
	after := s.find(endpointType, "static-ip-endpoint-vpce")
	assert.NotEqual(t, before.ID, after.ID)
	assert.Equal(t, before.Outputs["subnetConfigurations"], after.Outputs["subnetConfigurations"])
	api := s.find(restAPIType, "static-ip-api").Outputs["endpointConfiguration"].(map[string]any)
	assert.Equal(t, []any{string(after.ID)}, api["vpcEndpointIds"], "the API admits the new endpoint")
	assert.NotEqual(t, deployed.ID, s.find(deploymentType, "static-ip-deployment").ID, "and is deployed with it")
	alias := s.find(recordType, "static-ip-dns-inside-a").Outputs["aliases"].([]any)[0].(map[string]any)
	assert.Equal(t, after.Outputs["dnsEntries"].([]any)[0].(map[string]any)["dnsName"], alias["name"],
		"the name in the VPC leads to the new endpoint")
}

func TestUpCreatesAgainWhatSomeoneDeletedByHand(t *testing.T) {
	s := newStack(t)
	s.options.Repeatable = false // A resource that replaces another one has another ID.
	s.up()
	listener := s.find(listenerType, "static-ip-listener")
	_, err := s.run(func(_ context.Context, box *sandbox.Sandbox) error {
		return box.Account().Delete("us-east-1", string(listener.Type), string(listener.ID))
	})
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"delete": 1}, changes(s.refresh().Summary.ResourceChanges))
	assert.Equal(t, map[string]int{"create": 1}, changes(s.up().Summary.ResourceChanges))
	assert.NotEqual(t, listener.ID, s.find(listenerType, "static-ip-listener").ID)
}

func TestAPreviewWarnsOfALongResourcePolicy(t *testing.T) {
	change := []string{"blueprint:api.authorization=AWS_IAM", "blueprint:api.routes[0].path=open",
		"blueprint:api.routes[0].authorization=NONE"}
	for i := 1; i <= 10; i++ {
		change = append(change, fmt.Sprintf("blueprint:api.routes[%d].path=%d%s", i, i, strings.Repeat("x", 900)))
	}
	s := newStack(t, change...)
	s.preview()
	assert.Contains(t, s.printed.String(), "blueprint:api: the resource policy has ")
}

func TestAConfigurationWithProblemsRegistersNothing(t *testing.T) {
	s := newStack(t, "blueprint:front.allowedCidrs[0]=anyone", "blueprint:api.authorisation=NONE")
	printed := s.fails(up)
	assert.Contains(t, printed, "the stack configuration has 2 problems; nothing was created or changed on AWS:")
	assert.Contains(t, printed, `blueprint:front.allowedCidrs[0] = "anyone": want an address range in CIDR notation`)
	assert.Contains(t, printed, `blueprint:api.authorisation: unknown key, did you mean "authorization"?`)
	for _, r := range s.state() {
		assert.Equal(t, "pulumi", string(r.Type.Package()), "%s was registered", r.URN)
	}
	s.assertNothingLeft()
}

// What was created before the refusal is kept in the state.
func TestTheUserSeesTheErrorCodeOfAWS(t *testing.T) {
	const missing = "arn:aws:acm:us-east-1:123456789012:certificate/99999999-1234-1234-1234-123456789012"
	s := newStack(t, "blueprint:domain.createCertificate=false", "blueprint:domain.certificateArn="+missing)
	assert.Contains(t, s.fails(up), "BadRequestException: The provided certificate does not exist: "+missing)
	s.assertNothingLeft()
	s.set()
	s.up()
}

func TestPoliciesReportAtPreview(t *testing.T) {
	s := newStack(t, "blueprint:endpoint.clientCidrs[0]=0.0.0.0/0")
	printed, err := s.run(preview)
	assert.NoError(t, err, "an open endpoint is advisory")
	assert.Regexp(t, `\[advisory\].* endpoint-security-group `, printed, "assertNoViolation looks for this")
	s.close()
	s.options.NoPolicy = true
	printed, err = s.run(preview)
	assert.NoError(t, err)
	assert.NotContains(t, printed, "endpoint-security-group")
}

// The audit needs neither the program nor the account.
func TestPolicyAnalyzeReadsAnExportedState(t *testing.T) {
	s := newStack(t, "blueprint:endpoint.clientCidrs[0]=0.0.0.0/0")
	_, err := s.run(up)
	require.NoError(t, err, "an open endpoint is advisory")
	state, config := s.exported(), filepath.Join(t.TempDir(), "config.json")
	levels := `{"endpoint-security-group": {"levels": {"open-to-everyone": "mandatory"}}}`
	require.NoError(t, os.WriteFile(config, []byte(levels), 0o644))
	analyze := []string{"policy", "analyze", "--file", state, "--policy-pack", "bin/policy"}
	assert.Contains(t, s.pulumi(analyze...), "endpoint-security-group")
	printed := s.fails(func(ctx context.Context, box *sandbox.Sandbox) error {
		return box.Exec(ctx, append(append([]string{"pulumi"}, analyze...), "--policy-pack-config", config)...)
	})
	assert.Contains(t, printed, "endpoint-security-group")
}
