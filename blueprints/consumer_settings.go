package blueprints

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/settings"
)

// ConsumerSettings describes an endpoint for an endpoint service.
type ConsumerSettings struct {
	Network     NetworkSettings `config:"network"`
	ServiceName string          `config:"serviceName"` // Of a service that this stack does not offer.
	ClientCidrs []netip.Prefix  `config:"clientCidrs"`
	// PrivateDnsEnabled makes the service's private DNS name lead to the
	// endpoint, in the whole VPC.
	PrivateDnsEnabled bool `config:"privateDnsEnabled"`
	// RoleArn is a role in the account that the endpoint and its network belong
	// to, where that is not the stack's.
	RoleArn string `config:"roleArn"`
}

const consumerKey = namespace + ":consumer"

var (
	serviceName = format{
		`^com\.amazonaws\.vpce\.[a-z0-9-]+\.vpce-svc-([0-9a-f]{8}|[0-9a-f]{17})$`,
		"the name of an endpoint service, such as com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0",
	}
	roleArn = format{`^arn:aws[a-z-]*:iam::[0-9]{12}:role/.+$`, "the ARN of a role, such as arn:aws:iam::123456789012:role/consumer"}
)

// SetDefaults has clients call the service by its name.
func (s *ConsumerSettings) SetDefaults() { s.PrivateDnsEnabled = true }

// check refuses what can be refused without asking AWS. alone says that the
// service is not of this stack.
func (s *ConsumerSettings) check(alone bool, problems *settings.Problems) {
	c := checks{problems, consumerKey + "."}
	s.Network.check(s.network(nil), problems)
	switch {
	case alone:
		c.text("serviceName", s.ServiceName, serviceName)
	case s.ServiceName != "" && !c.Any(c.at("serviceName")):
		c.Add(c.at("serviceName"), s.ServiceName, "want none beside service, which this stack offers and the consumer uses")
	}
	if len(s.ClientCidrs) == 0 && !c.Any(c.at("clientCidrs")) {
		c.Add(c.at("clientCidrs"), nil, "required: the IPv4 ranges of the clients in the VPC, such as [10.0.0.0/16]")
	}
	checkClients(c, "clientCidrs", s.ClientCidrs)
	if s.RoleArn != "" {
		c.text("roleArn", s.RoleArn, roleArn)
	}
}

// network is what the endpoint does with its network, which the provider, if
// there is one, knows.
func (s *ConsumerSettings) network(provider pulumi.ProviderResource) networkUse {
	use := networkUse{key: consumerKey + ".network", tiers: []tier{privateTier}}
	if provider != nil {
		use.lookups = []pulumi.InvokeOption{pulumi.Provider(provider)}
	}
	return use
}

// Consumer is where an endpoint goes, and what AWS answered about it.
type Consumer struct {
	Provider       pulumi.ProviderResource // Nil: the stack's own.
	Network        *components.Network     // As it is or, without ids, as it will be.
	PrivateDnsName string                  // Of the service; empty without one.
}

// resolve asks AWS, as the consumer, for the network and the service, and
// records what does not fit. offered is the service's network where it is of
// this stack, and else nil. The error is AWS not answering at all.
func (s *ConsumerSettings) resolve(ctx *pulumi.Context, region string, offered *Service, problems *settings.Problems) (*Consumer, error) {
	consumer := &Consumer{}
	// A provider is a way to ask, and nothing on AWS.
	if s.RoleArn != "" && !problems.Any(consumerKey+".roleArn") {
		provider, err := components.NewRoleProvider(ctx, "consumer", s.RoleArn, region)
		if err != nil {
			return nil, err
		}
		consumer.Provider = provider
	}
	use := s.network(consumer.Provider)
	var service *components.ServiceDetail
	if offered == nil {
		service = s.lookupService(ctx, region, use, problems)
	} else {
		var err error
		if service, err = offered.seenBy(ctx, use); err != nil {
			return nil, err
		}
	}
	consumer.Network = s.Network.resolve(ctx, use, region, service, problems)
	if service != nil {
		consumer.PrivateDnsName = service.PrivateDnsName
	}
	return consumer, nil
}

// lookupService asks for the service of another stack, and is nil where it
// cannot be had.
func (s *ConsumerSettings) lookupService(ctx *pulumi.Context, region string, use networkUse, problems *settings.Problems) *components.ServiceDetail {
	c := checks{problems, consumerKey + "."}
	if c.Any(c.at("serviceName")) {
		return nil
	}
	if !strings.HasPrefix(s.ServiceName, "com.amazonaws.vpce."+region+".") {
		c.Add(c.at("serviceName"), s.ServiceName, "want a service of the stack's region %s", region)
		return nil
	}
	service, err := components.LookupEndpointService(ctx, s.ServiceName, use.lookups...)
	switch {
	case err != nil:
		c.Add(c.at("serviceName"), s.ServiceName, "want a service that allows this account to have an endpoint: %v", err)
		return nil
	case !slices.Contains(service.SupportedIpAddressTypes, "ipv4"):
		c.Add(c.at("serviceName"), s.ServiceName, "has no IPv4 endpoints, only %s", strings.Join(service.SupportedIpAddressTypes, ", "))
	case s.PrivateDnsEnabled && service.PrivateDnsName == "":
		c.Add(c.at("privateDnsEnabled"), true, "want false: the service has no private DNS name")
	}
	return service
}

// register registers the network, unless it exists, and the endpoint for a
// service of this stack or, if that is nil, of another.
func (s *ConsumerSettings) register(ctx *pulumi.Context, name string, consumer *Consumer, service *components.EndpointService, child pulumi.ResourceOption) (*components.ServiceEndpoint, error) {
	if consumer.Provider != nil {
		child = pulumi.Composite(child, pulumi.Providers(consumer.Provider))
	}
	network, err := s.Network.register(ctx, name, consumer.Network, child)
	if err != nil {
		return nil, err
	}
	return components.NewServiceEndpoint(ctx, name, &components.ServiceEndpointArgs{
		Service: service, ServiceName: s.ServiceName,
		VpcId: network.VpcId, Subnets: network.Private, ClientCidrs: s.ClientCidrs, PrivateDnsEnabled: s.PrivateDnsEnabled,
	}, child)
}

// curl is a command that calls the service from among the clients. Without
// private DNS the certificate has another name than the endpoint.
func (s *ConsumerSettings) curl(privateDnsName string, endpoint *components.ServiceEndpoint) pulumi.StringOutput {
	if s.PrivateDnsEnabled {
		return pulumi.Sprintf("curl --http2 -v https://%s/", privateDnsName)
	}
	return pulumi.Sprintf("curl --http2 -v -k https://%s/", endpoint.DnsName)
}
