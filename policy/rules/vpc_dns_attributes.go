package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var vpcDNSAttributes = &rule.Rule{
	ID:    "vpc-dns-attributes",
	Title: "A VPC with private names has DNS support and DNS hostnames turned on",
	Why: `Private DNS of an endpoint and private hosted zones need both enableDnsSupport and
enableDnsHostnames of their VPC, and the second is off by default. The endpoint then fails
with "InvalidParameter: Enabling private DNS requires both enableDnsSupport and
enableDnsHostnames VPC attributes set to true". AWS creates a private zone silently, and its
names are NXDOMAIN in the VPC.`,
	Fix: `Set enableDnsSupport and enableDnsHostnames to true on the VPC. awsx.ec2.Vpc accepts both
and passes them on to its VPC.`,
	Severity: rule.High,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html",
		"https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html",
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
		"https://github.com/hashicorp/terraform-provider-aws/pull/7589",
	},
	Tags:    []string{"vpc", "dns", "vpc-endpoint", "route53"},
	Defects: []*rule.Defect{endpointWithoutDNS, zoneWithoutDNS},
	Check:   checkVPCDNSAttributes,
}

var endpointWithoutDNS = &rule.Defect{
	ID: "private-dns", Outcome: rule.Refused,
	Summary: "The VPC of an endpoint with private DNS has one of the attributes off.",
	Effect: `AWS refuses the endpoint: "InvalidParameter: Enabling private DNS requires both enableDnsSupport and ` +
		`enableDnsHostnames VPC attributes set to true".`,
}

var zoneWithoutDNS = &rule.Defect{
	ID: "private-zone", Outcome: rule.Broken,
	Summary: "The VPC of a private hosted zone has one of the attributes off.",
	Effect:  "AWS creates the zone, and its names do not resolve in the VPC.",
}

func checkVPCDNSAttributes(s *model.Stack, r *rule.Report) {
	for _, e := range s.Endpoints {
		needs := e.PrivateDNS.And(e.IsInterface())
		if needs != model.False {
			r.Judge(e.Origin, missingAttributes(endpointWithoutDNS, e.Element, needs, e.VPC)...)
		}
	}
	for _, z := range s.HostedZones {
		if z.IsPrivate() == model.False {
			continue
		}
		var faults []rule.Fault
		for _, vpc := range z.VPCs.Items {
			faults = append(faults, missingAttributes(zoneWithoutDNS, z.Element, model.True, vpc)...)
		}
		if z.VPCs.Rest != nil {
			fault := zoneWithoutDNS.If(model.Maybe, z.Origin, "%s is in VPCs without DNS attributes", z.Name)
			faults = append(faults, fault)
		}
		r.Judge(z.Origin, faults...)
	}
}

// missingAttributes returns the faults of a VPC without the DNS attributes that
// an endpoint or zone needs.
func missingAttributes(d *rule.Defect, owner model.Element, needs model.Truth, vpc model.Ref[model.VPC]) []rule.Fault {
	what := "private DNS"
	if d == zoneWithoutDNS {
		what = "the private zone"
	}
	missing := func(key string, attribute func(*model.VPC) model.Known[bool]) rule.Fault {
		off := vpc.Ask(func(v *model.VPC) model.Truth { return attribute(v).Equals(true).Not() })
		at, name := owner.Origin, "its VPC"
		if len(vpc.Candidates) == 1 {
			at, name = vpc.Candidates[0].At(key), "VPC "+vpc.Candidates[0].Name
		}
		return d.If(needs.And(off), at,
			"%s: %s has %s off, which %s needs; want it true", owner.Name, name, key, what)
	}
	return []rule.Fault{
		missing("enableDnsHostnames", func(v *model.VPC) model.Known[bool] { return v.DNSHostnames }),
		missing("enableDnsSupport", func(v *model.VPC) model.Known[bool] { return v.DNSSupport }),
	}
}
