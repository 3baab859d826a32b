package config

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/internal/configtest"
)

// rangesFrom returns n IPv4 ranges as a list in YAML.
func rangesFrom(n int) string {
	ranges := make([]string, n)
	for i := range ranges {
		ranges[i] = fmt.Sprintf("10.%d.0.0/16", i)
	}
	return "[" + strings.Join(ranges, ", ") + "]"
}

// Each row has the highest number of ranges that a security group can hold.
func TestRangesThatMakeMoreRulesThanASecurityGroupTakesAreRefused(t *testing.T) {
	for _, row := range []struct {
		why, blueprint, key string
		stack               string // Its name among the test cases; good if empty.
		change              string // With a verb for the ranges.
		most                int
	}{
		{"clients of a load balancer, with messages about packets that are too big", "static-ip-apigw",
			"blueprint:front.allowedCidrs", "", "blueprint:front: {allowedCidrs: %s}", 59},
		{"clients of a load balancer without them", "static-ip-apigw",
			"blueprint:front.allowedCidrs", "", "blueprint:front: {allowedCidrs: %s, pathMtuDiscovery: false}", 60},
		{"clients of an endpoint next to a load balancer", "static-ip-apigw",
			"blueprint:endpoint.clientCidrs", "", "blueprint:endpoint: {clientCidrs: %s}", 59},
		{"a dualstack load balancer, with the group of clients", "ipv6-front",
			"blueprint:front.allowedCidrs", "", "blueprint:front: {allowedCidrs: %s}", 58},
		{"a dualstack load balancer without these messages", "ipv6-front",
			"blueprint:front.allowedCidrs", "", "blueprint:front: {allowedCidrs: %s, pathMtuDiscovery: false}", 59},
		{"clients of an endpoint that each node of the load balancer calls", "ipv6-front",
			"blueprint:endpoint.clientCidrs", "two networks", "blueprint:endpoint: {clientCidrs: %s}", 58},
		{"clients of an endpoint alone", "shared-vpc-apis",
			"blueprint:endpoint.clientCidrs", "", "blueprint:endpoint: {clientCidrs: %s}", 60},
		{"clients of a consumer", "h2-endpoint-service",
			"blueprint:consumer.clientCidrs", "", "blueprint:consumer: {network: {create: {cidrBlock: 10.6.0.0/16, " +
				"availabilityZones: [us-east-1a, us-east-1b]}}, clientCidrs: %s}", 60},
		{"an account with a higher quota", "shared-vpc-apis", "blueprint:endpoint.clientCidrs", "",
			"{blueprint:rulesPerSecurityGroup: 100, blueprint:endpoint: {clientCidrs: %s}}", 100},
	} {
		t.Run(row.why, func(t *testing.T) {
			stack := configtest.Load(t, "testdata/"+row.blueprint+".yaml").Stacks[cmp.Or(row.stack, "good")]
			load := func(n int) error {
				change := configtest.Parse(t, fmt.Sprintf(row.change, rangesFrom(n)))
				_, problems := Parse(configtest.Values(t, configtest.Change(stack, change)), nil)
				return problems.Err()
			}
			assert.NoError(t, load(row.most))
			err := load(row.most + 1)
			assert.ErrorContains(t, err, fmt.Sprintf("%s: its %d IPv4 ranges make", row.key, row.most+1))
			assert.ErrorContains(t, err, fmt.Sprintf("want at most %d ranges", row.most))
			assert.Equal(t, 1, strings.Count(err.Error(), "ranges make"))
		})
	}
}
