package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var endpointPrivateDNSUnique = &rule.Rule{
	ID:    "endpoint-private-dns-unique",
	Title: "Only one endpoint or private zone of a VPC has a given private DNS name",
	Why: `An endpoint with private DNS on adds a private zone for the service's name to its VPC, and
a VPC accepts each name once. AWS refuses a second endpoint for the service, or a private
hosted zone of the same name, in the middle of the deployment: "private-dns-enabled cannot
be set because there is already a conflicting DNS domain", or ConflictingDomainExists.`,
	Fix: `Share one endpoint in the VPC. Or turn private DNS off for the second one and call it by
its own name. For your own names under execute-api use the endpoint's private DNS or a
custom domain, not a zone of the same name.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{sharedPrivateName, privateNameOfZone},
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/interface-endpoints.html",
		"https://docs.aws.amazon.com/Route53/latest/APIReference/API_AssociateVPCWithHostedZone.html",
		"https://github.com/hashicorp/terraform-provider-aws/issues/17535",
	},
	Tags:      []string{"vpc-endpoint", "dns", "route53"},
	FormerIDs: []string{"vpce-private-dns-unique"},
	Check:     checkEndpointPrivateDNSUnique,
}

var (
	sharedPrivateName = &rule.Defect{
		ID: "two-endpoints", Summary: "Two endpoints of a VPC have the same private name.", Outcome: rule.Refused,
		Effect: `AWS refuses it: "private-dns-enabled cannot be set because there is already a conflicting DNS ` +
			`domain".`,
	}
	privateNameOfZone = &rule.Defect{
		ID: "private-zone", Summary: "An endpoint and a private zone of its VPC have the same name.",
		Outcome: rule.Refused,
		Effect: `AWS refuses the second one: "private-dns-enabled cannot be set because there is already a ` +
			`conflicting DNS domain", or ConflictingDomainExists.`,
	}
)

func checkEndpointPrivateDNSUnique(s *model.Stack, r *rule.Report) {
	for i, e := range s.Endpoints {
		answers := answersPrivately(e)
		if answers == model.False {
			continue
		}
		var faults []rule.Fault
		for _, other := range s.Endpoints[:i] {
			both := answers.And(answersPrivately(other)).And(e.SharesVPC(other)).And(e.SharesNames(other))
			faults = append(faults, sharedPrivateName.If(both, e.At("privateDnsEnabled"),
				"%s: private DNS is on, and %s has the same private name in the same VPC; want it on at one of them",
				e.Name, other.Name))
		}
		for _, z := range s.HostedZones {
			here := z.VPCs.Any(func(vpc model.Ref[model.VPC]) model.Truth { return vpc.Same(e.VPC) })
			both := answers.And(here).And(sameName(z.Domain, e.PrivateName()))
			faults = append(faults, privateNameOfZone.If(both, z.Origin,
				"%s: private DNS is on, and private zone %s has the same name in the same VPC; want one of them",
				e.Name, z.Name))
		}
		r.Judge(e.Origin, faults...)
	}
}

// answersPrivately asks whether an endpoint adds a private name to its VPC.
func answersPrivately(e *model.Endpoint) model.Truth {
	return e.PrivateDNS.And(e.IsInterface())
}

func sameName(a, b model.Known[string]) model.Truth {
	name, known := b.Get()
	switch {
	case a.IsAbsent() || b.IsAbsent():
		return model.False
	case known:
		return a.Equals(name)
	}
	return model.Maybe
}
