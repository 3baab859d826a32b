package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestConditionsOfClassesAskTheModel(t *testing.T) {
	tables, err := readTables(".")
	require.NoError(t, err)
	stacks, err := readStacks("testdata")
	require.NoError(t, err)
	const (
		association = "aws:ec2/routeTableAssociation:RouteTableAssociation "
		route       = "aws:ec2/route:Route "
		subnet      = "aws:ec2/subnet:Subnet "
		nat         = "aws:ec2/natGateway:NatGateway "
	)
	for _, row := range []struct {
		blueprint, mutant, condition string
		want                         bool
		why                          string
	}{
		{"shared-vpc-apis", association +
			"shared-vpc-vpc-private-1: routeTableId: shared-vpc-vpc-private-2 instead of shared-vpc-vpc-private-1",
			"same-subnets", true, "both tables lead to one NAT gateway"},
		{"shared-vpc-apis", association +
			"shared-vpc-vpc-private-1: routeTableId: shared-vpc-vpc-public-1 instead of shared-vpc-vpc-private-1",
			"same-subnets", false, "the other table leads to an internet gateway"},
		{"shared-vpc-apis", nat +
			"shared-vpc-vpc-1: subnetId: shared-vpc-vpc-public-2 instead of shared-vpc-vpc-public-1",
			"same-subnets", true, "both subnets have the same routes"},
		{"shared-vpc-apis", nat +
			"shared-vpc-vpc-1: subnetId: shared-vpc-vpc-private-2 instead of shared-vpc-vpc-public-1",
			"same-subnets", false, "the gateway's own subnet has no internet gateway any more"},
		{"shared-vpc-apis", route + "shared-vpc-vpc-public-2: : removed", "unused-subnets", true, "it is empty"},
		{"shared-vpc-apis", route + "shared-vpc-vpc-public-1: : removed", "unused-subnets", false,
			"the NAT gateway is in it"},
		{"static-ip-apigw", association + "static-ip-vpc-private-1: : removed", "unused-subnets", false,
			"promises come from it"},
		{"static-ip-apigw", association +
			"static-ip-vpc-private-1: routeTableId: static-ip-vpc-public-1 instead of static-ip-vpc-private-1",
			"local-subnets", true, "it has an endpoint only"},
		{"shared-vpc-apis", association +
			"shared-vpc-vpc-private-1: routeTableId: shared-vpc-vpc-public-1 instead of shared-vpc-vpc-private-1",
			"local-subnets", false, "its clients are promised a way to the internet"},
		{"static-ip-apigw", association + "static-ip-vpc-public-1: : removed", "local-subnets", false,
			"the load balancer in it faces the internet"},
		{"vpclink-https-backend", association + "link-vpc-private-1: : removed", "local-subnets", false,
			"a peering connection leads to other networks"},
		{"shared-vpc-apis", subnet + "shared-vpc-vpc-private-1: availabilityZone: us-east-1a → us-east-1c",
			"same-zones", true, "the endpoint still has two zones"},
		{"static-ip-apigw", subnet + "static-ip-vpc-private-1: availabilityZone: us-east-1a → us-east-1c",
			"same-zones", false, "the node in the public subnet loses the endpoint of its zone"},
		{"static-ip-apigw", association +
			"static-ip-vpc-private-1: subnetId: static-ip-vpc-public-1 instead of static-ip-vpc-private-1",
			"two-associations", true, "the other subnet has a table"},
		{"static-ip-apigw", association +
			"static-ip-vpc-private-1: routeTableId: static-ip-vpc-public-1 instead of static-ip-vpc-private-1",
			"two-associations", false, "each subnet has one"},
		{"shared-vpc-apis", route +
			"shared-vpc-vpc-public-2: routeTableId: shared-vpc-vpc-public-1 instead of shared-vpc-vpc-public-2",
			"two-routes", true, "the other table has a default route"},
		{"static-ip-apigw", route +
			"static-ip-vpc-public-1: routeTableId: static-ip-vpc-private-1 instead of static-ip-vpc-public-1",
			"two-routes", false, "the other table has none"},
		{"vpclink-https-backend", route + "link-vpc-public-1: gatewayId: link-simulated-vpc instead of link-vpc",
			"foreign-route", true, "the gateway is attached to the other VPC"},
		{"static-ip-apigw", route +
			"static-ip-vpc-public-1: routeTableId: static-ip-vpc-private-1 instead of static-ip-vpc-public-1",
			"foreign-route", false, "there is one VPC"},
	} {
		found := false
		for _, s := range stacks {
			if s.blueprint != row.blueprint || s.view != deployed {
				continue
			}
			for _, m := range s.mutants(tables) {
				if m.key() == row.mutant {
					found = true
					assert.Equal(t, row.want, conditions[row.condition](sidesOf(s, m)), "%s: %s", row.mutant, row.why)
				}
			}
		}
		assert.True(t, found, "no mutant %q of %s", row.mutant, row.blueprint)
	}
}

func TestAConditionOfThePreviewAsksTheDeployedStack(t *testing.T) {
	tables, err := readTables(".")
	require.NoError(t, err)
	before, after := aStack(), aStack()
	before.view, before.later = firstPreview, after
	before.pair(tables)
	for _, m := range before.mutants(tables) {
		if m.Says == "443 → 80" {
			s := sidesOf(before, m)
			before.later.resources[2].Name = "later"
			assert.Equal(t, "later", sidesOf(before, m).resources[2].Name)
			assert.NotEqual(t, "later", s.resources[2].Name)
		}
	}
}
