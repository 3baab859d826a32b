package model

import "strings"

// LoadBalancer is an application, network or gateway load balancer.
type LoadBalancer struct {
	Element
	// DNSName is the name that AWS gives to the load balancer, in lower case. It is unknown before the load balancer
	// exists.
	DNSName Known[string]
	// Type is network, application or gateway. AWS's default is application.
	Type Known[LoadBalancerType]
	// Internal is false if the load balancer faces the internet, which is the default.
	Internal Known[bool]
	// Addresses is ipv4 or dualstack. AWS's default is ipv4.
	Addresses Known[IPAddressType]
	Subnets   Refs[Subnet]
	// Nodes are its nodes in those subnets for which the program writes a subnet mapping.
	Nodes []Node
	// NodesComplete is false if there are, or may be, others.
	NodesComplete bool
	// Groups are its security groups. A network load balancer may have none.
	Groups    Refs[SecurityGroup]
	CrossZone Known[bool]
	// PrivateLinkRules is whether the rules of its security groups apply to connections from PrivateLink. If it is
	// absent, they do.
	PrivateLinkRules Known[PrivateLinkRules]
	// AccessLogs is whether it writes logs of TLS connections or HTTP requests.
	AccessLogs Known[bool]
	Naming     Naming
}

// Node is a load balancer's node in one subnet. If an address is absent, AWS
// chooses it.
type Node struct {
	Subnet Ref[Subnet]
	// ElasticIP is the IPv4 address of a node that faces the internet.
	ElasticIP Ref[ElasticIP]
	// IPv4 is the address of an internal node.
	IPv4 Known[string]
	// IPv6 is the IPv6 address of a node of a dualstack load balancer.
	IPv6 Known[string]
}

// Naming is what the program says about a resource's name in AWS. If it gives
// no name, or only a prefix, the provider generates one.
type Naming struct{ Name, Prefix Known[string] }

// LoadBalancerType is the type of a load balancer.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancer.html
type LoadBalancerType string

// Types of load balancers.
const (
	LoadBalancerApplication LoadBalancerType = "application"
	LoadBalancerNetwork     LoadBalancerType = "network"
	LoadBalancerGateway     LoadBalancerType = "gateway"
)

// PrivateLinkRules is whether a load balancer applies the rules of its security
// groups to connections from PrivateLink.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
type PrivateLinkRules string

// Values of PrivateLinkRules.
const (
	PrivateLinkRulesOn  PrivateLinkRules = "on"
	PrivateLinkRulesOff PrivateLinkRules = "off"
)

// IsNetwork asks whether this is a network load balancer.
func (lb *LoadBalancer) IsNetwork() Truth { return lb.Type.Equals(LoadBalancerNetwork) }

// IsDualstack asks whether the load balancer has IPv6 addresses. An application
// load balancer may have them without public IPv4 addresses.
func (lb *LoadBalancer) IsDualstack() Truth {
	kind, known := lb.Addresses.Get()
	if !known {
		return Maybe
	}
	return TruthOf(strings.HasPrefix(string(kind), "dualstack"))
}

// HasElasticIP asks whether a node has an Elastic IP. The engine records the
// sources of all subnet mappings together: they show that some node has an
// Elastic IP, but not which one.
func (lb *LoadBalancer) HasElasticIP() Truth {
	has := False
	for _, n := range lb.Nodes {
		_, named := n.ElasticIP.Value.Get()
		switch {
		case named || len(n.ElasticIP.Candidates) > 0:
			return True
		case !n.ElasticIP.IsAbsent():
			has = Maybe
		}
	}
	return has.OrMaybeIf(!lb.NodesComplete)
}
