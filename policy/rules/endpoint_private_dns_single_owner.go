package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var endpointPrivateDNSSingleOwner = &rule.Rule{
	ID:    "endpoint-private-dns-single-owner",
	Title: "Private DNS of an endpoint is set in one place",
	Why: `EndpointPrivateDns and privateDnsEnabled of VpcEndpoint write the same setting. With both,
each update undoes what the last one did. After a refresh this happens even if both have the
same value. The service's names change their meaning in the whole VPC with every
deployment, and every preview shows a change.`,
	Fix: `If EndpointPrivateDns sets it, leave privateDnsEnabled out of the endpoint. That is for
endpoints whose connection must be accepted first. Otherwise remove EndpointPrivateDns.`,
	Severity: rule.Medium,
	Level:    rule.Mandatory,
	Links: []string{
		"https://www.pulumi.com/registry/packages/aws/api-docs/vpc/endpointprivatedns/",
		"https://github.com/hashicorp/terraform-provider-aws/pull/37628",
	},
	Tags:      []string{"vpc-endpoint", "dns"},
	FormerIDs: []string{"vpce-private-dns-single-owner"},
	Check:     checkEndpointPrivateDNSSingleOwner,
}

// checkEndpointPrivateDNSSingleOwner sees privateDnsEnabled only until the
// endpoint exists: then the state has the property whoever set it.
func checkEndpointPrivateDNSSingleOwner(s *model.Stack, r *rule.Report) {
	for _, e := range s.Endpoints {
		var faults []rule.Fault
		for i, setting := range s.PrivateDNSSettings {
			forIt := setting.Endpoint.Names(e)
			faults = append(faults, rule.FaultIf(forIt.And(e.StatesPrivateDNS), e.At("privateDnsEnabled"),
				"%s: privateDnsEnabled is set here and by %s; want one of them", e.Name, setting.Name))
			for _, other := range s.PrivateDNSSettings[:i] {
				faults = append(faults, rule.FaultIf(forIt.And(other.Endpoint.Names(e)), setting.Origin,
					"%s: both %s and %s set its private DNS; want one of them", e.Name, other.Name, setting.Name))
			}
		}
		r.Judge(e.Origin, faults...)
	}
}
