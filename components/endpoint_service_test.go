package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/internal/pulumitest"
)

// newService registers an endpoint service and its load balancer.
func newService(ctx *pulumi.Context, acceptanceRequired bool) (*EndpointService, error) {
	args := &NetworkLoadBalancerArgs{VpcId: pulumi.String("vpc-1"), Internal: true, PrivateLink: true}
	balancer, err := NewNetworkLoadBalancer(ctx, "front", args)
	if err != nil {
		return nil, err
	}
	target := Target{Name: "a", Id: pulumi.String("10.0.10.19")}
	listener, err := NewListener(ctx, "front", &ListenerArgs{
		LoadBalancer: balancer,
		Targets:      Targets{Type: TargetIp, Port: 443, List: []Target{target}},
	})
	if err != nil {
		return nil, err
	}
	return NewEndpointService(ctx, "h2", &EndpointServiceArgs{
		Listener:           listener,
		PrivateDnsName:     "h2.example.com",
		PublicZoneId:       "Z1",
		AllowedPrincipals:  []string{"arn:aws:iam::123456789012:root"},
		AcceptanceRequired: acceptanceRequired,
	})
}

// deployService deploys an endpoint service that accepts each endpoint.
func deployService(t *testing.T) *pulumitest.Recorder {
	t.Helper()
	return deploy(t, func(ctx *pulumi.Context) error {
		_, err := newService(ctx, true)
		return err
	})
}

func TestEndpointServiceIsOfferedOnceItsListenerForwards(t *testing.T) {
	stack := deployService(t)
	assert.Equal(t, map[string]any{
		"acceptanceRequired": true, "allowedPrincipals": []any{"arn:aws:iam::123456789012:root"},
		"networkLoadBalancerArns": []any{"front-nlb.arn"}, "privateDnsName": "h2.example.com",
		"supportedIpAddressTypes": []any{"ipv4"},
	}, stack.Inputs(t, "h2-service"))
	assert.Subset(t, stack.Dependencies(t, "h2-service"), []string{"front-listener", "front-target-a"},
		"consumers come, or move to another load balancer, when it forwards")
}

func TestEndpointServiceProvesWhoOwnsItsName(t *testing.T) {
	stack := deployService(t)
	assert.Equal(t, map[string]any{
		"zoneId": "Z1", "name": "_x.h2.example.com", "type": "TXT", "records": []any{"vpce:y"}, "ttl": 300.0,
	}, stack.Inputs(t, "h2-proof"))
	assert.Equal(t, map[string]any{"serviceId": "h2-service.id", "waitForVerification": true},
		stack.Inputs(t, "h2-verified"))
	assert.Contains(t, stack.Dependencies(t, "h2-verified"), "h2-proof", "AWS looks for it")
	assert.Equal(t, []string{"h2-proof"}, pulumitest.NamesOf(stack.Request(t, "h2-verified").ReplaceWith),
		"another name must be verified again")
}
