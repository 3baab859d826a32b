package components

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/vpc"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// SecurityGroupArgs describes a security group for resources that bring none
// with them, such as a function. The lists may be empty.
type SecurityGroupArgs struct {
	VpcId       pulumi.StringInput
	Description string // A change replaces the group.
	Ingress     []Peer // Who may connect on port 443.
	Egress      []Peer // Where its members may connect to on port 443.
	// DependsOn holds resources that must outlive the group, such as the policies of
	// the roles of functions in it.
	DependsOn []pulumi.Resource
}

// SecurityGroup is a security group and its rules, one resource per rule. It
// costs nothing.
type SecurityGroup struct {
	pulumi.ResourceState

	Id pulumi.StringOutput
}

const securityGroupType = typePrefix + "SecurityGroup"

// NewSecurityGroup registers the group and its rules.
func NewSecurityGroup(
	ctx *pulumi.Context, name string, args *SecurityGroupArgs, opts ...pulumi.ResourceOption,
) (*SecurityGroup, error) {
	c := &SecurityGroup{}
	if err := ctx.RegisterComponentResourceV2(securityGroupType, name, pulumi.Map{}, c, opts...); err != nil {
		return nil, err
	}
	group, err := newSecurityGroup(scopeOf(ctx, name, c), args)
	if err != nil {
		return nil, failed("SecurityGroup", name, "group", err)
	}
	c.Id = group.ID().ToStringOutput()
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"id": c.Id})
}

// newSecurityGroup registers a group and its rules without a component.
func newSecurityGroup(s scope, args *SecurityGroupArgs) (*ec2.SecurityGroup, error) {
	group, err := ec2.NewSecurityGroup(s.ctx, s.name+"-sg", &ec2.SecurityGroupArgs{
		VpcId:       args.VpcId,
		Description: pulumi.String(args.Description),
	}, s.child, dependsOn(args.DependsOn))
	if err != nil {
		return nil, err
	}
	if err := allowIngress(s, group.ID(), httpsPort, args.Ingress); err != nil {
		return nil, err
	}
	return group, allowEgress(s, group.ID(), httpsPort, args.Egress)
}

// allowIngress registers the rules that let peers connect to members of a
// group on a port.
func allowIngress(s scope, groupId pulumi.StringInput, port int, peers []Peer) error {
	for _, peer := range peers {
		rule := &vpc.SecurityGroupIngressRuleArgs{
			SecurityGroupId:           groupId,
			IpProtocol:                pulumi.String("tcp"),
			FromPort:                  pulumi.Int(port),
			ToPort:                    pulumi.Int(port),
			CidrIpv4:                  stringPtr(peer.CidrIpv4),
			CidrIpv6:                  stringPtr(peer.CidrIpv6),
			ReferencedSecurityGroupId: stringPtr(peer.SecurityGroupId),
		}
		if _, err := vpc.NewSecurityGroupIngressRule(s.ctx, s.name+"-from-"+peer.Name, rule, s.child); err != nil {
			return fmt.Errorf("ingress from %s: %w", peer.Name, err)
		}
	}
	return nil
}

// allowPathMtuDiscovery registers the rules that let members of a group hear that a
// packet is too big for the way to a client: ICMP type 3 code 4, and ICMPv6 type 2
// code 0 for dualstack members. A router on the way says so, from any address.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html
func allowPathMtuDiscovery(s scope, groupId pulumi.StringInput, dualstack bool) error {
	ipv4 := &vpc.SecurityGroupIngressRuleArgs{CidrIpv4: pulumi.String("0.0.0.0/0")}
	if err := newIcmpRule(s, groupId, "icmp", ipv4, 3, 4); err != nil || !dualstack {
		return err
	}
	ipv6 := &vpc.SecurityGroupIngressRuleArgs{CidrIpv6: pulumi.String("::/0")}
	return newIcmpRule(s, groupId, "icmpv6", ipv6, 2, 0)
}

// newIcmpRule registers a rule that admits a message from the range of a rule. The
// ports of a rule for ICMP are the message's type and code.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
func newIcmpRule(
	s scope, groupId pulumi.StringInput, protocol string, rule *vpc.SecurityGroupIngressRuleArgs, message, code int,
) error {
	rule.SecurityGroupId, rule.IpProtocol = groupId, pulumi.String(protocol)
	rule.FromPort, rule.ToPort = pulumi.Int(message), pulumi.Int(code)
	if _, err := vpc.NewSecurityGroupIngressRule(s.ctx, s.name+"-"+protocol, rule, s.child); err != nil {
		return fmt.Errorf("%s: %w", protocol, err)
	}
	return nil
}

// allowEgress registers the rules that let members of a group connect to peers
// on a port.
func allowEgress(s scope, groupId pulumi.StringInput, port int, peers []Peer) error {
	for _, peer := range peers {
		rule := &vpc.SecurityGroupEgressRuleArgs{
			SecurityGroupId:           groupId,
			IpProtocol:                pulumi.String("tcp"),
			FromPort:                  pulumi.Int(port),
			ToPort:                    pulumi.Int(port),
			CidrIpv4:                  stringPtr(peer.CidrIpv4),
			CidrIpv6:                  stringPtr(peer.CidrIpv6),
			ReferencedSecurityGroupId: stringPtr(peer.SecurityGroupId),
			PrefixListId:              stringPtr(peer.PrefixListId),
		}
		if _, err := vpc.NewSecurityGroupEgressRule(s.ctx, s.name+"-to-"+peer.Name, rule, s.child); err != nil {
			return fmt.Errorf("egress to %s: %w", peer.Name, err)
		}
	}
	return nil
}
