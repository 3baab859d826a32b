package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var endpointPrivateDNSSingleOwner = &rule.Rule{
	ID:    "endpoint-private-dns-single-owner",
	Title: "Private DNS of an endpoint is set in one place",
	Why: `EndpointPrivateDns and privateDnsEnabled of VpcEndpoint write the same setting, and the
provider reads it back into both. If they differ, an update after a refresh undoes what the
last one did. The service's names then change their meaning in the whole VPC, and every
preview shows a change.`,
	Fix: `If EndpointPrivateDns sets it, leave privateDnsEnabled out of the endpoint. That is for
endpoints whose connection must be accepted first. Otherwise remove EndpointPrivateDns.`,
	Severity: rule.Medium,
	Defects:  []*rule.Defect{contradictingSettings, flagAndSetting, twoSettings},
	Links: []string{
		"https://www.pulumi.com/registry/packages/aws/api-docs/vpc/endpointprivatedns/",
		"https://github.com/hashicorp/terraform-provider-aws/pull/37628",
	},
	Tags:      []string{"vpc-endpoint", "dns"},
	FormerIDs: []string{"vpce-private-dns-single-owner"},
	Check:     checkEndpointPrivateDNSSingleOwner,
}

var (
	contradictingSettings = &rule.Defect{
		ID: "contradicting-settings", Summary: "One EndpointPrivateDns turns private DNS on, and another one off.",
		Outcome: rule.Broken,
		Effect:  "The one that Pulumi updates last wins, and no order is promised.",
	}
	flagAndSetting = &rule.Defect{
		ID: "flag-and-setting", Summary: "An endpoint and an EndpointPrivateDns both set private DNS.",
		Outcome: rule.Risky,
		Effect: "It works at first. If the two differ, the update after a refresh sets private DNS to the endpoint's " +
			"value.",
	}
	twoSettings = &rule.Defect{
		ID: "two-settings", Summary: "Two EndpointPrivateDns set the private DNS of one endpoint.", Outcome: rule.Risky,
		Effect: "It works as long as both say the same.",
	}
)

// checkEndpointPrivateDNSSingleOwner sees privateDnsEnabled only until the
// endpoint exists: then the state has the property whoever set it.
func checkEndpointPrivateDNSSingleOwner(s *model.Stack, r *rule.Report) {
	for _, e := range s.Endpoints {
		var faults []rule.Fault
		for i, setting := range s.PrivateDNSSettings {
			forIt := setting.Endpoint.Names(e)
			if forIt == model.False {
				continue
			}
			faults = append(faults, flagAndSetting.If(forIt.And(e.StatesPrivateDNS), e.At("privateDnsEnabled"),
				"%s: privateDnsEnabled is set here and by %s; want one of them", e.Name, setting.Name))
			for _, other := range s.PrivateDNSSettings[:i] {
				both, differ := forIt.And(other.Endpoint.Names(e)), isDifferent(setting.On, other.On)
				if both == model.False {
					continue
				}
				faults = append(faults,
					twoSettingsFault(contradictingSettings, both.And(differ), e, other, setting),
					twoSettingsFault(twoSettings, both.And(model.TruthOf(differ != model.True)), e, other, setting))
			}
		}
		r.Judge(e.Origin, faults...)
	}
}

func twoSettingsFault(
	d *rule.Defect, present model.Truth, e *model.Endpoint, one, two *model.PrivateDNSSetting,
) rule.Fault {
	return d.If(present, two.Origin, "%s: both %s and %s set its private DNS; want one of them", e.Name, one.Name,
		two.Name)
}

// isDifferent asks whether two answers differ.
func isDifferent(a, b model.Truth) model.Truth {
	return a.And(b.Not()).Or(b.And(a.Not()))
}
