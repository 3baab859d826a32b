package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

func TestPrivateAliasHasARecordOfEachType(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		_, err := NewPrivateAlias(ctx, "dns", &PrivateAliasArgs{
			DomainName:  "api.example.com",
			Zone:        VpcZone{VpcId: pulumi.String("vpc-1")},
			RecordTypes: []RecordType{RecordA, RecordAaaa},
			Target:      AliasTarget{DnsName: pulumi.String("nlb"), HostedZoneId: pulumi.String("Z1")},
		})
		return err
	})
	assert.Equal(t, []string{"dns-a", "dns-aaaa"}, stack.Names("aws:route53/record:Record"))
	assert.Equal(t, "AAAA", stack.Inputs(t, "dns-aaaa")["type"],
		"for a name in a private zone, the resolver asks public DNS for no type")
}

func TestPrivateAliasWritesIntoAZoneThatExists(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		_, err := NewPrivateAlias(ctx, "dns", &PrivateAliasArgs{
			DomainName:  "api.example.com",
			Zone:        VpcZone{ZoneId: "Z0123456789EXAMPLE02"},
			RecordTypes: []RecordType{RecordA},
			Target:      AliasTarget{DnsName: pulumi.String("nlb"), HostedZoneId: pulumi.String("Z1")},
		})
		return err
	})
	assert.Empty(t, stack.Names("aws:route53/zone:Zone"))
	assert.Equal(t, "Z0123456789EXAMPLE02", stack.Inputs(t, "dns-a")["zoneId"])
}
