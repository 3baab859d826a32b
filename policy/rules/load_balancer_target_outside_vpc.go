package rules

import (
	"net/netip"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerTargetOutsideVPC = &rule.Rule{
	ID: "load-balancer-target-outside-vpc",
	Title: "A target outside of the target group's VPC has an Availability Zone or all, and a target inside never " +
		"has all",
	Why: `The load balancer knows the zone of an address in its own VPC. For an address in another
network you must say which nodes may use it. Otherwise the registration fails: "You must
specify a valid Availability Zone or select 'all' for all enabled Availability zones, since
the IP address '10.1.0.10' is outside the VPC". For an address in its own VPC AWS refuses
"all": "The IP address '10.0.0.10' is within the VPC, and cannot have its Availability Zone
overridden to 'all'".`,
	Fix: `On the target group attachment set availabilityZone "all" for an address outside of the
VPC, and leave it out for an address inside. If nodes of every zone must reach an address
inside, turn cross-zone load balancing on.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{outsideWithoutZone, insideForAllZones},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html",
		"https://github.com/PaloAltoNetworks/terraform-aws-vmseries-modules/pull/293",
		"https://github.com/PaloAltoNetworks/terraform-aws-vmseries-modules/pull/340",
	},
	Tags:      []string{"load-balancer", "network"},
	FormerIDs: []string{"nlb-target-outside-vpc"},
	Check:     checkLoadBalancerTargetOutsideVPC,
}

var (
	outsideWithoutZone = &rule.Defect{
		ID:      "outside-without-zone",
		Summary: "An address outside of the VPC is registered without a zone.",
		Outcome: rule.Refused,
		Effect: `AWS refuses it: "You must specify a valid Availability Zone or select 'all' for all enabled ` +
			`Availability zones, since the IP address '10.1.0.10' is outside the VPC".`,
	}
	insideForAllZones = &rule.Defect{
		ID:      "inside-for-all-zones",
		Summary: "An address inside the VPC is registered for all zones.",
		Outcome: rule.Refused,
		Effect: `AWS refuses it: "The IP address '10.0.0.10' is within the VPC, and cannot have its ` +
			`Availability Zone overridden to 'all'".`,
	}
)

func checkLoadBalancerTargetOutsideVPC(s *model.Stack, r *rule.Report) {
	for _, t := range s.Targets {
		address := t.TargetGroup.Ask((*model.TargetGroup).TakesAddresses)
		if address == model.False {
			continue
		}
		inside := t.TargetGroup.Ask(func(tg *model.TargetGroup) model.Truth { return isInside(s, t, tg.VPC) })
		ip := rule.NameOr(t.Address, "an address not known yet")
		r.Judge(t.Origin,
			outsideWithoutZone.If(address.And(rule.Unset(t.Zone)).And(inside.Not()), t.At("availabilityZone"),
				"%s registers %s, outside of the target group's VPC, without a zone; want availabilityZone \"all\"",
				t.Name, ip),
			insideForAllZones.If(address.And(t.Zone.Equals(model.AllZones)).And(inside), t.At("availabilityZone"),
				"%s registers %s, inside the target group's VPC, with availabilityZone \"all\"; want it left out",
				t.Name, ip),
		)
	}
}

// isInside asks whether a target is in a VPC. Its address decides or, while that
// is not known, the subnet that the address will be in.
func isInside(s *model.Stack, t *model.Target, vpc model.Ref[model.VPC]) model.Truth {
	if text, known := t.Address.Get(); known {
		ip, err := netip.ParseAddr(text)
		if err != nil || !ip.Is4() { // The model has IPv4 ranges only.
			return model.Maybe
		}
		return s.VPCSpans(vpc, netip.PrefixFrom(ip, ip.BitLen()))
	}
	return t.Subnet.Ask(func(subnet *model.Subnet) model.Truth {
		within, known := subnet.Range.Get()
		if subnet.VPC.Same(vpc) == model.True {
			return model.True
		}
		if !known {
			return model.Maybe
		}
		return s.VPCSpans(vpc, within)
	})
}
