package components

import (
	"fmt"
	"net/netip"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Peer is the other end of a connection in a security-group rule. Exactly one
// of the fields after Name is set.
type Peer struct {
	Name            string // Part of the names of the rules about it.
	CidrIpv4        pulumi.StringInput
	CidrIpv6        pulumi.StringInput
	SecurityGroupId pulumi.StringInput // Whatever has the group, in this VPC.
}

// RangePeer is a range of addresses of either family.
func RangePeer(cidr netip.Prefix) Peer {
	if cidr.Addr().Is4() {
		return Peer{Name: cidr.String(), CidrIpv4: pulumi.String(cidr.String())}
	}
	return Peer{Name: cidr.String(), CidrIpv6: pulumi.String(cidr.String())}
}

// RangePeers are ranges of addresses.
func RangePeers(ranges []netip.Prefix) []Peer {
	peers := make([]Peer, len(ranges))
	for i, cidr := range ranges {
		peers[i] = RangePeer(cidr)
	}
	return peers
}

// HostPeers are single addresses.
func HostPeers(addresses []netip.Addr) []Peer {
	peers := make([]Peer, len(addresses))
	for i, address := range addresses {
		peers[i] = RangePeer(netip.PrefixFrom(address, address.BitLen()))
	}
	return peers
}

// SecurityGroupArgs describes a group of things that no other component has.
type SecurityGroupArgs struct {
	VpcId       pulumi.StringInput
	Description string
	From, To    []Peer // Who may connect on port 443, and to whom.
}

// SecurityGroup is a security group with its rules.
type SecurityGroup struct {
	pulumi.ResourceState

	Id pulumi.StringOutput
}

var securityGroupType = typeToken("SecurityGroup")

// NewSecurityGroup registers the group and its rules.
func NewSecurityGroup(ctx *pulumi.Context, name string, args *SecurityGroupArgs, opts ...pulumi.ResourceOption) (*SecurityGroup, error) {
	c := &SecurityGroup{}
	if err := ctx.RegisterComponentResourceV2(securityGroupType, name, pulumi.Map{}, c, opts...); err != nil {
		return nil, err
	}
	group, err := newSecurityGroup(ctx, name, args.Description, args.VpcId, args.From, args.To, pulumi.Parent(c))
	if err != nil {
		return nil, failed("SecurityGroup", name, "group", err)
	}
	c.Id = group.ID().ToStringOutput()
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"id": c.Id})
}

// newSecurityGroup registers a group that admits HTTPS from some peers and lets
// HTTPS out to others.
func newSecurityGroup(ctx *pulumi.Context, name, description string, vpcId pulumi.StringInput, from, to []Peer, child pulumi.ResourceOption) (*ec2.SecurityGroup, error) {
	group, err := ec2.NewSecurityGroup(ctx, name+"-sg", &ec2.SecurityGroupArgs{VpcId: vpcId, Description: pulumi.String(description)}, child)
	if err != nil {
		return nil, err
	}
	if err := admit(ctx, name, group.ID(), from, child); err != nil {
		return nil, err
	}
	return group, letOut(ctx, name, group.ID(), 443, to, child)
}

// admit registers the rules of a group that let peers in, on port 443.
func admit(ctx *pulumi.Context, name string, groupId pulumi.StringInput, from []Peer, child pulumi.ResourceOption) error {
	for _, peer := range from {
		if _, err := vpc.NewSecurityGroupIngressRule(ctx, name+"-from-"+peer.Name, &vpc.SecurityGroupIngressRuleArgs{
			SecurityGroupId: groupId, IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(443), ToPort: pulumi.Int(443),
			CidrIpv4: stringPtr(peer.CidrIpv4), CidrIpv6: stringPtr(peer.CidrIpv6), ReferencedSecurityGroupId: stringPtr(peer.SecurityGroupId),
		}, child); err != nil {
			return fmt.Errorf("ingress from %s: %w", peer.Name, err)
		}
	}
	return nil
}

// letOut registers the rules of a group that lead to peers, on a port.
func letOut(ctx *pulumi.Context, name string, groupId pulumi.StringInput, port int, to []Peer, child pulumi.ResourceOption) error {
	for _, peer := range to {
		if _, err := vpc.NewSecurityGroupEgressRule(ctx, name+"-to-"+peer.Name, &vpc.SecurityGroupEgressRuleArgs{
			SecurityGroupId: groupId, IpProtocol: pulumi.String("tcp"), FromPort: pulumi.Int(port), ToPort: pulumi.Int(port),
			CidrIpv4: stringPtr(peer.CidrIpv4), CidrIpv6: stringPtr(peer.CidrIpv6), ReferencedSecurityGroupId: stringPtr(peer.SecurityGroupId),
		}, child); err != nil {
			return fmt.Errorf("egress to %s: %w", peer.Name, err)
		}
	}
	return nil
}

// stringPtr is an optional input, absent when the value is nil.
func stringPtr(value pulumi.StringInput) pulumi.StringPtrInput {
	if value == nil {
		return nil
	}
	return value.ToStringOutput().ToStringPtrOutput()
}
