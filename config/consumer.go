package config

import (
	"net/netip"

	"private-api-blueprints/internal/settings"
)

// Consumer describes an endpoint for an endpoint service.
type Consumer struct {
	// Network is where the endpoint is: in the private subnets.
	Network Network `config:"network" tiers:"private"`
	// ServiceName is the name of a service that another stack offers. It is
	// required without service, and refused with it.
	ServiceName string `config:"serviceName" format:"serviceName"`
	// Ipv4Addresses are fixed addresses of the endpoint, one per private subnet, in the
	// order of the zones, for firewalls on the way to it. A change on a deployed stack
	// breaks open connections.
	Ipv4Addresses []netip.Addr `config:"ipv4Addresses" list:"endpointAddresses" family:"ipv4" computed:"AWS's choice"`
	// ClientCidrs are the IPv4 ranges of the clients in the VPC.
	ClientCidrs []netip.Prefix `config:"clientCidrs" required:"true" list:"vpcClients" family:"ipv4"`
	// PrivateDnsEnabled makes the service's private DNS name resolve to the
	// endpoint in the whole VPC. Turn it off until the owner of the service has
	// accepted the endpoint.
	PrivateDnsEnabled bool `config:"privateDnsEnabled" default:"true"`
	// RoleArn is a role in the account of the endpoint and its network, if that is
	// not the stack's account. The stack's credentials must be allowed to assume
	// it.
	RoleArn string `config:"roleArn" computed:"none: the stack's account" format:"roleArn"`
	// Client describes a function that calls the service in the consumer's network. It
	// must be in clientCidrs, and calls the private DNS name.
	Client ConsumerClient `config:"client"`
}

// ConsumerClient describes a function that calls the service.
type ConsumerClient struct {
	VpcClient
	// LogKmsKeyArn is the ARN of the KMS key that encrypts the log group of the function. Its
	// policy must let CloudWatch Logs of the region use it.
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
	LogKmsKeyArn string `config:"logKmsKeyArn" computed:"none: the keys of CloudWatch Logs" format:"kmsKeyArn"`
}

// check fills in the archive, and refuses the key of a client that does not exist.
func (s *ConsumerClient) check(c settings.Section) {
	s.VpcClient.check(c)
	if !s.Create && s.LogKmsKeyArn != "" {
		c.Reject("logKmsKeyArn", s.LogKmsKeyArn, "want it only with create: true")
	}
}

// check refuses a client that would call a name without a certificate.
func (s *Consumer) check(c settings.Section) {
	if s.Client.Create && !s.PrivateDnsEnabled {
		c.Group("client").Reject("create", true, "want it with privateDnsEnabled: true: the service's certificate "+
			"does not cover the endpoint's own name")
	}
}

// checkService requires the name of a service if the stack offers none, and
// refuses it otherwise.
func (s *Consumer) checkService(offered bool, c settings.Section) {
	switch {
	case !offered && s.ServiceName == "":
		c.Reject("serviceName", nil, "required: %s", formats["serviceName"])
	case offered && s.ServiceName != "":
		c.Reject("serviceName", s.ServiceName,
			"want none next to service, which this stack offers and the consumer uses")
	}
}
