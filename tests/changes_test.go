package tests

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// change is a change of a deployed stack's configuration, and what becomes of it.
type change struct {
	why     string
	to      string // The new configuration, as KEY=VALUE with spaces between.
	refused string // A part of what a preview says; empty if the change and its reversal are deployed.
}

// changesOf are the changes of networks that each blueprint's example is tried with, one after the other.
var changesOf = map[string]struct {
	from    string // A change to the example's configuration before it is deployed.
	changes []change
}{
	"shared-vpc-apis": {"", []change{
		{"a NAT gateway keeps its address if its subnet is replaced with the VPC",
			"blueprint:network.create.cidrBlock=10.44.0.0/16 blueprint:endpoint.clientCidrs[0]=10.44.0.0/16", ""},
		{"zones are added together with another range", "blueprint:network.create.cidrBlock=10.44.0.0/16 " +
			"blueprint:endpoint.clientCidrs[0]=10.44.0.0/16 " +
			"blueprint:network.create.availabilityZones[2]=us-east-1c", ""},
		{"one NAT gateway becomes none", "blueprint:network.create.natGateways=None", ""},
		{"one NAT gateway becomes one per zone", "blueprint:network.create.natGateways=OnePerAz", ""},
		{"a third zone of an evenly divided VPC", "blueprint:network.create.availabilityZones[2]=us-east-1c",
			"which replaces the VPC and everything in it"},
		{"another zone instead of the first", "blueprint:network.create.availabilityZones[0]=us-east-1c",
			"want the deployed zones in their order"},
		{"zones in another order", "blueprint:network.create.availabilityZones[0]=us-east-1b " +
			"blueprint:network.create.availabilityZones[1]=us-east-1a", "want the deployed zones in their order"},
	}},
	"static-ip-apigw": {"blueprint:network.create.natGateways=OnePerAz", []change{
		{"a public subnet gets a free range, with a load balancer and a NAT gateway in it",
			"blueprint:network.create.publicSubnets[0]=10.0.20.0/24", ""},
		{"a private subnet gets a free range, with the endpoint in it", "blueprint:network.create." +
			"privateSubnets[0]=10.0.20.0/24 blueprint:endpoint.ipv4Addresses[0]=10.0.20.19", ""},
		{"NAT gateways of all zones become one", "blueprint:network.create.natGateways=Single", ""},
		{"ranges trade places", "blueprint:network.create.publicSubnets[0]=10.0.1.0/24 " +
			"blueprint:network.create.publicSubnets[1]=10.0.0.0/24",
			"want a range that no subnet of the stack has yet"},
		{"a range becomes smaller", "blueprint:network.create.publicSubnets[0]=10.0.0.0/25",
			"blueprint:network.create.publicSubnets[0] = 10.0.0.0/25: the public subnet in us-east-1a cannot have"},
		{"a zone is replaced, and keeps its ranges", "blueprint:network.create.availabilityZones[1]=us-east-1c",
			"want a range that no subnet of the stack has yet"},
	}},
	"ipv6-front": {"", []change{
		{"the load balancer's VPC gets another range", "blueprint:frontNetwork.create.cidrBlock=10.12.0.0/16",
			"pulumi destroy --target-dependents --target 'urn:pulumi:ipv6-front::"},
		{"the load balancer's VPC gets a third zone", "blueprint:frontNetwork.create.availabilityZones[2]=us-east-1c",
			"pulumi destroy --target-dependents --target 'urn:pulumi:ipv6-front::"},
		{"the endpoint's VPC gets another range", "blueprint:network.create.cidrBlock=10.12.0.0/16", ""},
		{"the endpoint's VPC gets a third zone", "blueprint:network.create.availabilityZones[2]=us-east-1c",
			"which replaces the VPC and everything in it"},
	}},
	"h2-endpoint-service": {"", []change{
		{"the service's VPC gets another range", "blueprint:service.network.create.cidrBlock=10.15.0.0/16", ""},
		{"the consumer's VPC gets another range", "blueprint:consumer.network.create.cidrBlock=10.16.0.0/16 " +
			"blueprint:consumer.clientCidrs[0]=10.16.0.0/16", ""},
		{"another name of the service", "blueprint:service.domain.name=h3.example.com", ""},
		{"one NAT gateway becomes one per zone", "blueprint:service.network.create.natGateways=OnePerAz", ""},
		{"a third zone of the service", "blueprint:service.network.create.availabilityZones[2]=us-east-1c",
			"blueprint:service.network.create.availabilityZones"},
		{"a third zone of the consumer", "blueprint:consumer.network.create.availabilityZones[2]=us-east-1c",
			"blueprint:consumer.network.create.availabilityZones"},
	}},
	"vpclink-https-backend": {"", []change{
		{
			"a subnet of the load balancer gets a free range",
			"blueprint:network.create.privateSubnets[0]=10.7.20.0/24", "",
		},
		{
			"the servers' VPC gets another range",
			"blueprint:backend.simulated.network.create.cidrBlock=10.104.0.0/16", "",
		},
		{"a third zone of the servers", "blueprint:backend.simulated.network.create.availabilityZones[2]=us-east-1c",
			"blueprint:backend.simulated.network.create.availabilityZones"},
		{"a third zone with free ranges", "blueprint:network.create.availabilityZones[2]=us-east-1c " +
			"blueprint:network.create.publicSubnets[2]=10.7.2.0/24 " +
			"blueprint:network.create.privateSubnets[2]=10.7.12.0/24", ""},
	}},
}

// Each change and its reversal is deployed, or a preview refuses it and says what to do.
func TestAChangeOfANetworkIsDeployedOrRefusedAtPreview(t *testing.T) {
	for blueprint, row := range changesOf {
		t.Run(blueprint, func(t *testing.T) {
			from := strings.Fields(row.from)
			s := newExample(t, blueprint, from...)
			s.up()
			for _, c := range row.changes {
				s.set(append(from[:len(from):len(from)], strings.Fields(c.to)...)...)
				if c.refused != "" {
					assert.Contains(t, strings.ReplaceAll(s.fails(preview), "\n", " "), c.refused, c.why)
					continue
				}
				for _, config := range [][]string{s.options.Config, from} {
					s.set(config...)
					printed, err := s.run(up)
					assert.NoError(t, err, "%s: %s", c.why, tail(printed))
				}
			}
			s.set(from...)
			s.assertRefreshChangesNothing()
			s.assertNothingLeft()
		})
	}
}

// A preview says which key deletes an Elastic IP, and what allows it. That works, and is told again then.
func TestAZoneOfStaticAddressesIsRemoved(t *testing.T) {
	s := newExample(t, "static-ip-apigw",
		"blueprint:network.create.availabilityZones[2]=us-east-1c",
		"blueprint:network.create.publicSubnets[2]=10.0.2.0/24",
		"blueprint:network.create.privateSubnets[2]=10.0.12.0/24", "blueprint:endpoint.ipv4Addresses[2]=10.0.12.19")
	s.up()
	s.set()
	told := strings.ReplaceAll(s.fails(preview), "\n", " ")
	assert.Contains(t, told, "blueprint:network: a zone that is no longer used deletes the Elastic IP")
	urn := regexp.MustCompile(`pulumi state unprotect --yes '(urn:pulumi:[^']+)'`).FindStringSubmatch(told)
	require.NotNil(t, urn, told)
	s.pulumi("state", "unprotect", "--yes", urn[1])
	printed, err := s.run(preview)
	require.NoError(t, err, tail(printed))
	told = strings.ReplaceAll(printed, "\n", " ")
	assert.Contains(t, told, "and the address does not come back; if the engine refuses, run this first: pulumi state")
	assert.NotContains(t, told, "is protected", "it is not any longer")
	assert.NotEmpty(t, s.up().Outputs["url"].Value)
	s.assertUpChangesNothing()
	s.assertRefreshChangesNothing()
	s.assertNothingLeft()
}

func TestAProtectedLoadBalancerIsNotReplaced(t *testing.T) {
	const protection, moved = "blueprint:front.deletionProtection=true",
		"blueprint:network.create.publicSubnets[0]=10.0.20.0/24"
	s := newExample(t, "static-ip-apigw", protection)
	s.up()
	s.set(protection, moved)
	told := strings.ReplaceAll(s.fails(preview), "\n", " ")
	assert.Contains(t, told, "blueprint:network.create: the change replaces the load balancer static-ip-nlb")
	s.set(protection, "aws:region=eu-west-1", "blueprint:network.create.availabilityZones[0]=eu-west-1a",
		"blueprint:network.create.availabilityZones[1]=eu-west-1b")
	told = strings.ReplaceAll(s.fails(preview), "\n", " ")
	assert.Contains(t, told, `aws:region = "eu-west-1": another region replaces the load balancer static-ip-nlb`)
	assert.Contains(t, told, `aws:region = "eu-west-1": another region replaces the Elastic IP`)
	s.set(moved)
	assert.Contains(t, s.fails(preview), "set blueprint:front.deletionProtection to false, and deploy that first")
	s.set()
	s.up()
	s.set(moved)
	s.up()
	s.assertNothingLeft()
}

// tail returns the end of what a command printed.
func tail(printed string) string { return printed[max(0, len(printed)-2000):] }
