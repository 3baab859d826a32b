package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

func TestSecurityGroupHasARulePerPeer(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		_, err := NewSecurityGroup(ctx, "group", &SecurityGroupArgs{
			VpcId:       pulumi.String("vpc-1"),
			Description: "Tested",
			Ingress:     RangePeers(privates),
			Egress:      append(HostPeers(pinned[:1]), Peer{Name: "nlb", SecurityGroupId: pulumi.String("sg-nlb")}),
		})
		return err
	})
	assert.Equal(t, map[string]any{"vpcId": "vpc-1", "description": "Tested"}, stack.Inputs(t, "group-sg"))
	assert.Equal(t, []string{"group-from-10.0.10.0/24", "group-from-10.0.11.0/24"}, stack.Names(ingressRule))
	assert.Equal(t, []string{"group-to-10.0.10.19/32", "group-to-nlb"}, stack.Names(egressRule))
	assert.Equal(t, httpsRule("securityGroupId", "group-sg.id", "referencedSecurityGroupId", "sg-nlb"),
		stack.Inputs(t, "group-to-nlb"))
}
