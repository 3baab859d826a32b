package config

import "net/netip"

// LoadBalancer describes every Network Load Balancer.
type LoadBalancer struct {
	// CrossZone lets the load balancer's nodes use targets in other zones too. AWS
	// charges for the traffic between zones.
	CrossZone bool `config:"crossZone" default:"false"`
	// DeletionProtection keeps AWS and Pulumi from deleting or replacing the load
	// balancer. Turn it off and deploy before you destroy the stack.
	DeletionProtection bool `config:"deletionProtection" default:"false"`
}

// Tls describes a load balancer that terminates TLS.
type Tls struct {
	// SslPolicy is a security policy of Network Load Balancers that admits no
	// protocol below TLS 1.2.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/describe-ssl-policies.html
	SslPolicy string `config:"sslPolicy" default:"ELBSecurityPolicy-TLS13-1-2-2021-06" format:"sslPolicy"`
	// AccessLogs describes the bucket of the load balancer's access logs.
	AccessLogs AccessLogs `config:"accessLogs"`
}

// AccessLogs describes the bucket of a load balancer's access logs.
type AccessLogs struct {
	// RetentionDays is how long the bucket keeps the logs, in days.
	RetentionDays int `config:"retentionDays" default:"90" range:"1..36500"`
	// ForceDestroy lets `pulumi destroy` delete the logs. Otherwise it stops at a
	// bucket that has any.
	ForceDestroy bool `config:"forceDestroy" default:"false"`
	// KmsKeyArn is the ARN of the KMS key that encrypts the logs. Its policy must let
	// delivery.logs.amazonaws.com use it. Without it, S3 encrypts with its own keys.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/enable-access-logs.html
	KmsKeyArn string `config:"kmsKeyArn" computed:"none: the keys of S3" format:"kmsKeyArn"`
}

// Front describes a load balancer on the internet, in front of an execute-api
// endpoint. A load balancer in front of other targets needs another struct with
// LoadBalancer and Tls, because the reason that AllowedCidrs gives would be wrong.
type Front struct {
	LoadBalancer
	Tls
	// AllowedCidrs are the IPv4 ranges of the clients. There is no default, because
	// everyone who reaches the load balancer comes out of the endpoint's VPC, and
	// so satisfies the aws:SourceVpc condition of the API's policy.
	AllowedCidrs []netip.Prefix `config:"allowedCidrs" required:"true" list:"internetClients" family:"ipv4"`
	MtuDiscovery
}

// MtuDiscovery says how a load balancer learns which packets its clients can
// receive.
type MtuDiscovery struct {
	// PathMtuDiscovery admits the ICMP messages by which routers say that a packet is
	// too big for the way to a client, from any address. Without them, large answers
	// may never arrive behind a VPN or a tunnel.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
	PathMtuDiscovery bool `config:"pathMtuDiscovery" default:"true"`
}

// rules returns how many rules of a security group the messages take, for IPv4 and
// for IPv6 each.
func (s *MtuDiscovery) rules() int {
	if s.PathMtuDiscovery {
		return 1
	}
	return 0
}

// DualstackFront describes a load balancer for IPv6 and IPv4 clients in
// networks that it is reachable from.
type DualstackFront struct {
	LoadBalancer
	Tls
	// AllowedCidrs are the ranges of clients, of either family, in addition to
	// those that have the clients' security group.
	AllowedCidrs []netip.Prefix `config:"allowedCidrs" list:"dualstackClients" family:"any"`
	MtuDiscovery
	// Ipv4Addresses are the fixed IPv4 addresses of the load balancer, one per
	// dualstack subnet, in the order of the zones. An existing network requires
	// them.
	Ipv4Addresses []netip.Addr `config:"ipv4Addresses" list:"frontAddresses" family:"ipv4"`
	// Ipv6Addresses are the fixed IPv6 addresses of the load balancer, one per
	// dualstack subnet, in the order of the zones. They cannot be chosen in a new
	// network, because AWS assigns its IPv6 range.
	Ipv6Addresses []netip.Addr `config:"ipv6Addresses" list:"frontIpv6Addresses" family:"ipv6"`
}

// ServiceFront describes a load balancer behind an endpoint service. Its clients
// may speak HTTP/2.
type ServiceFront struct {
	LoadBalancer
	Tls
	// AlpnPolicy says what clients may choose: HTTP2Preferred (HTTP/2 before
	// HTTP/1.1), HTTP2Optional (HTTP/2 after HTTP/1.1) or HTTP2Only (clients
	// without HTTP/2 go without ALPN).
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html
	AlpnPolicy string `config:"alpnPolicy" default:"HTTP2Preferred" enum:"HTTP2Preferred,HTTP2Optional,HTTP2Only"`
	// AllowedCidrs are the private IPv4 ranges of the consumers' clients that may
	// connect. AWS then applies the load balancer's security group to connections from
	// PrivateLink. Consumers can have the same addresses, so the ranges do not tell one
	// from another. Clients in the service's own network may connect from these
	// ranges too.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
	AllowedCidrs []netip.Prefix `config:"allowedCidrs" list:"consumerClients" family:"ipv4"`
}
