package config

import (
	"net/netip"

	"private-api-blueprints/internal/settings"
)

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
	// Policy says which private APIs clients may call through the endpoint. own: the
	// stack's API and those of apiIds, by an endpoint policy. open: every private
	// API, of any account, whose resource policy admits the endpoint or its VPC;
	// then the clients of a load balancer in front of the endpoint may call them too.
	// With privateDnsEnabled, the policy holds for all private APIs that clients in
	// the VPC call by their own names.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html
	Policy string `config:"policy" default:"own" enum:"own,open"`
	// ApiIds are the IDs of other private REST APIs that clients may call through
	// the endpoint, in any account.
	ApiIds []string `config:"apiIds" list:"apiIds" format:"apiId"`
}

// check refuses IDs of APIs if the endpoint leads to every API anyway.
func (s *Endpoint) check(c settings.Section) {
	if s.Policy == "open" && len(s.ApiIds) > 0 {
		c.Reject("apiIds", s.ApiIds, "want none with policy open, which admits every API; or want policy own")
	}
}
