package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

func TestComponentKnowsItsChildrenWhenItsConstructorReturns(t *testing.T) {
	deploy(t, func(ctx *pulumi.Context) error {
		front, err := NewEndpointFront(ctx, "front", &EndpointFrontArgs{
			LoadBalancer:   NetworkLoadBalancerArgs{VpcId: pulumi.String("vpc-1")},
			Endpoint:       endpointStub(),
			CertificateArn: pulumi.String("certificate"),
			SslPolicy:      "policy",
		})
		if err != nil {
			return err
		}
		assert.Len(t, front.trackedChildren(), 8, "a security group, a load balancer, "+
			"a target group with two targets, a listener and a rule each way, those of nested components included")
		return nil
	})
}
