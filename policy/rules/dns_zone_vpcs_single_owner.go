package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var dnsZoneVPCsSingleOwner = &rule.Rule{
	ID:    "dns-zone-vpcs-single-owner",
	Title: "The VPCs of a private zone are kept in one place",
	Why: `Zone.vpcs is the whole list of a private zone's VPCs. A ZoneAssociation adds one beside
it, and the next update takes that out again, because the list does not have it: from
then on the zone's names are NXDOMAIN in that VPC, until the update after next puts the
association back.`,
	Fix: `Put every VPC of this account into vpcs of the zone. Where an association is needed,
for a VPC of another account, set ignoreChanges ["vpcs"] at the zone.`,
	Severity: rule.Medium,
	Level:    rule.Advisory,
	Links: []string{
		"https://www.pulumi.com/registry/packages/aws/api-docs/route53/zoneassociation/",
		"https://github.com/hashicorp/terraform-provider-aws/issues/14872",
	},
	Tags:  []string{"route53", "dns"},
	Check: checkDNSZoneVPCsSingleOwner,
}

func checkDNSZoneVPCsSingleOwner(s *model.Stack, r *rule.Report) {
	for _, z := range s.HostedZones {
		if z.ListsVPCs == model.False {
			continue
		}
		var faults []rule.Fault
		for _, a := range s.Associations {
			besides := z.ListsVPCs.And(a.Zone.Names(z)).And(model.TruthOf(!z.KeepsVPCs))
			faults = append(faults, rule.FaultIf(besides, z.At("vpcs"), "%s lists its VPCs, and %s adds another; want one list, or ignoreChanges [\"vpcs\"] at the zone", z.Name, a.Name))
		}
		r.Judge(z.Origin, faults...)
	}
}
