package components

import (
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

// offer registers a service behind a load balancer.
func offer(ctx *pulumi.Context, acceptanceRequired bool) (*EndpointService, error) {
	balancer, err := NewNetworkLoadBalancer(ctx, "front", &NetworkLoadBalancerArgs{VpcId: pulumi.String("vpc-1"), Internal: true, PrivateLink: true})
	if err != nil {
		return nil, err
	}
	listener, err := NewListener(ctx, "front", &ListenerArgs{LoadBalancer: balancer, Targets: Targets{Type: "ip", Port: 443, List: []Target{{Name: "a", Id: pulumi.String("10.0.10.19")}}}})
	if err != nil {
		return nil, err
	}
	return NewEndpointService(ctx, "h2", &EndpointServiceArgs{
		Listener: listener, PrivateDnsName: "h2.example.com", PublicZoneId: "Z1",
		AllowedPrincipals: []string{"arn:aws:iam::123456789012:root"}, AcceptanceRequired: acceptanceRequired,
	})
}

func TestEndpointServiceProvesItsName(t *testing.T) {
	tp := record(t, func(ctx *pulumi.Context) error {
		_, err := offer(ctx, true)
		return err
	})
	assert.Equal(t, map[string]any{
		"acceptanceRequired": true, "allowedPrincipals": []any{"arn:aws:iam::123456789012:root"}, "networkLoadBalancerArns": []any{"front-nlb.arn"},
		"privateDnsName": "h2.example.com", "supportedIpAddressTypes": []any{"ipv4"},
	}, tp.inputs(t, "h2-service"))
	assert.Subset(t, tp.waitsFor(t, "h2-service"), []string{"front-listener", "front-target-a"}, "consumers come, or move to another load balancer, when it forwards")
	assert.Equal(t, map[string]any{
		"zoneId": "Z1", "name": "_x.h2.example.com", "type": "TXT", "records": []any{"vpce:y"}, "ttl": 300.0,
	}, tp.inputs(t, "h2-proof"))
	assert.Equal(t, map[string]any{"serviceId": "h2-service.id", "waitForVerification": true}, tp.inputs(t, "h2-verified"))
	assert.Contains(t, tp.waitsFor(t, "h2-verified"), "h2-proof", "AWS looks for it")
	assert.Equal(t, []string{"h2-proof"}, namesOf(tp.resources["h2-verified"].rpc.ReplaceWith), "another name is verified anew")
}

// use registers an endpoint for a service, in another account.
func use(ctx *pulumi.Context, service *EndpointService, change func(*ServiceEndpointArgs)) error {
	other, err := NewRoleProvider(ctx, "other", "arn:aws:iam::111122223333:role/consumer", "us-east-1", pulumi.Parent(service))
	if err != nil {
		return err
	}
	args := &ServiceEndpointArgs{
		Service: service, VpcId: pulumi.String("vpc-2"), Subnets: subnetsOf("private", privates), PrivateDnsEnabled: true,
		ClientCidrs: []netip.Prefix{netip.MustParsePrefix("10.6.0.0/16")},
	}
	change(args)
	_, err = NewServiceEndpoint(ctx, "consumer", args, pulumi.Providers(other))
	return err
}

// AWS refuses private DNS to an endpoint that waits for its acceptance, and
// before the name is verified.
func TestServiceEndpointIsAcceptedBeforeItHasPrivateDns(t *testing.T) {
	tp := record(t, func(ctx *pulumi.Context) error {
		service, err := offer(ctx, true)
		if err != nil {
			return err
		}
		return use(ctx, service, func(*ServiceEndpointArgs) {})
	})
	assert.Equal(t, map[string]any{
		"vpcId": "vpc-2", "serviceName": "h2-service.serviceName", "vpcEndpointType": "Interface", "ipAddressType": "ipv4",
		"subnetIds": []any{"private-a", "private-b"}, "securityGroupIds": []any{"consumer-sg.id"},
	}, tp.inputs(t, "consumer-vpce"), "neither private DNS, which another resource has, nor fixed addresses")
	assert.Equal(t, map[string]any{"vpcEndpointId": "consumer-vpce.id", "vpcEndpointServiceId": "h2-service.id"}, tp.inputs(t, "consumer-accepted"))
	assert.Equal(t, map[string]any{"vpcEndpointId": "consumer-vpce.id", "privateDnsEnabled": true}, tp.inputs(t, "consumer-private-dns"))
	assert.Subset(t, tp.waitsFor(t, "consumer-private-dns"), []string{"consumer-accepted", "h2-verified"})
	assert.True(t, tp.resources["consumer-accepted"].rpc.GetRetainOnDelete(), "to delete it is to reject the endpoint")
	assert.True(t, tp.resources["consumer-vpce"].rpc.DeleteBeforeReplace, "the name is taken until it is gone")
	assert.Equal(t, "10.6.0.0/16", tp.inputs(t, "consumer-from-10.6.0.0/16")["cidrIpv4"])

	for name, others := range map[string]bool{"consumer-vpce": true, "consumer-sg": true, "consumer-private-dns": true, "consumer-accepted": false, "h2-service": false} {
		assert.Equal(t, others, tp.resources[name].rpc.Provider != "", "%s belongs to the other account", name)
	}
	assert.Equal(t, map[string]any{"roleArn": "arn:aws:iam::111122223333:role/consumer"}, tp.inputs(t, "other")["assumeRole"])
}

func TestServiceEndpointThatNobodyHasToAccept(t *testing.T) {
	tp := record(t, func(ctx *pulumi.Context) error {
		service, err := offer(ctx, false)
		if err != nil {
			return err
		}
		return use(ctx, service, func(*ServiceEndpointArgs) {})
	})
	assert.Equal(t, true, tp.inputs(t, "consumer-vpce")["privateDnsEnabled"])
	assert.Contains(t, tp.waitsFor(t, "consumer-vpce"), "h2-verified")
	assert.NotContains(t, tp.resources, "consumer-accepted")
	assert.NotContains(t, tp.resources, "consumer-private-dns", "two owners of one setting")
}

func TestServiceEndpointOfAnotherStacksService(t *testing.T) {
	tp := record(t, func(ctx *pulumi.Context) error {
		service, err := offer(ctx, true)
		if err != nil {
			return err
		}
		return use(ctx, service, func(args *ServiceEndpointArgs) {
			args.Service, args.ServiceName, args.PrivateDnsEnabled = nil, "com.amazonaws.vpce.us-east-1.vpce-svc-0c0c0c0c0c0c0c0c0", false
		})
	})
	endpoint := tp.inputs(t, "consumer-vpce")
	assert.Equal(t, "com.amazonaws.vpce.us-east-1.vpce-svc-0c0c0c0c0c0c0c0c0", endpoint["serviceName"])
	assert.Equal(t, false, endpoint["privateDnsEnabled"], "said, not left to a default")
	assert.NotContains(t, tp.resources, "consumer-accepted", "its owner does")
	assert.False(t, tp.resources["consumer-vpce"].rpc.DeleteBeforeReplace, "nothing stands in its successor's way")
}
