package tests

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox"
)

// levels is every rule with how its violation is enforced unless configured.
var levels = map[string]string{
	"apigw-policy-vpc-key-mismatch":   "mandatory",
	"apigw-private-needs-policy":      "mandatory",
	"nlb-vpce-az-align":               "mandatory",
	"vpce-multi-az":                   "advisory",
	"vpce-private-dns-vs-public-apis": "advisory",
	"vpce-sg-443":                     "advisory",
}

// A new network shows each fault before anything exists, once all exists, and
// in an exported state.
func TestEveryRuleSeesItsFault(t *testing.T) {
	s := newStack(t)
	s.options.Program = everyRule(true)
	assert.Equal(t, levels, violations(s.fails(func(ctx context.Context, box *sandbox.Sandbox) error { _, err := box.Preview(ctx); return err })), "first preview")
	assert.Equal(t, levels, violations(s.upFails()), "up")
	printed := s.fails(func(ctx context.Context, box *sandbox.Sandbox) error {
		return box.Exec(ctx, "pulumi", "policy", "analyze", "--file", s.exported(), "--policy-pack", "bin/policy")
	})
	assert.Equal(t, levels, violations(printed), "analysis")
}

// The same network without the faults is sound. The CLI shows no difference
// between a rule that passes and one that is undecided; the pack's own tests
// hold its recorded requests to that.
func TestNoRuleObjectsToTheSoundTwin(t *testing.T) {
	s := newStack(t)
	s.options.Program = everyRule(false)
	s.preview()
	s.up()
	state, config := s.exported(), filepath.Join(t.TempDir(), "config.json")
	analyze := func(text string) []string {
		require.NoError(t, os.WriteFile(config, []byte(text), 0o644))
		return []string{"policy", "analyze", "--file", state, "--policy-pack", "bin/policy", "--policy-pack-config", config}
	}
	printed := s.pulumi(analyze(`{"vpce-multi-az": {"minimumZones": 3}}`)...)
	assert.Equal(t, map[string]string{"vpce-multi-az": "advisory"}, violations(printed), "no rule but the one whose parameter asks for more")
	assert.Contains(t, printed, "want 3 zones")

	printed = s.pulumi(analyze(`{"vpce-multi-az": {"minimumZones": 3, "exceptions": [
		{"urn": "urn:pulumi:*::*::*VpcEndpoint::endpoint", "reason": "two are enough here"}]}}`)...)
	assert.Empty(t, violations(printed), "the violation is excepted")
	printed = s.pulumi(analyze(`{"vpce-multi-az": {"exceptions": [{"urn": "urn:pulumi:*::*::*VpcEndpoint::endpoint", "reason": "two are enough here"}]}}`)...)
	assert.Equal(t, map[string]string{"vpce-multi-az": "advisory"}, violations(printed))
	assert.Contains(t, printed, "matches no violation of this policy", "two are what is wanted")
	printed = s.fails(func(ctx context.Context, box *sandbox.Sandbox) error {
		return box.Exec(ctx, append([]string{"pulumi"}, analyze(`{"vpce-multi-az": {"exceptions": [{"urn": "urn:pulumi:*::*::*VpcEndpoint::endpoint"}]}}`)...)...)
	})
	assert.Contains(t, printed, "vpce-multi-az: exceptions.0: reason is required")
}

// exported is a file with the stack's state.
func (s *stack) exported() string {
	file := filepath.Join(s.t.TempDir(), "state.json")
	s.pulumi("stack", "export", "--file", file)
	return file
}

var violation = regexp.MustCompile(`\[(advisory|mandatory)\] \[severity: \w+\] +([a-z0-9-]+)`)

// violations are the policies that were violated, and at which level.
func violations(printed string) map[string]string {
	found := map[string]string{}
	for _, match := range violation.FindAllStringSubmatch(printed, -1) {
		found[match[2]] = match[1]
	}
	return found
}

// everyRule is a program that creates what the rules are about, with the fault
// of each of them or with none. Its policies hold literal ids: a text with an id
// that does not exist yet cannot be judged at the first preview.
func everyRule(faulty bool) sandbox.Program {
	return func(ctx *pulumi.Context, _ map[string]string) error {
		p := &network{ctx: ctx, faulty: faulty}
		p.vpc = p.add("aws:ec2/vpc:Vpc", "vpc", pulumi.Map{
			"cidrBlock": pulumi.String("10.0.0.0/16"), "enableDnsSupport": pulumi.Bool(true), "enableDnsHostnames": pulumi.Bool(true),
		})
		a, b := p.subnet("a", "10.0.0.0/24"), p.subnet("b", "10.0.1.0/24")
		p.balance(pulumi.Array{a, b}, p.endpoint(a, b))
		p.apis()
		return p.err
	}
}

// network is the program's resources as far as they are registered.
type network struct {
	ctx    *pulumi.Context
	faulty bool
	vpc    pulumi.Input
	err    error
}

// add registers a resource, unless an earlier one failed, and gives its id.
func (p *network) add(token, name string, inputs pulumi.Map) pulumi.Input {
	var r pulumi.CustomResourceState
	if p.err == nil {
		p.err = p.ctx.RegisterResource(token, name, inputs, &r)
	}
	return r.ID()
}

// either is the input with the fault or the sound one.
func (p *network) either(fault, sound pulumi.Input) pulumi.Input {
	if p.faulty {
		return fault
	}
	return sound
}

func (p *network) subnet(zone, block string) pulumi.Input {
	return p.add("aws:ec2/subnet:Subnet", zone, pulumi.Map{
		"vpcId": p.vpc, "cidrBlock": pulumi.String(block), "availabilityZone": pulumi.String("us-east-1" + zone),
	})
}

// endpoint has the faults of one zone, an open group, and private DNS beside a
// public API. It gives the addresses.
func (p *network) endpoint(a, b pulumi.Input) []string {
	group := p.add("aws:ec2/securityGroup:SecurityGroup", "endpoint", pulumi.Map{"vpcId": p.vpc})
	p.add("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "clients", pulumi.Map{
		"securityGroupId": group, "ipProtocol": pulumi.String("tcp"), "fromPort": pulumi.Int(443), "toPort": pulumi.Int(443),
		"cidrIpv4": p.either(pulumi.String("0.0.0.0/0"), pulumi.String("10.0.0.0/16")),
	})
	subnets, addresses := pulumi.Array{a, b}, []string{"10.0.0.110", "10.0.1.110"} // Not the first, which the load balancer may take.
	if p.faulty {
		subnets, addresses = subnets[:1], addresses[:1]
	}
	pinned := make(pulumi.Array, len(subnets))
	for i := range subnets {
		pinned[i] = pulumi.Map{"subnetId": subnets[i], "ipv4": pulumi.String(addresses[i])}
	}
	p.add("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", pulumi.Map{
		"vpcId": p.vpc, "vpcEndpointType": pulumi.String("Interface"), "serviceName": pulumi.String("com.amazonaws.us-east-1.execute-api"),
		"subnetIds": subnets, "subnetConfigurations": pinned, "securityGroupIds": pulumi.Array{group},
		"privateDnsEnabled": pulumi.Bool(p.faulty),
	})
	return addresses
}

// balance puts a load balancer in front of the addresses. One in two zones is at
// fault before an endpoint in one.
func (p *network) balance(subnets pulumi.Array, addresses []string) {
	balancer := p.add("aws:lb/loadBalancer:LoadBalancer", "front", pulumi.Map{
		"loadBalancerType": pulumi.String("network"), "internal": pulumi.Bool(true), "subnets": subnets,
	})
	targets := p.add("aws:lb/targetGroup:TargetGroup", "targets", pulumi.Map{
		"vpcId": p.vpc, "targetType": pulumi.String("ip"), "protocol": pulumi.String("TCP"), "port": pulumi.Int(443),
	})
	for _, address := range addresses {
		p.add("aws:lb/targetGroupAttachment:TargetGroupAttachment", address, pulumi.Map{"targetGroupArn": targets, "targetId": pulumi.String(address)})
	}
	p.add("aws:lb/listener:Listener", "listener", pulumi.Map{
		"loadBalancerArn": balancer, "protocol": pulumi.String("TCP"), "port": pulumi.Int(443),
		"defaultActions": pulumi.Array{pulumi.Map{"type": pulumi.String("forward"), "targetGroupArn": targets}},
	})
}

// apis are a public one and two private ones. One of these has a policy that
// denies everyone, the other has none.
func (p *network) apis() {
	p.api("public", "REGIONAL")
	p.policy("mistaken", p.api("mistaken", "PRIVATE"), p.either(pulumi.String("vpce-0123456789abcdef0"), pulumi.String("vpc-0123456789abcdef0")))
	if bare := p.api("bare", "PRIVATE"); !p.faulty {
		p.policy("bare", bare, pulumi.String("vpc-0123456789abcdef0"))
	}
}

func (p *network) api(name, endpointType string) pulumi.Input {
	return p.add("aws:apigateway/restApi:RestApi", name, pulumi.Map{"endpointConfiguration": pulumi.Map{"types": pulumi.String(endpointType)}})
}

func (p *network) policy(name string, api, source pulumi.Input) {
	p.add("aws:apigateway/restApiPolicy:RestApiPolicy", name, pulumi.Map{"restApiId": api, "policy": pulumi.Sprintf(
		`{"Version": "2012-10-17", "Statement": [
			{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*", "Condition": {"StringNotEquals": {"aws:SourceVpc": "%s"}}},
			{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}]}`, source)})
}
