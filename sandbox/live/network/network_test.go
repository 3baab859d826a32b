package network

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/livetest"
)

// Addresses that the account chooses for the world, in the form of names.
func addresses(n *Network) *strings.Replacer {
	lb := n.topology.nics[publicLB][0]
	return strings.NewReplacer("{lb}", lb.public.String(), "{node}", lb.addrs[0].String(),
		"{nat}", n.topology.nics["nat-a"][0].public.String(),
		"{pl}", n.topology.inv.Find(endpointType, "vpce-s3").Out.String("prefixListId"),
		"{default}", n.topology.vpcs["vpc-a"].Out.String("defaultSecurityGroupId"))
}

// connection is a row of a table: what happens to a connection.
type connection struct {
	why  string
	with string // Changes of the world.
	from Place
	to   string
	port string // 443 if empty.
	// object is who receives the connection, and source the address that it sees.
	object, source string
	end            End    // How the connection fails, instead.
	reason         string // Part of why it fails.
}

var (
	private1  = Place{Subnet: "subnet-private"}
	internet  = Place{Outside: Internet}
	onPremise = Place{Outside: OnPremises, Subnet: "subnet-private"}
)

// nodeOf returns the place of the public load balancer's node.
func nodeOf(n *Network, addrs ...netip.Addr) Place {
	c := n.topology.nics[publicLB][0]
	p := c.place()
	if len(addrs) > 0 {
		p.Addrs = addrs
	}
	return p
}

// privateNAT has a NAT gateway that joins private networks, on the way from the private subnet to the second VPC.
const privateNAT = `
- {id: r-ab}
- {type: aws:ec2/routeTable:RouteTable, id: rtb-alone, inputs: {vpcId: vpc-a}}
- {type: aws:ec2/routeTableAssociation:RouteTableAssociation, id: rtbassoc-alone,
   inputs: {routeTableId: rtb-alone, subnetId: subnet-alone}}
- {type: aws:ec2/natGateway:NatGateway, id: nat-p, inputs: {subnetId: subnet-alone, connectivityType: private,
   privateIp: 10.1.11.5}}
- {type: aws:ec2/route:Route, id: r-alone, inputs: {routeTableId: rtb-alone, destinationCidrBlock: 10.2.0.0/16,
   vpcPeeringConnectionId: pcx-ab}}
- {type: aws:ec2/route:Route, id: r-ab, inputs: {routeTableId: rtb-private, destinationCidrBlock: 10.2.0.0/16,
   natGatewayId: nat-p}}
`

// taken is an instance that has the highest public address.
const taken = `
- {type: aws:ec2/instance:Instance, id: i-taken, inputs: {ami: ami-0123456789abcdef0, instanceType: t3.micro,
   subnetId: subnet-public, associatePublicIpAddress: false, publicIp: 203.0.113.254}}
`

// everybody lets the group of the public load balancer admit everybody.
const everybody = `
- {type: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, id: sgr-all, inputs: {securityGroupId: sg-lb,
   ipProtocol: "-1", cidrIpv4: 0.0.0.0/0}}
`

func TestTheInternetReachesPublicAddresses(t *testing.T) {
	for _, row := range []connection{
		{why: "an Elastic IP leads to the node", from: internet, to: "{lb}", object: publicLB, source: "192.0.2.1"},
		{why: "a client has the address that it asks for", from: Place{Outside: Internet,
			Addrs: []netip.Addr{netip.MustParseAddr("192.0.2.9")}}, to: "{lb}", object: publicLB, source: "192.0.2.9"},
		{why: "the group admits a range only", from: Place{Outside: Internet,
			Addrs: []netip.Addr{netip.MustParseAddr("233.252.0.1")}}, to: "{lb}", end: TimedOut,
			reason: "no rule of sg-lb admits 233.252.0.1 to port 443"},
		{why: "the group admits one port only", from: internet, to: "{lb}", port: "444", end: TimedOut,
			reason: "no rule of sg-lb admits 192.0.2.1 to port 444"},
		{why: "a Network Load Balancer drops what has no listener", with: everybody, from: internet, to: "{lb}",
			port: "80", end: TimedOut, reason: "nlb lb us-east-1a has no listener on port 80"},
		{why: "an instance resets a port that nothing listens on", from: private1, to: "10.2.0.20", with: `
- {type: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, id: sgr-80, inputs: {securityGroupId: sg-web,
   ipProtocol: tcp, fromPort: 80, toPort: 80, cidrIpv4: 10.1.0.0/16}}`, port: "80", end: Refused,
			reason: "nothing listens on port 80 of instance web us-east-1a"},
		{why: "the internet has no route to a private address", from: internet, to: "10.1.0.190", end: TimedOut,
			reason: "private address"},
		{why: "nobody has the address", from: internet, to: "203.0.113.254", end: TimedOut, reason: "nothing"},
		{why: "a NAT gateway accepts nothing", from: internet, to: "{nat}", end: TimedOut, reason: "accepts no"},
		{why: "an answer needs a route to an internet gateway", from: internet, to: "{lb}", with: `
- {id: r-igw}`, end: TimedOut, reason: "the answer is lost: route table rtb-public of subnet-public has no route"},
		{why: "an answer through a NAT gateway is lost", from: internet, to: "{lb}", with: `
- {id: rtbassoc-public}
- {type: aws:ec2/routeTableAssociation:RouteTableAssociation, id: rtbassoc-other,
   inputs: {routeTableId: rtb-private, subnetId: subnet-public}}`, end: TimedOut, reason: "by nat-a, not by"},
	} {
		t.Run(row.why, row.check)
	}
}

func TestRoutesLeadToGateways(t *testing.T) {
	for _, row := range []connection{
		{why: "a NAT gateway sends from its Elastic IP", with: everybody, from: private1, to: "{lb}",
			object: publicLB, source: "{nat}"},
		{why: "a NAT gateway follows the routes of its own subnet", with: everybody + "- {id: r-igw}", from: private1,
			to: "{lb}", end: TimedOut, reason: "route table rtb-public of subnet-public has no route"},
		{why: "the main table of a VPC has no route to the internet", from: Place{Subnet: "subnet-alone"}, to: "{lb}",
			end: TimedOut, reason: "of subnet-alone has no route to"},
		{why: "a client in a public subnet has a public address", from: Place{Subnet: "subnet-public"}, to: "{lb}",
			with: everybody, object: publicLB,
			source: "203.0.113.254"},
		{why: "an internet gateway drops packets from private addresses", from: Place{Subnet: "subnet-public"},
			to: "{lb}", with: `
- {type: aws:ec2/subnet:Subnet, id: subnet-public, inputs: {vpcId: vpc-a, cidrBlock: 10.1.0.0/24,
   ipv6CidrBlock: "2001:db8:a::/64", availabilityZone: us-east-1a, mapPublicIpOnLaunch: false}}`,
			end: TimedOut, reason: "has no public IPv4 address"},
		{why: "IPv6 leaves through an egress-only gateway", from: private1, to: "3fff:1:1::1", object: "execute-api",
			source: "2001:db8:a:10:ffff:ffff:ffff:ffff"},
		{why: "IPv4 reaches API Gateway through a NAT gateway", from: private1, to: "192.0.2.192",
			object: "execute-api", source: "{nat}"},
		{why: "IPv6 passes an internet gateway as it is", from: Place{Subnet: "subnet-public"}, to: "3fff:1:1::1",
			object: "execute-api", source: "2001:db8:a:0:ffff:ffff:ffff:ffff"},
		{why: "an IPv4 address as IPv6 writes it", from: private1, to: "::ffff:10.1.10.10", object: "execute-api",
			source: "10.1.10.254"},
		{why: "a free address is nobody's", with: `
- {type: aws:ec2/instance:Instance, id: i-last, inputs: {ami: ami-0123456789abcdef0, instanceType: t3.micro,
   subnetId: subnet-private, privateIp: 10.1.10.254}}`, from: private1, to: "10.1.10.10", object: "execute-api",
			source: "10.1.10.253"},
	} {
		t.Run(row.why, row.check)
	}
}

func TestGatewaysTranslateAndRefuse(t *testing.T) {
	for _, row := range []connection{
		{why: "a NAT gateway does not translate IPv6", with: `
- {type: aws:ec2/route:Route, id: r-64, inputs: {routeTableId: rtb-private, destinationIpv6CidrBlock: "64:ff9b::/96",
   natGatewayId: nat-a}}`, from: private1, to: "64:ff9b::1", end: TimedOut, reason: "nat-a sends no packets of"},
		{why: "a NAT gateway that leads to itself", with: `
- {id: r-igw}
- {type: aws:ec2/route:Route, id: r-igw, inputs: {routeTableId: rtb-public, destinationCidrBlock: 0.0.0.0/0,
   natGatewayId: nat-a}}`, from: private1, to: "{lb}", end: TimedOut, reason: "nat-a sends no packets of"},
		{why: "a private NAT gateway sends from its private address", with: privateNAT, from: private1, to: "10.2.0.20",
			object: "i-web", source: "10.1.11.5"},
		{why: "a gateway endpoint keeps the private address", from: private1, to: "192.0.2.196", object: "s3",
			source: "10.1.10.254"},
		{why: "S3 without a gateway endpoint", from: Place{Subnet: "subnet-alone"}, to: "192.0.2.196", end: TimedOut,
			reason: "has no route to 192.0.2.196"},
		{why: "an internal load balancer has no public address", from: internet, to: "192.0.2.128", end: TimedOut,
			reason: "nothing in the account has the address"},
		{why: "AWS gives a load balancer without Elastic IPs an address", from: internet, to: "192.0.2.128", with: `
- {type: aws:lb/loadBalancer:LoadBalancer, id: "` + publicLB + `", inputs: {name: lb, loadBalancerType: network,
   securityGroups: [sg-lb], subnets: [subnet-public]}}`, object: publicLB, source: "192.0.2.1"},
		{why: "a public address that is taken is not given again", from: Place{Subnet: "subnet-public"}, to: "{lb}",
			with: everybody + taken, object: publicLB, source: "203.0.113.253"},
		{why: "AWS's services have their own public addresses", from: Place{Outside: Service}, to: "{lb}",
			with: everybody, object: publicLB, source: "198.51.100.254"},
		{why: "a subnet that does not exist", from: Place{Subnet: "subnet-none"}, to: "{lb}", end: Unreachable,
			reason: "the account has no subnet subnet-none"},
		{why: "a host without IPv6 cannot send IPv6", from: Place{Subnet: "subnet-alone"}, to: "3fff:1:1::1",
			end: Unreachable, reason: "no IPv6 address"},
		{why: "the longest prefix wins", with: everybody + `
- {type: aws:ec2/route:Route, id: r-longer, inputs: {routeTableId: rtb-private, destinationCidrBlock: 192.0.2.0/24,
   vpcPeeringConnectionId: pcx-ab}}`, from: private1, to: "192.0.2.192", end: TimedOut,
			reason: "pcx-ab leads to vpc-b, which does not pass packets on"},
		{why: "an inline route counts too", with: everybody + `
- {id: r-nat}
- {type: aws:ec2/routeTable:RouteTable, id: rtb-private, inputs: {vpcId: vpc-a,
   routes: [{cidrBlock: 0.0.0.0/0, natGatewayId: nat-a}]}}`, from: private1, to: "{lb}", object: publicLB,
			source: "{nat}"},
		{why: "nothing behind a transit gateway is simulated", with: `
- {type: aws:ec2/route:Route, id: r-tgw, inputs: {routeTableId: rtb-private, destinationCidrBlock: 10.9.0.0/16,
   transitGatewayId: tgw-1}}`, from: private1, to: "10.9.0.1", end: TimedOut,
			reason: "does not simulate tgw-1"},
	} {
		t.Run(row.why, row.check)
	}
}

func TestPeeringJoinsTwoVPCs(t *testing.T) {
	for _, row := range []connection{
		{why: "a peering connection joins two VPCs", from: private1, to: "10.2.0.20", object: "i-web",
			source: "10.1.10.254"},
		{why: "a peering connection leads both ways", from: Place{Subnet: "subnet-b"}, to: "10.1.10.10", with: `
- {type: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, id: sgr-x, inputs: {securityGroupId: sg-vpce,
   ipProtocol: tcp, fromPort: 443, toPort: 443, cidrIpv4: 10.2.0.0/16}}`, object: "execute-api",
			source: "10.2.0.254"},
		{why: "a peering connection must be active", from: private1, to: "10.2.0.20", with: `
- {type: aws:ec2/vpcPeeringConnection:VpcPeeringConnection, id: pcx-ab, inputs: {vpcId: vpc-a, peerVpcId: vpc-b}}`,
			end: TimedOut, reason: "pcx-ab is not active but pending-acceptance"},
		{why: "the other side needs a route too", from: private1, to: "10.2.0.20", with: "- {id: r-ba}",
			end: TimedOut, reason: "the answer is lost: route table rtb-b of subnet-b has no route to 10.1.10.254"},
		{why: "nobody has the address in the other VPC", from: private1, to: "10.2.0.99", end: TimedOut,
			reason: "no interface in vpc-b has the address"},
		{why: "on premises has no way over a peering connection", from: onPremise, to: "10.2.0.20", end: TimedOut,
			reason: "on premises has no route"},
		{why: "on premises reaches the VPC that it is connected with", from: onPremise, to: "10.1.10.10", with: `
- {type: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, id: sgr-x, inputs: {securityGroupId: sg-vpce,
   ipProtocol: tcp, fromPort: 443, toPort: 443, cidrIpv4: 192.168.0.0/16}}`, object: "execute-api",
			source: "192.168.100.10"},
		{why: "on premises reaches the internet from a public address", from: onPremise, to: "{lb}", object: publicLB,
			source: "192.0.2.100"},
	} {
		t.Run(row.why, row.check)
	}
}

func (row connection) check(t *testing.T) {
	names := addresses(New(livetest.Open(t, world)))
	n := New(livetest.Open(t, world, names.Replace(row.with)))
	t.Cleanup(n.Close)
	for i, group := range row.from.Groups {
		row.from.Groups[i] = names.Replace(group)
	}
	for _, object := range []string{publicLB, internalLB, "i-web", "execute-api", "s3"} {
		n.Listen(object, 443, HandlerFunc(func(_ context.Context, c net.Conn, a Arrival) {
			io.WriteString(c, object+" from "+a.From.Addr().String())
		}))
	}
	port := "443"
	if row.port != "" {
		port = row.port
	}
	to := netip.MustParseAddrPort(net.JoinHostPort(names.Replace(row.to), port))
	c, err := n.Dial(t.Context(), row.from, to)
	if row.end != "" {
		var stop *Stopped
		require.ErrorAs(t, err, &stop)
		assert.Equal(t, row.end, stop.End)
		assert.Contains(t, stop.Reason, names.Replace(row.reason))
		return
	}
	require.NoError(t, err)
	said, err := io.ReadAll(c)
	require.NoError(t, err)
	assert.Equal(t, row.object+" from "+names.Replace(row.source), string(said))
}

func TestATimeOutIsAnErrorOfTheNetPackage(t *testing.T) {
	n := New(livetest.Open(t, world))
	_, err := n.Dial(t.Context(), internet, netip.MustParseAddrPort("203.0.113.254:443"))
	var timeout net.Error
	require.True(t, errors.As(err, &timeout))
	assert.True(t, timeout.Timeout())
}
