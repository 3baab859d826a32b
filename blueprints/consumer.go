package blueprints

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// resolvedConsumer is where an endpoint for a service goes, and what AWS says
// about it.
type resolvedConsumer struct {
	*config.Consumer
	provider       pulumi.ProviderResource // Nil for the stack's own.
	network        *components.Network     // As it is or, without IDs, as it will be.
	privateDnsName string                  // Of the service; empty without one.
}

// consumer asks AWS, as the consumer, for the network and the service. offered
// is the service that this stack offers, or nil. The error is AWS not answering
// at all.
func (l *lookup) consumer(s *config.Consumer, offered *resolvedService) (*resolvedConsumer, error) {
	found, asConsumer := &resolvedConsumer{Consumer: s}, *l
	// A provider is only a way to ask, and nothing on AWS.
	if s.RoleArn != "" && !l.section("consumer").Any("roleArn") {
		provider, err := components.NewRoleProvider(l.ctx, "consumer", s.RoleArn, l.environment.Region)
		if err != nil {
			return nil, err
		}
		found.provider, asConsumer.options = provider, []pulumi.InvokeOption{pulumi.Provider(provider)}
	}
	var service *components.ServiceDetail
	if offered == nil {
		service = asConsumer.endpointService(s)
	} else {
		var err error
		if service, err = offered.seenBy(&asConsumer); err != nil {
			return nil, err
		}
	}
	found.network = asConsumer.network(l.section("consumer", "network"), &s.Network, networkUse{service: service})
	if service != nil {
		found.privateDnsName = service.PrivateDnsName
	}
	return found, nil
}

// endpointService asks for the service of another stack. It returns nil if the
// consumer cannot have an endpoint for it.
func (l *lookup) endpointService(s *config.Consumer) *components.ServiceDetail {
	c := l.section("consumer")
	if c.Any("serviceName") {
		return nil
	}
	if !strings.HasPrefix(s.ServiceName, "com.amazonaws.vpce."+l.environment.Region+".") {
		c.Reject("serviceName", s.ServiceName, "want a service of the stack's region %s", l.environment.Region)
		return nil
	}
	service, err := components.LookupEndpointService(l.ctx, s.ServiceName, l.options...)
	switch {
	case err != nil:
		c.Reject("serviceName", s.ServiceName, "want a service that allows this account to have an endpoint: %v", err)
		return nil
	case !slices.Contains(service.SupportedIpAddressTypes, "ipv4"):
		c.Reject("serviceName", s.ServiceName, "has no IPv4 endpoints, only %s",
			strings.Join(service.SupportedIpAddressTypes, ", "))
	case s.PrivateDnsEnabled && service.PrivateDnsName == "":
		c.Reject("privateDnsEnabled", true, "want false: the service has no private DNS name")
	}
	return service
}

// newConsumer registers the network of an endpoint and the endpoint. The service
// is the one that this stack offers, or nil.
func (b builder) newConsumer(
	s *resolvedConsumer, service *components.EndpointService,
) (*components.ServiceEndpoint, error) {
	if s.provider != nil {
		b.child = pulumi.Composite(b.child, pulumi.Providers(s.provider))
	}
	network, err := b.newNetwork(&s.Network, s.network)
	if err != nil {
		return nil, err
	}
	return components.NewServiceEndpoint(b.ctx, b.name, &components.ServiceEndpointArgs{
		Service:           service,
		ServiceName:       s.ServiceName,
		VpcId:             network.VpcId,
		Subnets:           network.Private,
		ClientCidrs:       s.ClientCidrs,
		PrivateDnsEnabled: s.PrivateDnsEnabled,
	}, b.child)
}

// curl returns a command with which clients call the service. Without private
// DNS the certificate has another name than the endpoint.
func (s *resolvedConsumer) curl(privateDnsName string, endpoint *components.ServiceEndpoint) pulumi.StringOutput {
	if s.PrivateDnsEnabled {
		return pulumi.Sprintf("curl --http2 -v https://%s/", privateDnsName)
	}
	return pulumi.Sprintf("curl --http2 -v -k https://%s/", endpoint.DnsName)
}
