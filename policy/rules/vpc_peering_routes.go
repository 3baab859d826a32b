package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var vpcPeeringRoutes = &rule.Rule{
	ID:    "vpc-peering-routes",
	Title: "Both VPCs of a peering connection have routes over it",
	Why: `A peering connection carries nothing until a route table on each side leads over it. With
routes on one side only, the first packet arrives and the answer is lost. Connections time
out, health checks fail, and nothing logs an error.`,
	Fix: `In both VPCs, add an aws.ec2.Route with vpcPeeringConnectionId and the other VPC's range to
the route tables of the subnets that talk to it.`,
	Severity: rule.High,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html",
		"https://docs.aws.amazon.com/vpc/latest/peering/troubleshoot-vpc-peering-connections.html",
	},
	Tags:    []string{"vpc", "peering", "routes"},
	Defects: []*rule.Defect{peeringOneWay, peeringUnused},
	Check:   checkVPCPeeringRoutes,
}

var peeringOneWay = &rule.Defect{
	ID: "one-way", Outcome: rule.Broken,
	Summary: "Only one of the two VPCs has a route over the peering connection.",
	Effect:  "Packets arrive, and their answers do not. Every connection times out.",
}

var peeringUnused = &rule.Defect{
	ID: "no-routes", Outcome: rule.Risky,
	Summary: "Neither VPC has a route over the peering connection.",
	Effect:  "The connection carries nothing until something else adds routes.",
}

// checkVPCPeeringRoutes judges a connection only if the stack has route tables of
// both VPCs. Otherwise the routes of the other side are in another stack.
func checkVPCPeeringRoutes(s *model.Stack, r *rule.Report) {
	for _, p := range s.Peerings {
		ours := s.HasTables(p.Requester).And(s.HasTables(p.Accepter))
		if ours == model.False {
			continue
		}
		there, back := s.HasRoute(p.Requester, p), s.HasRoute(p.Accepter, p)
		r.Judge(p.Origin,
			noRoute(p, ours.And(there.Not()), back, p.Requester, "vpcId"),
			noRoute(p, ours.And(back.Not()), there, p.Accepter, "peerVpcId"),
		)
	}
}

// noRoute returns the fault of a side without a route. The other side has one, or
// may have one, or has none either.
func noRoute(p *model.Peering, missing, other model.Truth, side model.Ref[model.VPC], key string) rule.Fault {
	defect, name := peeringUnused, "VPC"
	if other == model.True {
		defect = peeringOneWay
	}
	if vpc, certain := side.Sole(); certain {
		name = "VPC " + vpc.Name
	}
	return defect.If(missing, p.At(key),
		"%s: no route table of %s (%s) has a route over it; want one on both sides", p.Name, name, key)
}
