package blueprints

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

// resolvedConsumer holds the checked settings of a consumer, and what AWS says
// about its network and the service.
type resolvedConsumer struct {
	*config.Consumer
	provider       pulumi.ProviderResource // Nil for the stack's own provider.
	network        *components.Network     // Has no IDs if the stack creates it.
	privateDnsName string                  // The service's name; empty if it has none.
}

// consumer asks AWS for the network and the service, with the consumer's
// provider. offered is the service that this stack offers, or nil. consumer
// returns an error only if AWS does not answer or the provider cannot be
// registered.
func (l *lookup) consumer(s *config.Consumer, offered *resolvedService) (*resolvedConsumer, error) {
	found, asConsumer := &resolvedConsumer{Consumer: s}, *l
	// A provider creates nothing on AWS, so it is registered before all checks have passed.
	if s.RoleArn != "" && !l.section("consumer").Any("roleArn") {
		provider, err := l.newRoleProvider("consumer", s.RoleArn)
		if err != nil {
			return nil, err
		}
		found.provider, asConsumer.options = provider, []pulumi.InvokeOption{pulumi.Provider(provider)}
		asConsumer.environment.AccountId = accountOf(s.RoleArn)
	}
	l.checkAccount(s, offered)
	var service *components.ServiceDetail
	if offered == nil {
		service = asConsumer.endpointService(s)
	} else {
		var err error
		if service, err = offered.seenBy(&asConsumer); err != nil {
			return nil, err
		}
	}
	if s.Client.Create {
		l.checkArchive(l.section("consumer", "client"), "archive", s.Client.Archive)
	}
	needs := addressNeeds{config.Private: interfaceSpace}
	if s.Client.Create {
		needs[config.Private] += interfaceSpace
	}
	found.network = asConsumer.network(l.section("consumer", "network"), &s.Network,
		networkUse{name: l.prefix(h2Prefix) + consumerPart, service: service, addresses: needs})
	if s.Ipv4Addresses != nil {
		fixedAddresses{config.Private, found.network.Private, true, s.Ipv4Addresses}.check(l.section("consumer"))
	}
	if service != nil {
		found.privateDnsName = service.PrivateDnsName
	}
	if offered != nil {
		found.privateDnsName = offered.Domain.Name
	}
	l.checkConsumerClient(found, offered)
	return found, nil
}

// checkConsumerClient refuses a client in subnets that the endpoint or the service does not
// admit.
func (l *lookup) checkConsumerClient(s *resolvedConsumer, offered *resolvedService) {
	if !s.Client.Create {
		return
	}
	l.checkRegion(l.section("consumer", "client"), "logKmsKeyArn", s.Client.LogKmsKeyArn, "a key")
	admitted, keys := s.ClientCidrs, "clientCidrs"
	if offered != nil && len(offered.Front.AllowedCidrs) > 0 {
		admitted, keys = common(admitted, offered.Front.AllowedCidrs), "clientCidrs and service.front.allowedCidrs"
	}
	l.checkAdmitted(l.section("consumer", "client"), s.network, admitted, keys)
}

// endpointService asks AWS for a service of another stack. It returns nil if
// the consumer cannot see the service.
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

// consumerEndpoint is the endpoint of a consumer, and the client that calls the
// service through it.
type consumerEndpoint struct {
	*components.ServiceEndpoint
	invokeClient pulumi.StringInput // A command; nil without a client.
}

// newConsumer registers a consumer's network, endpoint and client. service is the
// service that this stack offers, or nil.
func (b builder) newConsumer(s *resolvedConsumer, service *components.EndpointService) (*consumerEndpoint, error) {
	if s.provider != nil {
		b.child = pulumi.Composite(b.child, pulumi.Providers(s.provider))
		b.environment.AccountId = accountOf(s.RoleArn)
	}
	network, err := b.newNetwork(&s.Network, s.network)
	if err != nil {
		return nil, err
	}
	endpoint, err := b.newConsumerEndpoint(s, network, service)
	if err != nil || !s.Client.Create {
		return &consumerEndpoint{endpoint, nil}, err
	}
	client, err := b.part("-client").newConsumerClient(s, network, endpoint)
	if err != nil {
		return nil, err
	}
	return &consumerEndpoint{endpoint, b.invokeClient(client)}, nil
}

// newConsumerClient registers the test client of a consumer, which calls the service
// by its name and nothing else.
func (b builder) newConsumerClient(
	s *resolvedConsumer, network *components.Network, endpoint *components.ServiceEndpoint,
) (*components.Function, error) {
	role, err := b.newVpcFunctionRole()
	if err != nil {
		return nil, err
	}
	group, err := components.NewSecurityGroup(b.ctx, b.name, &components.SecurityGroupArgs{
		VpcId:       network.VpcId,
		Description: "Test client: HTTPS to the endpoint",
		Egress:      []components.Peer{{Name: "endpoint", SecurityGroupId: endpoint.SecurityGroupId}},
		DependsOn:   []pulumi.Resource{role.Policy},
	}, b.child)
	if err != nil {
		return nil, err
	}
	client := testClient{
		s.Client.Archive, s.Client.Architecture, clientTimeoutSeconds, clientLogDays, s.Client.LogKmsKeyArn,
	}
	return b.newClient(client, &components.FunctionNetwork{
		Subnets: network.Private, SecurityGroupId: group.Id, Role: role, DependsOn: []pulumi.Resource{endpoint},
	}, map[string]pulumi.StringInput{
		"URL": pulumi.String("https://" + s.privateDnsName + "/"), "IP_VERSION": pulumi.String("4"),
	})
}

// clientLogDays is how long the logs of a test client are kept.
const clientLogDays = 30

// newConsumerEndpoint registers the endpoint of a consumer.
func (b builder) newConsumerEndpoint(
	s *resolvedConsumer, network *components.Network, service *components.EndpointService,
) (*components.ServiceEndpoint, error) {
	return components.NewServiceEndpoint(b.ctx, b.name, &components.ServiceEndpointArgs{
		Service:           service,
		ServiceName:       s.ServiceName,
		VpcId:             network.VpcId,
		Subnets:           network.Private,
		Addresses:         s.Ipv4Addresses,
		ClientCidrs:       s.ClientCidrs,
		PrivateDnsEnabled: s.PrivateDnsEnabled,
	}, b.child)
}

// curl returns a command that calls the service. Without private DNS it does
// not verify the certificate, which does not cover the endpoint's name.
func (s *resolvedConsumer) curl(privateDnsName string, endpoint *components.ServiceEndpoint) pulumi.StringOutput {
	if s.PrivateDnsEnabled {
		return pulumi.Sprintf("curl --http2 -v https://%s/", privateDnsName)
	}
	return pulumi.Sprintf("curl --http2 -v -k https://%s/", endpoint.DnsName)
}
