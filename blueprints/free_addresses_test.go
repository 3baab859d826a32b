package blueprints

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/components"
	"private-api-blueprints/config"
)

func TestShortagesCountWhatTheStackNeedsInEachSubnet(t *testing.T) {
	subnet := func(id string, free int) components.Subnet {
		return components.Subnet{Id: pulumi.String(id), FreeAddresses: free}
	}
	tiers := []config.Tier{config.Private, config.Dualstack}
	needs := addressNeeds{config.Private: 2, config.Dualstack: 8}
	for _, row := range []struct {
		why   string
		found map[config.Tier][]components.Subnet
		want  []string
	}{
		{
			"just enough", map[config.Tier][]components.Subnet{
				config.Private: {subnet("subnet-1", 2)}, config.Dualstack: {subnet("subnet-2", 8)},
			}, nil,
		},
		{
			"a subnet of two tiers holds what both need", map[config.Tier][]components.Subnet{
				config.Private: {subnet("subnet-1", 9)}, config.Dualstack: {subnet("subnet-1", 9)},
			}, []string{"subnet-1 has 9 free IPv4 addresses, and a new stack needs 10 there."},
		},
		{
			"each subnet for itself", map[config.Tier][]components.Subnet{
				config.Private:   {subnet("subnet-1", 0), subnet("subnet-2", 2)},
				config.Dualstack: {subnet("subnet-3", 7)},
			}, []string{
				"subnet-1 has 0 free IPv4 addresses, and a new stack needs 2 there.",
				"subnet-3 has 7 free IPv4 addresses, and a new stack needs 8 there.",
			},
		},
	} {
		t.Run(row.why, func(t *testing.T) {
			texts := shortages(tiers, row.found, needs)
			assert.Len(t, texts, len(row.want))
			for i, want := range row.want {
				assert.Contains(t, texts[i], want)
			}
		})
	}
}
