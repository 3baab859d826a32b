package components

import (
	"net/netip"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// TargetType says what kind of targets a target group has.
//
// AWS also has alb, for an Application Load Balancer behind the Network Load
// Balancer. A blueprint that needs it adds the constant here and the
// differences in ListenerArgs.targetGroup: the listener and the target group
// speak TCP, so ListenerArgs.Tls is nil; health checks are HTTP or HTTPS; AWS
// always preserves client addresses. The attachment must depend on a listener of
// the Application Load Balancer on the same port, so Targets also needs a list of
// resources to wait for.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/application-load-balancer-target.html
// https://github.com/hashicorp/terraform-provider-aws/issues/38987
type TargetType string

// The types of targets.
const (
	TargetIp       TargetType = "ip"       // IPv4 addresses.
	TargetInstance TargetType = "instance" // EC2 instances of the load balancer's VPC.
)

// Targets describes what a listener forwards to.
type Targets struct {
	Type          TargetType
	Port          int
	List          []Target
	Peers         []Peer // The same targets as peers, for the load balancer's egress rules.
	ProxyProtocol bool   // Whether each connection begins with a PROXY protocol v2 header, which targets then expect.
	// DependsOn holds what must exist before a target gets connections.
	DependsOn []pulumi.Resource
}

// Target is one target of a load balancer.
type Target struct {
	Name       string             // Part of the name of its attachment, such as its zone.
	Id         pulumi.StringInput // An IPv4 address or an instance ID.
	OutsideVpc bool               // Whether the address is in another network. AWS then wants "all" as its zone.
}

// AddressTargets returns servers at IPv4 addresses as targets. Addresses
// outside the VPC's ranges are in other networks.
func AddressTargets(addresses []netip.Addr, port int, vpc []netip.Prefix) Targets {
	targets := Targets{Type: TargetIp, Port: port, Peers: HostPeers(addresses)}
	for _, address := range addresses {
		inside := slices.ContainsFunc(vpc, func(cidr netip.Prefix) bool { return cidr.Contains(address) })
		targets.List = append(targets.List, Target{
			Name:       address.String(),
			Id:         pulumi.String(address.String()),
			OutsideVpc: !inside,
		})
	}
	return targets
}
