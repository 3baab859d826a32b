package blueprints

import (
	"fmt"
	"maps"
	"net/netip"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
	"private-api-blueprints/internal/settings"
)

// deployedNetwork is a state with a network of two zones and a dualstack load balancer.
func deployedNetwork() deployed {
	d := deployed{}
	add := func(token, name, cidr, ipv6, zone string) {
		d["urn:pulumi:dev::p::a:b:C$"+token+"::"+name] = deployedResource{token, deployedOutputs{
			Id: name, Arn: arnIn("us-east-1"), CidrBlock: cidr, Ipv6CidrBlock: ipv6, AvailabilityZone: zone,
		}}
	}
	add(vpcToken, "net-vpc", "10.0.0.0/16", "2001:db8:0:100::/56", "")
	for i, zone := range []string{"us-east-1a", "us-east-1b"} {
		add(subnetToken, fmt.Sprintf("net-vpc-private-%d", i+1), fmt.Sprintf("10.0.%d.0/24", 10+i), "", zone)
		add(subnetToken, fmt.Sprintf("net-vpc-public-%d", i+1), fmt.Sprintf("10.0.%d.0/24", i), "", zone)
		add(subnetToken, "net-dualstack-"+zone, fmt.Sprintf("10.0.%d.0/24", 20+i),
			fmt.Sprintf("2001:db8:0:10%d::/64", i), zone)
	}
	add(subnetToken, "net-front-vpc-public-1", "10.0.77.0/24", "", "us-east-1a") // Of another network.
	add(loadBalancerToken, "net-nlb", "", "", "")
	return d
}

// changeTo returns a change of the deployed network to zones and the third numbers of the ranges of their private,
// public and dualstack subnets.
func changeTo(vpc string, zones []string, private, public, dualstack []int) networkChange {
	tier := func(numbers []int) (list []components.Subnet) {
		for i, n := range numbers {
			cidr := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(n), 0}), 24)
			list = append(list, components.Subnet{CidrBlock: cidr, AvailabilityZone: zones[i]})
		}
		return list
	}
	create := &config.CreateNetwork{CidrBlock: netip.MustParsePrefix(vpc), AvailabilityZones: zones}
	planned := &components.Network{Private: tier(private), Public: tier(public), Dualstack: tier(dualstack)}
	use := networkUse{name: "net", balancer: "net", front: config.Public}
	return networkChange{lookupIn(deployedNetwork(), "us-east-1"), create, planned, use}
}

func TestASubnetThatOverlapsADeployedOneIsRefused(t *testing.T) {
	const vpc = "10.0.0.0/16"
	a, b, c := "us-east-1a", "us-east-1b", "us-east-1c"
	for _, row := range []struct {
		why               string
		change            networkChange
		overlaps, balance bool // Whether a subnet is refused, and whether the load balancer would move.
	}{
		{"nothing changes", changeTo(vpc, []string{a, b}, []int{10, 11}, []int{0, 1}, []int{20, 21}), false, false},
		{"a free range", changeTo(vpc, []string{a, b}, []int{12, 11}, []int{0, 1}, []int{20, 21}), false, false},
		{
			"a range of another network's subnet",
			changeTo(vpc, []string{a, b}, []int{77, 11}, []int{0, 1}, []int{20, 21}),
			false, false,
		},
		{"a third zone with free ranges",
			changeTo(vpc, []string{a, b, c}, []int{10, 11, 12}, []int{0, 1, 2}, []int{20, 21, 22}), false, true},
		{
			"ranges that trade places", changeTo(vpc, []string{a, b}, []int{11, 10}, []int{0, 1}, []int{20, 21}),
			true, false,
		},
		{"a public range that was private", changeTo(vpc, []string{a, b}, []int{12, 11}, []int{10, 1}, []int{20, 21}),
			true, false},
		{"zones in another order, with their ranges",
			changeTo(vpc, []string{b, a}, []int{11, 10}, []int{1, 0}, []int{21, 20}), true, true},
		{
			"only the IPv6 range of a dualstack subnet",
			changeTo(vpc, []string{c, b}, []int{12, 11}, []int{2, 1}, []int{22, 21}), true, true,
		},
		{
			"another VPC", changeTo("10.0.0.0/17", []string{a, b}, []int{11, 10}, []int{1, 0}, []int{21, 20}), false,
			true,
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			row.change.check(row.change.section("network", "create"))
			err := row.change.problems.Err()
			assert.Equal(t, row.overlaps, err != nil, "%v", err)
			row.change.problems = &settings.Problems{}
			row.change.checkPlaces(row.change.section("network"), "net")
			err = row.change.problems.Err()
			assert.Equal(t, row.balance, err != nil, "%v", err)
			if row.balance {
				assert.ErrorContains(t, err, "pulumi destroy --target-dependents --target "+
					"'urn:pulumi:dev::p::a:b:C$aws:lb/loadBalancer:LoadBalancer::net-nlb'")
			}
		})
	}
}

func TestAnotherRegionOverlapsNothing(t *testing.T) {
	change := inAnotherRegion(changeTo("10.0.0.0/16", []string{"eu-west-1a", "eu-west-1b"}, []int{11, 10}, []int{1, 0},
		[]int{21, 20}))
	change.check(change.section("network", "create"))
	assert.NoError(t, change.problems.Err())
}

// inAnotherRegion returns a change in a stack that moves to another region.
func inAnotherRegion(n networkChange) networkChange {
	n.environment.Region = "eu-west-1"
	return n
}

// created returns a change of a stack whose network existed, so that the state has no VPC and no subnets.
func created(n networkChange) networkChange {
	maps.DeleteFunc(n.lookup.state, func(_ string, r deployedResource) bool { return r.Type != loadBalancerToken })
	return n
}

// arnIn returns an ARN in a region.
func arnIn(region string) string { return "arn:aws:ec2:" + region + ":123456789012:x/y" }

func TestAProtectedLoadBalancerIsNotReplaced(t *testing.T) {
	const vpc = "10.0.0.0/16"
	a, b, c := "us-east-1a", "us-east-1b", "us-east-1c"
	for _, row := range []struct {
		why     string
		change  networkChange
		refused bool
	}{
		{"nothing changes", changeTo(vpc, []string{a, b}, []int{10, 11}, []int{0, 1}, []int{20, 21}), false},
		{"a subnet without the load balancer", changeTo(vpc, []string{a, b}, []int{12, 11}, []int{0, 1}, []int{20, 21}),
			false},
		{"a zone more", changeTo(vpc, []string{a, b, c}, []int{10, 11, 12}, []int{0, 1, 2}, []int{20, 21, 22}), false},
		{"a subnet of the load balancer", changeTo(vpc, []string{a, b}, []int{10, 11}, []int{0, 2}, []int{20, 21}),
			true},
		{"a zone less", changeTo(vpc, []string{a}, []int{10}, []int{0}, []int{20}), true},
		{"another VPC", changeTo("10.0.0.0/17", []string{a, b}, []int{10, 11}, []int{0, 1}, []int{20, 21}), true},
		{"a VPC that existed", created(changeTo(vpc, []string{a, b}, []int{10, 11}, []int{0, 1}, []int{20, 21})), true},
		{"another region, which other checks name", inAnotherRegion(
			changeTo(vpc, []string{"eu-west-1a"}, []int{10}, []int{0}, []int{20})), false},
	} {
		t.Run(row.why, func(t *testing.T) {
			urn, _ := row.change.inState().find(loadBalancerToken, "net-nlb")
			for _, protected := range []bool{true, false} {
				row.change.inState()[urn] = deployedResource{loadBalancerToken, deployedOutputs{
					EnableDeletionProtection: protected, Arn: arnIn("us-east-1"),
					SubnetMappings: []subnetMapping{{"net-vpc-public-1"}, {"net-vpc-public-2"}},
				}}
				row.change.problems = &settings.Problems{}
				row.change.checkProtected(row.change.section("network", "create"))
				err := row.change.problems.Err()
				assert.Equal(t, row.refused && protected, err != nil, "%v", err)
			}
		})
	}
}

func TestAProtectedLoadBalancerKeepsItsExistingSubnets(t *testing.T) {
	for _, row := range []struct {
		why, balancer   string
		public, private []string
		refused         bool
	}{
		{"all", "net", []string{"subnet-1", "subnet-2"}, nil, false},
		{"one more", "net", []string{"subnet-1", "subnet-2", "subnet-3"}, nil, false},
		{"one less", "net", []string{"subnet-1"}, nil, true},
		{"another one", "net", []string{"subnet-1", "subnet-3"}, nil, true},
		{"those of another network", "net", []string{"subnet-3", "subnet-4"}, nil, true},
		{"public and private ones trade places", "net", []string{"subnet-3", "subnet-4"},
			[]string{"subnet-1", "subnet-2"}, true},
		{"a network without a load balancer", "", []string{"subnet-3", "subnet-4"}, nil, false},
	} {
		t.Run(row.why, func(t *testing.T) {
			found := map[config.Tier][]components.Subnet{}
			for _, id := range row.public {
				found[config.Public] = append(found[config.Public], components.Subnet{Id: pulumi.String(id)})
			}
			for _, id := range row.private {
				found[config.Private] = append(found[config.Private], components.Subnet{Id: pulumi.String(id)})
			}
			for _, protected := range []bool{true, false} {
				l := lookupIn(deployed{
					"urn:pulumi:dev::p::a:b:C$" + loadBalancerToken + "::net-nlb": {loadBalancerToken, deployedOutputs{
						EnableDeletionProtection: protected,
						SubnetMappings:           []subnetMapping{{"subnet-1"}, {"subnet-2"}},
					}},
				}, "us-east-1")
				use := networkUse{name: "net", balancer: row.balancer, front: config.Public}
				n := existingNetwork{lookup: l, Section: l.section("network", "existing"), use: use}
				n.checkProtected(found)
				err := l.problems.Err()
				assert.Equal(t, row.refused && protected, err != nil, "%v", err)
			}
		})
	}
}
