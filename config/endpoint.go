package config

import "net/netip"

// Endpoint describes the execute-api endpoint.
type Endpoint struct {
	// Ipv4Addresses are the fixed addresses of the endpoint, one per private
	// subnet, in the order of the zones. An existing network requires them: host
	// 10 of its subnets may be in use.
	Ipv4Addresses []netip.Addr `config:"ipv4Addresses" list:"endpointAddresses" family:"ipv4"`
	// PrivateDnsEnabled makes every execute-api name in the VPC
	// (`*.execute-api.<region>.amazonaws.com`) resolve to the endpoint. Regional APIs
	// that are called from the VPC then answer 403.
	// https://repost.aws/knowledge-center/api-gateway-vpc-connections
	PrivateDnsEnabled bool `config:"privateDnsEnabled" default:"false"`
	// ClientCidrs are the IPv4 ranges of clients that call the endpoint itself:
	// clients inside the VPC, or routed to it. Without them only the load balancer
	// may call the endpoint.
	ClientCidrs []netip.Prefix `config:"clientCidrs" list:"vpcClients" family:"ipv4"`
}
