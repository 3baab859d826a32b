package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

func TestSplitHorizonGivesTheNameAnAnswerInEachZone(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		domain, err := NewRegionalDomain(ctx, "domain", customDomain())
		if err != nil {
			return err
		}
		target := func(name string) AliasTarget {
			return AliasTarget{DnsName: pulumi.String(name), HostedZoneId: pulumi.String("zone of " + name)}
		}
		_, err = NewSplitHorizon(ctx, "dns", &SplitHorizonArgs{
			DomainName:   "api.example.com",
			PublicZoneId: "ZPUBLIC",
			Inside:       VpcZone{VpcId: pulumi.String("vpc-1")},
			Public:       target("nlb"),
			Private:      target("endpoint"),
			DependsOn:    []pulumi.Resource{domain},
		})
		return err
	})
	zone := stack.Inputs(t, "dns-inside-zone")
	assert.Equal(t, "api.example.com", zone["name"], "a parent zone would hide the name's siblings")
	assert.Equal(t, []any{map[string]any{"vpcId": "vpc-1"}}, zone["vpcs"])
	for _, row := range []struct{ name, zone, target, why string }{
		{"dns-inside-a", "dns-inside-zone.zoneId", "endpoint", "the answer in the VPC"},
		{"dns-outside", "ZPUBLIC", "nlb", "the answer on the internet"},
	} {
		alias := map[string]any{"name": row.target, "zoneId": "zone of " + row.target, "evaluateTargetHealth": true}
		assert.Equal(t, map[string]any{
			"zoneId": row.zone, "name": "api.example.com", "type": "A", "aliases": []any{alias},
		}, stack.Inputs(t, row.name), row.why)
		assert.Subset(t, stack.Dependencies(t, row.name), []string{"domain-domain", "domain-mapping"},
			"the name resolves only once its target works")
	}
}

func TestSplitHorizonWithoutAPublicZoneIsThePrivateHalf(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		target := AliasTarget{DnsName: pulumi.String("target"), HostedZoneId: pulumi.String("zone")}
		_, err := NewSplitHorizon(ctx, "dns", &SplitHorizonArgs{
			DomainName: "api.example.com",
			Inside:     VpcZone{VpcId: pulumi.String("vpc-1")},
			Public:     target,
			Private:    target,
		})
		return err
	})
	assert.Contains(t, stack.Resources(), "dns-inside-a")
	assert.NotContains(t, stack.Resources(), "dns-outside")
}
