package rules

import (
	"fmt"

	"private-api-blueprints/policy/model"
)

var vpcePrivateDNSSingleOwner = &Rule{
	ID:    "vpce-private-dns-single-owner",
	Title: "Private DNS of an endpoint is set in one place",
	Why: `EndpointPrivateDns and privateDnsEnabled of VpcEndpoint write one and the same setting.
With both, each update undoes what the last one did, also where they agree after a
refresh: the names of the service change their meaning in the whole VPC from one
deployment to the next, and a preview always shows a change.`,
	Fix: `Leave privateDnsEnabled out at the endpoint where EndpointPrivateDns sets it, which is
for endpoints that have to be accepted first; otherwise drop EndpointPrivateDns.`,
	Severity: Medium,
	Level:    Mandatory,
	Links: []string{
		"https://www.pulumi.com/registry/packages/aws/api-docs/vpc/endpointprivatedns/",
		"https://github.com/hashicorp/terraform-provider-aws/pull/37628",
	},
	Tags:  []string{"vpc-endpoint", "dns"},
	Check: checkPrivateDNSOwner,
}

// checkPrivateDNSOwner can see the flag's owner only until the endpoint exists.
func checkPrivateDNSOwner(s *model.Stack, r *Report) {
	for _, e := range s.Endpoints {
		var faults []fault
		for i, setting := range s.PrivateDNS {
			of := setting.Endpoint.Names(e)
			faults = append(faults, fault{of.And(e.StatesPrivateDNS), e.At("privateDnsEnabled"), fmt.Sprintf(
				"%s: privateDnsEnabled is set here and by %s; want one of them", e.Name, setting.Name)})
			for _, other := range s.PrivateDNS[:i] {
				faults = append(faults, fault{of.And(other.Endpoint.Names(e)), setting.Origin, fmt.Sprintf(
					"%s: both %s and %s set its private DNS; want one of them", e.Name, other.Name, setting.Name)})
			}
		}
		r.judge(e.Origin, faults)
	}
}
