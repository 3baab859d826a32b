package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/internal/pulumitest"
)

// deployPrivateLink registers a load balancer behind PrivateLink that forwards
// to an instance.
func deployPrivateLink(t *testing.T) *pulumitest.Recorder {
	t.Helper()
	return deploy(t, func(ctx *pulumi.Context) error {
		balancer, err := NewNetworkLoadBalancer(ctx, "link", &NetworkLoadBalancerArgs{
			VpcId:       pulumi.String("vpc-1"),
			Nodes:       NodesIn(subnetsOf("private", privates)),
			Internal:    true,
			PrivateLink: true,
		})
		if err != nil {
			return err
		}
		_, err = NewListener(ctx, "link", &ListenerArgs{LoadBalancer: balancer, Targets: Targets{
			Type:          TargetInstance,
			Port:          8443,
			ProxyProtocol: true,
			List:          []Target{{Name: "web", Id: pulumi.String("i-1")}},
			Peers:         RangePeers(privates[:1]),
		}})
		return err
	})
}

func TestLoadBalancerBehindPrivateLinkIsReplacedBeforeItIsDeleted(t *testing.T) {
	stack := deployPrivateLink(t)
	assert.False(t, stack.Request(t, "link-nlb").DeleteBeforeReplace, "PrivateLink holds it until there is another")
	assert.Equal(t, []string{"link-nlb"}, pulumitest.NamesOf(stack.Request(t, "link-tg").ReplaceWith),
		"a target group cannot serve both load balancers")
}

func TestLoadBalancerBehindPrivateLinkIgnoresIngressRules(t *testing.T) {
	balancer := deployPrivateLink(t).Inputs(t, "link-nlb")
	assert.Equal(t, "off", balancer["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"],
		"a VPC link connects from addresses that no rule can name")
	assert.NotContains(t, balancer, "accessLogs")
}

func TestRulesDecideAboutPrivateLinkIfTheyNameItsConsumers(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		_, err := NewNetworkLoadBalancer(ctx, "link", &NetworkLoadBalancerArgs{
			VpcId: pulumi.String("vpc-1"), Nodes: NodesIn(subnetsOf("private", privates)), Internal: true,
			PrivateLink: true, Consumers: RangePeers(privates[:1]),
		})
		return err
	})
	assert.Equal(t, "on", stack.Inputs(t, "link-nlb")["enforceSecurityGroupInboundRulesOnPrivateLinkTraffic"])
	rule := stack.Inputs(t, "link-from-"+privates[0].String())
	assert.Equal(t, []any{privates[0].String(), "tcp", 443.0}, []any{rule["cidrIpv4"], rule["ipProtocol"], rule["toPort"]})
}
