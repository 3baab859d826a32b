package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var endpointPrivateDNSSingleOwner = &rule.Rule{
	ID:    "endpoint-private-dns-single-owner",
	Title: "Private DNS of an endpoint is set in one place",
	Why: `EndpointPrivateDns and privateDnsEnabled of VpcEndpoint write one and the same setting.
With both, each update undoes what the last one did, also where they agree after a
refresh: the names of the service change their meaning in the whole VPC from one
deployment to the next, and a preview always shows a change.`,
	Fix: `Leave privateDnsEnabled out at the endpoint where EndpointPrivateDns sets it, which is
for endpoints that have to be accepted first; otherwise drop EndpointPrivateDns.`,
	Severity: rule.Medium,
	Level:    rule.Mandatory,
	Links: []string{
		"https://www.pulumi.com/registry/packages/aws/api-docs/vpc/endpointprivatedns/",
		"https://github.com/hashicorp/terraform-provider-aws/pull/37628",
	},
	Tags:  []string{"vpc-endpoint", "dns"},
	Check: checkEndpointPrivateDNSSingleOwner,
}

// checkEndpointPrivateDNSSingleOwner can see the flag's owner only until the endpoint exists.
func checkEndpointPrivateDNSSingleOwner(s *model.Stack, r *rule.Report) {
	for _, e := range s.Endpoints {
		var faults []rule.Fault
		for i, setting := range s.PrivateDNS {
			of := setting.Endpoint.Names(e)
			faults = append(faults, rule.FaultIf(of.And(e.StatesPrivateDNS), e.At("privateDnsEnabled"), "%s: privateDnsEnabled is set here and by %s; want one of them", e.Name, setting.Name))
			for _, other := range s.PrivateDNS[:i] {
				faults = append(faults, rule.FaultIf(of.And(other.Endpoint.Names(e)), setting.Origin, "%s: both %s and %s set its private DNS; want one of them", e.Name, other.Name, setting.Name))
			}
		}
		r.Judge(e.Origin, faults...)
	}
}
