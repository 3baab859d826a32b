package network

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/inventory"
	"private-api-blueprints/sandbox/live/livetest"
)

// web replaces the rules of the server's security group by inline ones.
func web(rules string) string {
	return `
- {id: sgr-web}
- {type: aws:ec2/securityGroup:SecurityGroup, id: sg-web, inputs: {name: web, vpcId: vpc-b, ingress: [` + rules + `]}}`
}

// client returns the place of a client with security groups in the private subnet.
func client(groups ...string) Place { return Place{Subnet: "subnet-private", Groups: groups} }

// clientGroup is a security group with one egress rule.
func clientGroup(rule string) string {
	return `
- {type: aws:ec2/securityGroup:SecurityGroup, id: sg-client, inputs: {name: client, vpcId: vpc-a}}
- {type: aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule, id: sgr-client, inputs: {securityGroupId: sg-client,
   ` + rule + `}}`
}

func TestSecurityGroupsOfReceivers(t *testing.T) {
	const https = "ipProtocol: tcp, fromPort: 443, toPort: 443, "
	for _, row := range []connection{
		{why: "an inline rule admits a range", with: web("{protocol: tcp, fromPort: 443, toPort: 443, " +
			"cidrBlocks: [10.1.10.0/24]}"), from: private1, to: "10.2.0.20", object: "i-web", source: "10.1.10.254"},
		{why: "an inline rule for UDP does not admit TCP", with: web("{protocol: udp, fromPort: 443, toPort: 443, " +
			"cidrBlocks: [10.1.10.0/24]}"), from: private1, to: "10.2.0.20", end: TimedOut,
			reason: "no rule of sg-web"},
		{why: "protocol -1 is every protocol and port", with: web("{protocol: \"-1\", fromPort: 0, toPort: 0, " +
			"cidrBlocks: [10.1.10.0/24]}"), from: private1, to: "10.2.0.20", object: "i-web", source: "10.1.10.254"},
		{why: "protocol 6 is TCP", with: web("{protocol: \"6\", fromPort: 443, toPort: 443, " +
			"cidrBlocks: [10.1.10.0/24]}"), from: private1, to: "10.2.0.20", object: "i-web", source: "10.1.10.254"},
		{why: "a group of a peered VPC can be named, with its account", with: web("{protocol: tcp, fromPort: 443, "+
			"toPort: 443, securityGroups: [123456789012/sg-client]}") + clientGroup(https+"cidrIpv4: 0.0.0.0/0"),
			from: client("sg-client"), to: "10.2.0.20", object: "i-web", source: "10.1.10.254"},
		{why: "a named group admits its members only", with: web("{protocol: tcp, fromPort: 443, toPort: 443, "+
			"securityGroups: [sg-client]}") + clientGroup(https+"cidrIpv4: 0.0.0.0/0"),
			from: private1, to: "10.2.0.20", end: TimedOut, reason: "no rule of sg-web"},
		{why: "self admits members of the group",
			with: web("{protocol: tcp, fromPort: 443, toPort: 443, self: true}") + `
- {type: aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule, id: sgr-out, inputs: {securityGroupId: sg-web,
   ipProtocol: tcp, fromPort: 443, toPort: 443, referencedSecurityGroupId: sg-web}}`,
			from: Place{Subnet: "subnet-b", Groups: []string{"sg-web"}}, to: "10.2.0.20", object: "i-web",
			source: "10.2.0.254"},
		{why: "self admits no others", with: web("{protocol: tcp, fromPort: 443, toPort: 443, self: true}"),
			from: Place{Subnet: "subnet-b"}, to: "10.2.0.20", end: TimedOut, reason: "no rule of sg-web admits"},
		{why: "the default group admits its members", with: `
- {type: aws:ec2/instance:Instance, id: i-web, inputs: {ami: ami-0123456789abcdef0, instanceType: t3.micro,
   subnetId: subnet-private, privateIp: 10.1.10.20}}`, from: client("{default}"), to: "10.1.10.20", object: "i-web",
			source: "10.1.10.254"},
		{why: "an adopted default group has only the rules of the program", with: `
- {type: aws:ec2/instance:Instance, id: i-web, inputs: {ami: ami-0123456789abcdef0, instanceType: t3.micro,
   subnetId: subnet-private, privateIp: 10.1.10.20}}
- {type: aws:ec2/defaultSecurityGroup:DefaultSecurityGroup, id: "{default}", inputs: {vpcId: vpc-a}}`,
			from: client("{default}"), to: "10.1.10.20", end: TimedOut,
			reason: "no rule of {default} lets traffic out"},
	} {
		t.Run(row.why, row.check)
	}
}

func TestSecurityGroupsOfSenders(t *testing.T) {
	const https = "ipProtocol: tcp, fromPort: 443, toPort: 443, "
	for _, row := range []connection{
		{why: "a group without egress rules lets nothing out", with: `
- {type: aws:ec2/securityGroup:SecurityGroup, id: sg-client, inputs: {name: client, vpcId: vpc-a}}`,
			from: client("sg-client"), to: "10.2.0.20", end: TimedOut,
			reason: "sg-client lets traffic out to 10.2.0.20:443"},
		{why: "an egress rule names a range", with: clientGroup(https + "cidrIpv4: 10.2.0.0/24"),
			from: client("sg-client"), to: "10.2.0.20", object: "i-web", source: "10.1.10.254"},
		{why: "an egress rule names the receiver's group",
			with: clientGroup(https + "referencedSecurityGroupId: sg-web"),
			from: client("sg-client"), to: "10.2.0.20", object: "i-web", source: "10.1.10.254"},
		{why: "a group of a receiver cannot be named for its public address",
			with: everybody + clientGroup(https+"referencedSecurityGroupId: sg-lb"),
			from: client("sg-client"), to: "{lb}", end: TimedOut, reason: "sg-client lets traffic out"},
		{why: "a NAT gateway hides the groups of the sender", with: clientGroup(https+"cidrIpv4: 0.0.0.0/0") + `
- {type: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, id: sgr-x, inputs: {securityGroupId: sg-lb,
   ipProtocol: tcp, fromPort: 443, toPort: 443, referencedSecurityGroupId: sg-client}}`,
			from: client("sg-client"), to: "{lb}", end: TimedOut, reason: "no rule of sg-lb admits {nat}"},
		{why: "a private NAT gateway hides them too", with: privateNAT + clientGroup(https+"cidrIpv4: 0.0.0.0/0") +
			web("{protocol: tcp, fromPort: 443, toPort: 443, securityGroups: [sg-client]}"), from: client("sg-client"),
			to: "10.2.0.20", end: TimedOut, reason: "no rule of sg-web admits 10.1.11.5"},
		{why: "the prefix list of a gateway endpoint is the service's", with: clientGroup(https + "prefixListId: {pl}"),
			from: client("sg-client"), to: "192.0.2.196", object: "s3", source: "10.1.10.254"},
		{why: "and nothing else", with: clientGroup(https + "prefixListId: {pl}"), from: client("sg-client"),
			to: "192.0.2.192", end: TimedOut, reason: "no rule of sg-client lets traffic out to 192.0.2.192:443"},
		{why: "the entries of a foreign prefix list are unknown", with: `
- {type: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, id: sgr-lb-in, inputs: {securityGroupId: sg-lb,
   ipProtocol: tcp, fromPort: 443, toPort: 443, prefixListId: pl-1}}`, from: internet, to: "{lb}", end: TimedOut,
			reason: "the sandbox does not know the entries of pl-1"},
	} {
		t.Run(row.why, row.check)
	}
}

// customACL is a network ACL of a subnet with rules.
func customACL(subnet, vpc, ingress, egress string) string {
	return `
- {type: aws:ec2/networkAcl:NetworkAcl, id: acl-1, inputs: {vpcId: ` + vpc + `, subnetIds: [` + subnet + `],
   ingress: [` + ingress + `], egress: [` + egress + `]}}`
}

func TestNetworkACLs(t *testing.T) {
	const (
		all   = "{ruleNo: 100, action: allow, protocol: \"-1\", fromPort: 0, toPort: 0, cidrBlock: 0.0.0.0/0}"
		https = "{ruleNo: 100, action: allow, protocol: tcp, fromPort: 443, toPort: 443, cidrBlock: 10.1.0.0/16}"
		linux = "{ruleNo: 100, action: allow, protocol: tcp, fromPort: 32768, toPort: 65535, cidrBlock: 0.0.0.0/0}"
		deny  = "{ruleNo: 50, action: deny, protocol: tcp, fromPort: 40000, toPort: 40001, cidrBlock: 0.0.0.0/0}"
		later = "{ruleNo: 200, action: deny, protocol: tcp, fromPort: 40000, toPort: 40001, cidrBlock: 0.0.0.0/0}"
	)
	arrives := func(why, with string) connection {
		return connection{why: why, with: with, from: private1, to: "10.2.0.20", object: "i-web", source: "10.1.10.254"}
	}
	stops := func(why, with, reason string) connection {
		return connection{why: why, with: with, from: private1, to: "10.2.0.20", end: TimedOut, reason: reason}
	}
	for _, row := range []connection{
		arrives("an ACL that admits everything", customACL("subnet-b", "vpc-b", all, all)),
		arrives("the request's port, and the answer's", customACL("subnet-b", "vpc-b", https, linux)),
		arrives("a later rule changes nothing", customACL("subnet-b", "vpc-b", https, linux+","+later)),
		stops("an ACL without rules denies everything", customACL("subnet-b", "vpc-b", "", ""),
			"acl-1 stops packets from 10.1.10.254: no rule allows port 443"),
		stops("an ACL does not remember connections", customACL("subnet-b", "vpc-b", https, ""),
			"acl-1 stops answers to 10.1.10.254: no rule allows port 32768"),
		stops("an earlier rule wins", customACL("subnet-b", "vpc-b", https, linux+","+deny),
			"rule 50 denies port 40000"),
		stops("the client's subnet lets requests out", customACL("subnet-private", "vpc-a", all, linux),
			"acl-1 stops packets to 10.2.0.20: no rule allows port 443"),
		stops("the client's subnet lets answers in", customACL("subnet-private", "vpc-a", https, all),
			"acl-1 stops answers from 10.2.0.20: no rule allows port 32768"),
		{why: "packets within a subnet pass no ACL", with: customACL("subnet-private", "vpc-a", "", ""), from: private1,
			to: "10.1.10.10", object: "execute-api", source: "10.1.10.254"},
		{why: "a NAT gateway chooses from more ports than a Linux client", from: private1, to: "{lb}",
			with: everybody + customACL("subnet-public", "vpc-a", linux+","+
				"{ruleNo: 90, action: allow, protocol: tcp, fromPort: 443, toPort: 443, cidrBlock: 0.0.0.0/0}", all),
			end: TimedOut, reason: "no rule allows port 1024"},
		{why: "packets to a NAT gateway pass the ACL of their subnet", from: private1, to: "{lb}",
			with: everybody + customACL("subnet-private", "vpc-a", "", all), end: TimedOut,
			reason: "acl-1 stops answers from {lb}"},
		{why: "packets to an internet gateway pass the ACL of their subnet", from: Place{Subnet: "subnet-public"},
			to: "192.0.2.192", with: customACL("subnet-public", "vpc-a", all, ""), end: TimedOut,
			reason: "acl-1 stops packets to 192.0.2.192"},
		{why: "packets from on premises pass the ACL of their target", from: onPremise, to: "10.1.10.10",
			with: customACL("subnet-private", "vpc-a", https, all), end: TimedOut,
			reason: "acl-1 stops packets from 192.168.100.10"},
		{why: "an ACL sees the internet's addresses", from: internet, to: "{lb}",
			with: customACL("subnet-public", "vpc-a", https, all), end: TimedOut,
			reason: "acl-1 stops packets from 192.0.2.1"},
	} {
		t.Run(row.why, row.check)
	}
}

func TestLoadBalancerNodesSendWithTheirGroups(t *testing.T) {
	n := New(livetest.Open(t, world))
	clientAddr := netip.MustParseAddr("192.0.2.7")
	for _, row := range []connection{
		{why: "a node reaches an endpoint that names its group", from: nodeOf(n), to: "10.1.10.10",
			object: "execute-api", source: "{node}"},
		{why: "the egress rules of the node hold", from: nodeOf(n), to: "10.1.10.10", with: "- {id: sgr-lb-out}",
			end: TimedOut, reason: "no rule of sg-lb lets traffic out"},
		{why: "the group is the same if the client's address is preserved", from: nodeOf(n, clientAddr),
			to: "10.1.10.10", object: "execute-api", source: "192.0.2.7"},
		{why: "a node chooses from more ports than a Linux client", from: nodeOf(n), to: "10.1.10.10",
			with: customACL("subnet-private", "vpc-a", "{ruleNo: 1, action: allow, protocol: \"-1\", fromPort: 0, "+
				"toPort: 0, cidrBlock: 0.0.0.0/0}", "{ruleNo: 1, action: allow, protocol: tcp, fromPort: 32768, "+
				"toPort: 65535, cidrBlock: 0.0.0.0/0}"), end: TimedOut, reason: "no rule allows port 1024"},
		{why: "answers to a node's own address need a route", from: nodeOf(n), to: "10.2.0.20", with: `
- {id: r-ba}
- {type: aws:ec2/route:Route, id: r-public-b, inputs: {routeTableId: rtb-public, destinationCidrBlock: 10.2.0.0/16,
   vpcPeeringConnectionId: pcx-ab}}`, end: TimedOut, reason: "the answer is lost: route table rtb-b"},
		{why: "answers come back to the node if the client's address is preserved", from: nodeOf(n, clientAddr),
			to: "10.2.0.20", with: `
- {type: aws:ec2/route:Route, id: r-public-b, inputs: {routeTableId: rtb-public, destinationCidrBlock: 10.2.0.0/16,
   vpcPeeringConnectionId: pcx-ab}}
- {type: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, id: sgr-any, inputs: {securityGroupId: sg-web,
   ipProtocol: tcp, fromPort: 443, toPort: 443, cidrIpv4: 192.0.2.0/24}}`, object: "i-web", source: "192.0.2.7"},
	} {
		t.Run(row.why, row.check)
	}
}

func TestPrivateLink(t *testing.T) {
	const on = `
- {type: aws:lb/loadBalancer:LoadBalancer, id: "` + internalLB + `",
   inputs: {name: nlb, loadBalancerType: network, internal: true, securityGroups: [sg-nlb],
   enforceSecurityGroupInboundRulesOnPrivateLinkTraffic: "on",
   subnetMappings: [{subnetId: subnet-b, privateIpv4Address: 10.2.0.40}]}}`
	const admit = `
- {type: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, id: sgr-nlb, inputs: {securityGroupId: sg-nlb,
   ipProtocol: tcp, fromPort: 443, toPort: 443, cidrIpv4: 10.1.10.0/24}}`
	const link = `
- {id: vpce-b}
- {id: vpce-svc-b}
- {type: aws:apigateway/vpcLink:VpcLink, id: link1, inputs: {name: link, targetArn: "` + internalLB + `"}}`
	gateway := Place{Outside: Service, Owner: "link1"}
	for _, row := range []connection{
		{why: "an endpoint of API Gateway", from: private1, to: "10.1.10.10", object: "execute-api",
			source: "10.1.10.254"},
		{why: "an endpoint's group", from: Place{Subnet: "subnet-alone"}, to: "10.1.10.10", end: TimedOut,
			reason: "no rule of sg-vpce admits 10.1.11.254"},
		{why: "API Gateway listens on port 443 only", from: private1, to: "10.1.10.10", port: "80", end: Refused,
			with: web("") + `
- {type: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, id: sgr-80, inputs: {securityGroupId: sg-vpce,
   ipProtocol: tcp, fromPort: 80, toPort: 80, cidrIpv4: 10.1.0.0/16}}`, reason: "nothing on port 80 of execute-api"},
		{why: "a service of AWS that is not simulated", from: private1, to: "10.1.10.12", end: Refused, with: `
- {type: aws:ec2/vpcEndpoint:VpcEndpoint, id: vpce-x, inputs: {vpcId: vpc-a, vpcEndpointType: Interface,
   serviceName: com.amazonaws.us-east-1.secretsmanager, subnetIds: [subnet-private], securityGroupIds: [sg-vpce],
   subnetConfigurations: [{subnetId: subnet-private, ipv4: 10.1.10.12}]}}`, reason: "simulates nothing on port 443 of"},
		{why: "an endpoint service leads to its load balancer, which sees the client's address", from: private1,
			to: "10.1.10.11", object: internalLB, source: "10.1.10.254"},
		{why: "the load balancer's groups hold for PrivateLink", with: on, from: private1, to: "10.1.10.11",
			end:    TimedOut,
			reason: "no rule of sg-nlb admits 10.1.10.254 to port 443, and the rules hold for PrivateLink"},
		{why: "the load balancer's groups can name the client's range", with: on + admit, from: private1,
			to: "10.1.10.11", object: internalLB, source: "10.1.10.254"},
		{why: "the load balancer's groups cannot name the client's", with: on + clientGroup("ipProtocol: \"-1\", "+
			"cidrIpv4: 0.0.0.0/0") + `
- {type: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, id: sgr-x, inputs: {securityGroupId: sg-nlb,
   ipProtocol: tcp, fromPort: 443, toPort: 443, referencedSecurityGroupId: sg-client}}`, from: client("sg-client"),
			to: "10.1.10.11", end: TimedOut, reason: "no rule of sg-nlb admits 10.1.10.254"},
		{why: "a connection waits for acceptance", with: `
- {type: aws:ec2/vpcEndpointService:VpcEndpointService, id: vpce-svc-b, inputs: {acceptanceRequired: true,
   allowedPrincipals: ["*"], networkLoadBalancerArns: ["` + internalLB + `"]}}`, from: private1, to: "10.1.10.11",
			end: TimedOut, reason: "vpce-b is not available but pendingAcceptance"},
		{why: "the load balancer drops what has no listener", from: private1, to: "10.1.10.11", port: "8443", with: `
- {type: aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule, id: sgr-x, inputs: {securityGroupId: sg-vpce,
   ipProtocol: "-1", cidrIpv4: 10.1.0.0/16}}`, end: TimedOut,
			reason: "nlb nlb us-east-1a has no listener on port 8443"},
		{why: "a VPC link brings an address of AWS's own", with: link, from: gateway, to: "10.2.0.40",
			object: internalLB, source: "100.64.0.10"},
		{why: "no range of a VPC admits a VPC link", with: link + on + admit, from: gateway, to: "10.2.0.40",
			end: TimedOut, reason: "no rule of sg-nlb admits 100.64.0.10"},
		{why: "a VPC link leads to its load balancer only", with: link, from: gateway, to: "10.2.0.20", end: TimedOut,
			reason: "no node of the load balancer of VPC link link1 has the address"},
		{why: "an internal load balancer's groups admit no peer by PrivateLink's rules", from: private1,
			to: "10.2.0.40", end: TimedOut, reason: "no rule of sg-nlb admits 10.1.10.254 to port 443"},
	} {
		t.Run(row.why, row.check)
	}
}

// TestIPv6LoadBalancers has load balancers with the IPv6 address ::40 in the public subnet.
func TestIPv6LoadBalancers(t *testing.T) {
	balancer := func(internal string) string {
		return `
- {type: aws:lb/loadBalancer:LoadBalancer, id: "` + publicLB + `", inputs: {name: lb, loadBalancerType: network,
   internal: ` + internal + `, ipAddressType: dualstack, subnetMappings: [{subnetId: subnet-public,
   ipv6Address: "2001:db8:a::40"}]}}`
	}
	for _, row := range []connection{
		{why: "the internet reaches an internet-facing load balancer by IPv6", with: balancer("false"), from: internet,
			to: "2001:db8:a::40", object: publicLB, source: "3fff:f00::1"},
		{why: "an internal load balancer denies internet gateways", with: balancer("true"), from: internet,
			to: "2001:db8:a::40", end: TimedOut,
			reason: "nlb lb us-east-1a is internal and denies all traffic of internet gateways"},
		{why: "clients in the VPC reach an internal load balancer by IPv6", with: balancer("true"), from: private1,
			to: "2001:db8:a::40", object: publicLB, source: "2001:db8:a:10:ffff:ffff:ffff:ffff"},
		{why: "an egress-only gateway admits nothing", with: balancer("false") + `
- {id: rtbassoc-public}
- {type: aws:ec2/routeTableAssociation:RouteTableAssociation, id: rtbassoc-other,
   inputs: {routeTableId: rtb-private, subnetId: subnet-public}}`, from: internet, to: "2001:db8:a::40",
			end: TimedOut, reason: "by eigw-a, not by an internet gateway"},
	} {
		t.Run(row.why, row.check)
	}
}

// TestAnEndpointLeadsToTheNodeInItsZone has an endpoint in a zone in which the load balancer has its second node.
func TestAnEndpointLeadsToTheNodeInItsZone(t *testing.T) {
	inv := livetest.Open(t, world, `
- {type: aws:lb/loadBalancer:LoadBalancer, id: "`+internalLB+`", inputs: {name: nlb, loadBalancerType: network,
   internal: true, subnetMappings: [{subnetId: subnet-b, privateIpv4Address: 10.2.0.40},
   {subnetId: subnet-b2, privateIpv4Address: 10.2.1.40}]}}
- {type: aws:ec2/vpcEndpoint:VpcEndpoint, id: vpce-b, inputs: {vpcId: vpc-a, vpcEndpointType: Interface,
   serviceName: com.amazonaws.vpce.us-east-1.vpce-svc-b, subnetIds: [subnet-private, subnet-alone],
   securityGroupIds: [sg-vpce], subnetConfigurations: [{subnetId: subnet-private, ipv4: 10.1.10.11},
   {subnetId: subnet-alone, ipv4: 10.1.11.11}]}}`)
	for to, node := range map[string]string{"10.1.10.11": "10.2.0.40", "10.1.11.11": "10.2.1.40"} {
		assert.Equal(t, node, arrivalAt(t, inv, private1, to).To.Addr().String(), to)
	}
	inv.Find(endpointType, "vpce-b").Region = "eu-west-1"
	assert.Equal(t, "10.2.0.40", arrivalAt(t, inv, private1, "10.1.11.11").To.Addr().String(),
		"zones of two regions have nothing in common")
	inv.Find(loadBalancerType, internalLB).Interfaces = nil
	_, err := New(inv).Dial(t.Context(), private1, netip.MustParseAddrPort("10.1.10.11:443"))
	assert.ErrorContains(t, err, "no load balancer of the endpoint service vpce-svc-b has a node in")
}

// arrivalAt returns what a handler on port 443 learns about a connection.
func arrivalAt(t *testing.T, inv *inventory.Inventory, from Place, to string) Arrival {
	t.Helper()
	n := New(inv)
	arrived := make(chan Arrival, 1)
	for _, object := range []string{internalLB, "i-web", "execute-api"} {
		n.Listen(object, 443, HandlerFunc(func(_ context.Context, _ net.Conn, a Arrival) { arrived <- a }))
	}
	_, err := n.Dial(t.Context(), from, netip.AddrPortFrom(netip.MustParseAddr(to), 443))
	require.NoError(t, err)
	n.Close()
	return <-arrived
}

// TestWhatAnAccountMayBecome changes the world in ways that the simulated account does not let happen in one step.
func TestWhatAnAccountMayBecome(t *testing.T) {
	sixth := `
- {type: aws:ec2/vpcEndpoint:VpcEndpoint, id: vpce-api, inputs: {vpcId: vpc-a, vpcEndpointType: Interface,
   serviceName: com.amazonaws.us-east-1.execute-api, subnetIds: [subnet-private], ipAddressType: dualstack,
   subnetConfigurations: [{subnetId: subnet-private, ipv4: 10.1.10.10, ipv6: "2001:db8:a:10::10"}]}}`
	for _, row := range []struct {
		why    string
		change func(*inventory.Inventory)
		from   Place
		to     string
		reason string
	}{
		{"a group of a VPC in another region cannot be named", func(inv *inventory.Inventory) {
			inv.Find(vpcType, "vpc-b").Region = "eu-west-1"
			rule := inv.Find("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "sgr-web")
			rule.Out["cidrIpv4"], rule.Out["referencedSecurityGroupId"] = "", "sg-lb"
		}, client("sg-lb"), "10.2.0.20", "no rule of sg-web admits 10.1.10.254"},
		{"the other side of a peering connection is in another account", func(inv *inventory.Inventory) {
			inv.Find(peeringType, "pcx-ab").Out["peerVpcId"] = "vpc-foreign"
		}, private1, "10.2.0.20", "pcx-ab leads to vpc-foreign, which is not in the account"},
		{"an endpoint service without IPv6", func(inv *inventory.Inventory) {
			inv.Find(endpointType, "vpce-api").Out["serviceName"] = "com.amazonaws.vpce.us-east-1.vpce-svc-b"
			inv.Find(endpointType, "vpce-api").Out["securityGroupIds"] = []any{}
		}, private1, "2001:db8:a:10::10", "the endpoint service vpce-svc-b does not support IPv6"},
		{"an endpoint service in another account", func(inv *inventory.Inventory) {
			inv.Find(endpointType, "vpce-b").Out["serviceName"] = "com.amazonaws.vpce.us-east-1.vpce-svc-foreign"
		}, private1, "10.1.10.11", "the endpoint service vpce-svc-foreign is not in the account"},
	} {
		inv := livetest.Open(t, world, sixth)
		row.change(inv)
		to := netip.AddrPortFrom(netip.MustParseAddr(row.to), 443)
		_, err := New(inv).Dial(t.Context(), row.from, to)
		assert.ErrorContains(t, err, row.reason, row.why)
	}
}

func TestAnApplicationLoadBalancerResetsAClosedPort(t *testing.T) {
	const alb = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/alb/3"
	inv := livetest.Open(t, world, `
- {type: aws:lb/loadBalancer:LoadBalancer, id: "`+alb+`", inputs: {name: alb, internal: true,
   subnets: [subnet-private, subnet-alone], securityGroups: [sg-vpce]}}`)
	n := New(inv)
	_, err := n.Dial(t.Context(), private1, netip.AddrPortFrom(n.topology.nics[alb][0].addrs[0], 443))
	assert.EqualError(t, err, "connection refused: nothing listens on port 443 of alb alb us-east-1a")
}

func TestAnElasticIPLeadsToItsInstance(t *testing.T) {
	for why, with := range map[string]string{
		"that EC2 gave it": `
- {type: aws:ec2/instance:Instance, id: i-x, inputs: {ami: ami-0123456789abcdef0, instanceType: t3.micro,
   subnetId: subnet-public, vpcSecurityGroupIds: [sg-lb]}}`,
		"associated with the instance": `
- {type: aws:ec2/instance:Instance, id: i-x, inputs: {ami: ami-0123456789abcdef0, instanceType: t3.micro,
   subnetId: subnet-public, vpcSecurityGroupIds: [sg-lb], associatePublicIpAddress: false}}
- {type: aws:ec2/eip:Eip, id: eipalloc-x, inputs: {domain: vpc, instance: i-x}}`,
		"associated with the interface": `
- {type: aws:ec2/instance:Instance, id: i-x, inputs: {ami: ami-0123456789abcdef0, instanceType: t3.micro,
   subnetId: subnet-public, vpcSecurityGroupIds: [sg-lb], associatePublicIpAddress: false}}
- {type: aws:ec2/eip:Eip, id: eipalloc-x, inputs: {domain: vpc, networkInterface: "{eni}"}}`,
	} {
		eni := ""
		if first := livetest.Open(t, world, strings.Split(with, "- {type: aws:ec2/eip")[0]); first != nil {
			eni = first.Find(instanceType, "i-x").Interfaces[0].ID
		}
		inv := livetest.Open(t, world, strings.ReplaceAll(with, "{eni}", eni))
		public := inv.Find(instanceType, "i-x").Out.String("publicIp")
		if eip := inv.Find(elasticIPType, "eipalloc-x"); eip != nil {
			public = eip.Out.String("publicIp")
		}
		_, err := New(inv).Dial(t.Context(), internet, netip.MustParseAddrPort(public+":443"))
		assert.EqualError(t, err, "connection refused: nothing listens on port 443 of instance i-x us-east-1a", why)
	}
}
