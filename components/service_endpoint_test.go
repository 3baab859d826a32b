package components

import (
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/internal/pulumitest"
)

// deployConsumer registers a service and an endpoint for it in another account,
// with changed arguments.
func deployConsumer(t *testing.T, acceptanceRequired bool, change func(*ServiceEndpointArgs)) *pulumitest.Recorder {
	t.Helper()
	return deploy(t, func(ctx *pulumi.Context) error {
		service, err := newService(ctx, acceptanceRequired)
		if err != nil {
			return err
		}
		const role = "arn:aws:iam::111122223333:role/consumer"
		other, err := NewRoleProvider(ctx, "other", role, "us-east-1", pulumi.Parent(service))
		if err != nil {
			return err
		}
		args := &ServiceEndpointArgs{
			Service:           service,
			VpcId:             pulumi.String("vpc-2"),
			Subnets:           subnetsOf("private", privates),
			ClientCidrs:       []netip.Prefix{netip.MustParsePrefix("10.6.0.0/16")},
			PrivateDnsEnabled: true,
		}
		change(args)
		_, err = NewServiceEndpoint(ctx, "consumer", args, pulumi.Providers(other))
		return err
	})
}

func ofThisStack(*ServiceEndpointArgs) {}

func ofAnotherStack(args *ServiceEndpointArgs) {
	args.Service, args.PrivateDnsEnabled = nil, false
	args.ServiceName = "com.amazonaws.vpce.us-east-1.vpce-svc-0c0c0c0c0c0c0c0c0"
}

func TestServiceEndpointIsAcceptedBeforeItHasPrivateDns(t *testing.T) {
	stack := deployConsumer(t, true, ofThisStack)
	assert.Equal(t, map[string]any{
		"vpcId": "vpc-2", "serviceName": "h2-service.serviceName", "vpcEndpointType": "Interface",
		"ipAddressType": "ipv4", "subnetIds": []any{"private-a", "private-b"},
		"securityGroupIds": []any{"consumer-sg.id"},
	}, stack.Inputs(t, "consumer-vpce"), "without fixed addresses, and private DNS is a separate resource")
	assert.Equal(t, map[string]any{"vpcEndpointId": "consumer-vpce.id", "vpcEndpointServiceId": "h2-service.id"},
		stack.Inputs(t, "consumer-accepted"))
	assert.Equal(t, map[string]any{"vpcEndpointId": "consumer-vpce.id", "privateDnsEnabled": true},
		stack.Inputs(t, "consumer-private-dns"))
	assert.Subset(t, stack.Dependencies(t, "consumer-private-dns"), []string{"consumer-accepted", "h2-verified"},
		"AWS refuses private DNS to an endpoint that waits, and to a name that is not verified")
	assert.True(t, stack.Request(t, "consumer-accepted").GetRetainOnDelete(), "deleting it rejects the endpoint")
	assert.True(t, stack.Request(t, "consumer-vpce").DeleteBeforeReplace, "the name is in use until it is deleted")
	assert.Equal(t, "10.6.0.0/16", stack.Inputs(t, "consumer-from-10.6.0.0/16")["cidrIpv4"])
}

func TestServiceEndpointBelongsToTheOtherAccountAndItsAcceptanceToTheOwner(t *testing.T) {
	stack := deployConsumer(t, true, ofThisStack)
	for _, row := range []struct {
		name  string
		other bool
	}{
		{"consumer-vpce", true},
		{"consumer-sg", true},
		{"consumer-private-dns", true},
		{"consumer-accepted", false},
		{"h2-service", false},
	} {
		hasProvider := stack.Request(t, row.name).Provider != ""
		assert.Equal(t, row.other, hasProvider, "whether %s is in the other account", row.name)
	}
	assert.Equal(t, map[string]any{"roleArn": "arn:aws:iam::111122223333:role/consumer"},
		stack.Providers()["other"].Inputs.Mappable()["assumeRole"])
}

func TestServiceEndpointWithoutAcceptanceHasPrivateDnsAtOnce(t *testing.T) {
	stack := deployConsumer(t, false, ofThisStack)
	assert.Equal(t, true, stack.Inputs(t, "consumer-vpce")["privateDnsEnabled"])
	assert.Contains(t, stack.Dependencies(t, "consumer-vpce"), "h2-verified")
	assert.NotContains(t, stack.Resources(), "consumer-accepted")
	assert.NotContains(t, stack.Resources(), "consumer-private-dns", "the setting would have two owners")
}

func TestServiceEndpointForAnotherStacksServiceIsAcceptedThere(t *testing.T) {
	stack := deployConsumer(t, true, ofAnotherStack)
	endpoint := stack.Inputs(t, "consumer-vpce")
	assert.Equal(t, "com.amazonaws.vpce.us-east-1.vpce-svc-0c0c0c0c0c0c0c0c0", endpoint["serviceName"])
	assert.Equal(t, false, endpoint["privateDnsEnabled"], "set, not left to a default")
	assert.NotContains(t, stack.Resources(), "consumer-accepted")
	assert.False(t, stack.Request(t, "consumer-vpce").DeleteBeforeReplace, "without private DNS, two can exist")
}
