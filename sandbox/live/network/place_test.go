package network

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live/livetest"
)

// people are things that a person may name: functions, and names that are used twice.
const people = `
- {type: aws:iam/role:Role, id: fn, inputs: {name: fn, assumeRolePolicy: '{"Version":"2012-10-17","Statement":[{
   "Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}'}}
- {type: aws:iam/rolePolicyAttachment:RolePolicyAttachment, id: fn-vpc, inputs: {role: fn,
   policyArn: "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"}}
- {type: aws:lambda/function:Function, id: outside, inputs: {name: outside, code: hash, runtime: python3.13,
   role: "arn:aws:iam::123456789012:role/fn", handler: x.y}}
- {type: aws:lambda/function:Function, id: inside, inputs: {name: inside, code: hash, runtime: python3.13,
   role: "arn:aws:iam::123456789012:role/fn", handler: x.y, vpcConfig: {subnetIds: [subnet-private],
   securityGroupIds: [sg-lb]}}}
- {type: aws:ec2/subnet:Subnet, id: subnet-two, inputs: {vpcId: vpc-b, cidrBlock: 10.2.9.0/24,
   availabilityZone: us-east-1b, tags: {Name: back}}}
- {type: aws:ec2/subnet:Subnet, id: subnet-words, inputs: {vpcId: vpc-b, cidrBlock: 10.2.8.0/24,
   availabilityZone: us-east-1b, tags: {Name: the back room}}}
- {type: aws:ec2/vpc:Vpc, id: vpc-twin, inputs: {cidrBlock: 10.2.0.0/16}}
- {type: aws:ec2/subnet:Subnet, id: subnet-twin, inputs: {vpcId: vpc-twin, cidrBlock: 10.2.0.0/24,
   availabilityZone: us-east-1a}}
- {type: aws:ec2/vpc:Vpc, id: vpc-six, inputs: {cidrBlock: 10.6.0.0/16, assignGeneratedIpv6CidrBlock: true},
   private: {ipv6CidrBlock: "2001:db8:6::/56"}}
- {type: aws:ec2/subnet:Subnet, id: subnet-four, inputs: {vpcId: vpc-six, cidrBlock: 10.6.0.0/24,
   availabilityZone: us-east-1a}}
- {type: aws:ec2/subnet:Subnet, id: subnet-six, inputs: {vpcId: vpc-six, cidrBlock: 10.6.1.0/24,
   ipv6CidrBlock: "2001:db8:6::/64", availabilityZone: us-east-1a}}
- {type: aws:ec2/vpc:Vpc, id: vpc-empty, inputs: {cidrBlock: 10.4.0.0/16}}
`

func addrs(texts ...string) []netip.Addr {
	var all []netip.Addr
	for _, text := range texts {
		all = append(all, netip.MustParseAddr(text))
	}
	return all
}

func TestPlacesHaveNames(t *testing.T) {
	inv := livetest.Open(t, world, people)
	for _, row := range []struct {
		why, text string
		want      Place
	}{
		{"the internet", "internet", Place{Outside: Internet}},
		{"an address in the internet", "internet 192.0.2.7", Place{Outside: Internet, Addrs: addrs("192.0.2.7")}},
		{"addresses of both versions", "internet 192.0.2.7 3fff::7",
			Place{Outside: Internet, Addrs: addrs("192.0.2.7", "3fff::7")}},
		{"an address alone, in the internet", "192.0.2.7", Place{Outside: Internet, Addrs: addrs("192.0.2.7")}},
		{"an address alone, in a subnet", "10.1.10.77", Place{Subnet: "subnet-private", Addrs: addrs("10.1.10.77")}},
		{"an IPv4 address as IPv6 writes it", "::ffff:10.1.10.77",
			Place{Subnet: "subnet-private", Addrs: addrs("10.1.10.77")}},
		{"an address of an object", "10.1.10.10", Place{Subnet: "subnet-private", Addrs: addrs("10.1.10.10"),
			Groups: []string{"sg-vpce"}, Owner: "vpce-api"}},
		{"a network on premises", "on-premises", Place{Outside: OnPremises}},
		{"a network on premises with an address", "on-premises 172.16.0.1",
			Place{Outside: OnPremises, Addrs: addrs("172.16.0.1")}},
		{"a network on premises with its VPC", "on-premises front 172.16.0.1",
			Place{Outside: OnPremises, Subnet: "subnet-private", Addrs: addrs("172.16.0.1")}},
		{"a VPC by its tag: a private subnet with IPv6", "front", Place{Subnet: "subnet-private"}},
		{"a VPC by its ID: a subnet with IPv6 comes before the first one", "vpc-six", Place{Subnet: "subnet-six"}},
		{"a VPC by its ID, with an address", "vpc-a 10.1.10.99",
			Place{Subnet: "subnet-private", Addrs: addrs("10.1.10.99")}},
		{"a subnet by its ID", "subnet-alone", Place{Subnet: "subnet-alone"}},
		{"a name with spaces", "the back room", Place{Subnet: "subnet-words"}},
		{"an instance", "web", Place{Subnet: "subnet-b", Addrs: addrs("10.2.0.20"), Groups: []string{"sg-web"},
			Owner: "i-web"}},
		{"a function in a VPC has IPv6 only if it asks for it", "inside", Place{Subnet: "subnet-private",
			Addrs: addrs("10.1.10.254"), Groups: []string{"sg-lb"}, Owner: "inside"}},
		{"a client with a security group", "private 10.1.10.99 sg-lb", Place{Subnet: "subnet-private",
			Addrs: addrs("10.1.10.99"), Groups: []string{"sg-lb"}}},
		{"a function in no VPC", "outside", Place{Outside: Service}},
	} {
		got, err := New(inv).Parse(row.text)
		require.NoError(t, err, row.why)
		assert.Equal(t, row.want, got, row.why)
	}
}

func TestAPublicAddressIsItsObjects(t *testing.T) {
	inv := livetest.Open(t, world)
	node := New(inv).topology.nics[publicLB][0]
	got, err := New(inv).Parse(node.public.String())
	require.NoError(t, err)
	assert.Equal(t, Place{Subnet: "subnet-public", Addrs: node.addrs, Groups: []string{"sg-lb"}, Owner: publicLB}, got)
}

func TestWhoNamesNoPlaceLearnsWhatExists(t *testing.T) {
	inv := livetest.Open(t, world, people)
	for _, row := range []struct{ why, text, want string }{
		{"an unknown name", "nowhere",
			`place = "nowhere": want internet, on-premises, an address, or one of front (vpc-a)`},
		{"nothing", "", "want internet"},
		{"a name of two objects", "back", "want one of the IDs that have this name: vpc-b, subnet-two"},
		{"an address in two VPCs", "10.2.0.77", "several VPCs have it"},
		{"a private address of nobody", "10.99.0.1", "want internet"},
		{"something after the place", "internet quick",
			`want an IP address or a security group of the VPC instead of "quick"`},
		{"a security group in the internet", "internet sg-lb", `instead of "sg-lb"`},
		{"an unknown security group", "private sg-none", `instead of "sg-none"`},
		{"a VPC without subnets", "vpc-empty", "want a place with a subnet"},
		{"a network on premises of a function", "on-premises outside", "want a VPC or a subnet after on-premises"},
	} {
		_, err := New(inv).Parse(row.text)
		assert.ErrorContains(t, err, row.want, row.why)
	}
}

func TestAClientInAVPCIsOutsideOfTheFailedZone(t *testing.T) {
	n := New(livetest.Open(t, `
- {type: "aws:ec2/vpc:Vpc", id: vpc-1, inputs: {cidrBlock: 10.0.0.0/16}}
- {type: "aws:ec2/subnet:Subnet", id: subnet-a, inputs: {vpcId: vpc-1, cidrBlock: 10.0.0.0/24,
   availabilityZone: us-east-1a}}
- {type: "aws:ec2/subnet:Subnet", id: subnet-b, inputs: {vpcId: vpc-1, cidrBlock: 10.0.1.0/24,
   availabilityZone: us-east-1b}}
`))
	for failed, want := range map[string]string{"": "subnet-a", "us-east-1a": "subnet-b", "us-east-1b": "subnet-a"} {
		n.FailZone(failed)
		place, err := n.Parse("vpc-1")
		require.NoError(t, err)
		assert.Equal(t, want, place.Subnet, failed)
	}
}
