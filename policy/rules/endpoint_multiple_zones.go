package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var minimumZones = rule.Integer("minimumZones", 2, rule.Limits{Least: 1, Most: 6},
	"The number of Availability Zones that an interface endpoint must span.")

var endpointMultipleZones = &rule.Rule{
	ID:    "endpoint-multiple-zones",
	Title: "An interface endpoint spans at least two Availability Zones",
	Why: `An interface endpoint has one network interface per subnet. If all subnets are in one
zone and that zone fails, everything behind the endpoint is unreachable: clients in healthy
zones time out. One interface also limits a load balancer in front of it to about 55,000
connections at a time.`,
	Fix: `Give the endpoint one subnet in each of at least two zones. If a load balancer forwards
to it, pin an address in each (subnetConfigurations).`,
	Severity:   rule.Medium,
	Links:      []string{"https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html"},
	Tags:       []string{"vpc-endpoint", "availability"},
	FormerIDs:  []string{"vpce-multi-az"},
	Parameters: []rule.Parameter{minimumZones},
	Defects:    []*rule.Defect{endpointFewZones},
	Check:      checkEndpointMultipleZones,
}

var endpointFewZones = &rule.Defect{
	ID: "few-zones", Outcome: rule.Risky,
	Summary: "An interface endpoint spans fewer Availability Zones than the parameter minimumZones wants.",
	Effect:  "It works until its zone fails. Then nobody reaches what is behind it.",
}

func checkEndpointMultipleZones(s *model.Stack, r *rule.Report) {
	want := minimumZones.Value(r)
	for _, e := range s.Endpoints {
		isInterface := e.IsInterface()
		if isInterface == model.False {
			continue
		}
		zones := model.ZonesOf(e.Subnets)
		r.Judge(e.Origin, endpointFewZones.If(isInterface.And(zones.AtLeast(want).Not()), e.At("subnetIds"),
			"%s: its subnets are in these zones only: %s; want %s", e.Name, zones, rule.Count(want, "zone")))
	}
}
