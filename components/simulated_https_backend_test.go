package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/internal/pulumitest"
)

// newSimulatedBackend registers a simulated data center without a gate.
func newSimulatedBackend(ctx *pulumi.Context) (*SimulatedHttpsBackend, error) {
	return newGatedBackend(ctx, nil)
}

// newGatedBackend registers a simulated data center, whose targets wait for a gate unless it is nil.
func newGatedBackend(ctx *pulumi.Context, gate *ServerGateArgs) (*SimulatedHttpsBackend, error) {
	return NewSimulatedHttpsBackend(ctx, "far", &SimulatedHttpsBackendArgs{
		VpcId:          pulumi.String("vpc-2"),
		Subnets:        subnetsOf("far", publics),
		Clients:        RangePeers(privates[:1]),
		ServerName:     "backend.example.com",
		InstanceType:   "t4g.micro",
		CertificateArn: pulumi.String("certificate"),
		SslPolicy:      "policy",
		Gate:           gate,
	})
}

// deploySimulatedBackend deploys a simulated data center.
func deploySimulatedBackend(t *testing.T) *pulumitest.Recorder {
	t.Helper()
	return deploy(t, func(ctx *pulumi.Context) error {
		_, err := newSimulatedBackend(ctx)
		return err
	})
}

func TestSimulatedBackendIsAnAddressInEachSubnet(t *testing.T) {
	deploy(t, func(ctx *pulumi.Context) error {
		backend, err := newSimulatedBackend(ctx)
		if err != nil {
			return err
		}
		targets := backend.Targets
		assert.Equal(t, []any{TargetIp, 443}, []any{targets.Type, targets.Port})
		assert.Equal(t, []any{"us-east-1b", true}, []any{targets.List[1].Name, targets.List[1].OutsideVpc})
		assert.Equal(t, RangePeers(publics), targets.Peers, "AWS may choose any address of the subnets")
		ctx.Export("check", targets.List[1].Id.ToStringOutput().ApplyT(func(address string) string {
			assert.Equal(t, "address of eni-1 ELB far-alb.arnSuffix far-b", address,
				"its own address in the zone, in whatever order AWS lists them")
			return ""
		}))
		return nil
	})
}

func TestSimulatedBackendEncryptsUpToTheServers(t *testing.T) {
	stack := deploySimulatedBackend(t)
	balancer := stack.Inputs(t, "far-alb")
	assert.Equal(t, []any{"application", true, true},
		pick(balancer, "loadBalancerType", "internal", "dropInvalidHeaderFields"))
	assert.Equal(t, []any{"far-a", "far-b"}, balancer["subnets"])
	assert.Equal(t, []any{"far-sg.id"}, balancer["securityGroups"])
	assert.Equal(t, map[string]any{
		"loadBalancerArn": "far-alb.arn", "protocol": "HTTPS", "port": 443.0,
		"certificateArn": "certificate", "sslPolicy": "policy",
		"defaultActions": []any{map[string]any{"type": "forward", "targetGroupArn": "far-tg.arn"}},
	}, stack.Inputs(t, "far-listener"))
	group := stack.Inputs(t, "far-tg")
	assert.Equal(t, []any{"instance", "HTTPS", "vpc-2"}, pick(group, "targetType", "protocol", "vpcId"))
	assert.Equal(t, map[string]any{"protocol": "HTTPS", "port": "traffic-port", "path": "/"}, group["healthCheck"])
	assert.Equal(t, map[string]any{
		"targetGroupArn": "far-tg.arn", "targetId": "far-web-us-east-1b.id", "port": 443.0,
	}, stack.Inputs(t, "far-target-us-east-1b"))
}

func TestSimulatedBackendPassesOnlyFromItsClientsToTheServers(t *testing.T) {
	stack := deploySimulatedBackend(t)
	assert.Equal(t, httpsRule("securityGroupId", "far-sg.id", "cidrIpv4", "10.0.10.0/24"),
		stack.Inputs(t, "far-from-10.0.10.0/24"))
	assert.Equal(t, httpsRule("securityGroupId", "far-sg.id", "referencedSecurityGroupId", "far-web-sg.id"),
		stack.Inputs(t, "far-to-servers"))
	assert.Equal(t, httpsRule("securityGroupId", "far-web-sg.id", "referencedSecurityGroupId", "far-sg.id"),
		stack.Inputs(t, "far-web-from-alb"))
	assert.Len(t, stack.Names(ingressRule), 2, "nobody else")
}
