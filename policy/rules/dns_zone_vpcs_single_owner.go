package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var dnsZoneVPCsSingleOwner = &rule.Rule{
	ID:    "dns-zone-vpcs-single-owner",
	Title: "The VPCs of a private zone are set in one place",
	Why: `Zone.vpcs is the complete list of a private zone's VPCs. A ZoneAssociation adds a VPC that
is not in the list, so the next update removes it again. From then on the zone's names are
NXDOMAIN in that VPC, until the update after that restores the association.`,
	Fix: `Put every VPC of this account into vpcs of the zone. If you need an association, for a VPC
of another account, set ignoreChanges ["vpcs"] on the zone.`,
	Severity: rule.Medium,
	Defects:  []*rule.Defect{twoVPCLists},
	Links: []string{
		"https://www.pulumi.com/registry/packages/aws/api-docs/route53/zoneassociation/",
		"https://github.com/hashicorp/terraform-provider-aws/issues/14872",
	},
	Tags:      []string{"route53", "dns"},
	FormerIDs: []string{"r53-zone-vpcs-owner"},
	Check:     checkDNSZoneVPCsSingleOwner,
}

var twoVPCLists = &rule.Defect{
	ID: "two-owners", Summary: "A zone lists its VPCs, and a ZoneAssociation adds another.", Outcome: rule.Risky,
	Effect: "It works after the first update. The second one removes the VPC again, and the third one adds it.",
}

func checkDNSZoneVPCsSingleOwner(s *model.Stack, r *rule.Report) {
	for _, z := range s.HostedZones {
		if z.ListsVPCs == model.False {
			continue
		}
		var faults []rule.Fault
		for _, a := range s.ZoneAssociations {
			both := z.ListsVPCs.And(a.Zone.Names(z)).And(model.TruthOf(!z.KeepsVPCs))
			faults = append(faults, twoVPCLists.If(both, z.At("vpcs"),
				"%s lists its VPCs, and %s adds another; want one list, or ignoreChanges [\"vpcs\"] on the zone",
				z.Name, a.Name))
		}
		r.Judge(z.Origin, faults...)
	}
}
