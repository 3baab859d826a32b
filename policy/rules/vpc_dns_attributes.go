package rules

import (
	"fmt"

	"private-api-blueprints/policy/model"
)

var vpcDNSAttributes = &Rule{
	ID:    "vpc-dns-attributes",
	Title: "A VPC with private names has DNS support and DNS hostnames on",
	Why: `Private DNS of an endpoint and private hosted zones need both enableDnsSupport and
enableDnsHostnames of their VPC, and the second is off unless a program turns it on.
The endpoint then fails with "InvalidParameter: Enabling private DNS requires both
enableDnsSupport and enableDnsHostnames VPC attributes set to true"; a private zone
is created without a word, and its names are NXDOMAIN in the VPC.`,
	Fix: `Set enableDnsSupport and enableDnsHostnames to true at the VPC. awsx.ec2.Vpc takes
them too, and hands them to its VPC.`,
	Severity: High,
	Level:    Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html",
		"https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html",
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
	},
	Tags:  []string{"vpc", "dns", "vpc-endpoint", "route53"},
	Check: checkDNSAttributes,
}

func checkDNSAttributes(s *model.Stack, r *Report) {
	for _, e := range s.Endpoints {
		needs := e.PrivateDNS.And(e.Type.Equals(model.TypeInterface))
		if needs != model.False {
			r.judge(e.Origin, deaf(e.Element, "private DNS", needs, e.VPC))
		}
	}
	for _, z := range s.HostedZones {
		if z.IsPrivate() == model.False {
			continue
		}
		var faults []fault
		for _, vpc := range z.VPCs.Items {
			faults = append(faults, deaf(z.Element, "the private zone", model.True, vpc)...)
		}
		if z.VPCs.Rest != nil {
			faults = append(faults, fault{model.Maybe, z.Origin, z.Name + " is in VPCs without DNS attributes"})
		}
		r.judge(z.Origin, faults)
	}
}

// deaf are the faults of a VPC that lacks what the names of something need.
func deaf(owner model.Element, what string, needs model.Truth, vpc model.Ref[model.VPC]) []fault {
	lacks := func(key string, attribute func(*model.VPC) model.Known[bool]) fault {
		off := vpc.Ask(func(v *model.VPC) model.Truth { return attribute(v).Equals(true).Not() })
		at, name := owner.Origin, "its VPC"
		if len(vpc.Candidates) == 1 {
			at, name = vpc.Candidates[0].At(key), "VPC "+vpc.Candidates[0].Name
		}
		return fault{needs.And(off), at, fmt.Sprintf("%s: %s has %s off, which %s needs; want it true", owner.Name, name, key, what)}
	}
	return []fault{
		lacks("enableDnsHostnames", func(v *model.VPC) model.Known[bool] { return v.DNSHostnames }),
		lacks("enableDnsSupport", func(v *model.VPC) model.Known[bool] { return v.DNSSupport }),
	}
}
