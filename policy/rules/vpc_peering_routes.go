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
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html",
		"https://docs.aws.amazon.com/vpc/latest/peering/troubleshoot-vpc-peering-connections.html",
	},
	Tags:  []string{"vpc", "peering"},
	Check: checkVPCPeeringRoutes,
}

// checkVPCPeeringRoutes judges a connection only if the stack has route tables of
// both VPCs. Otherwise the routes of the other side are in another stack.
func checkVPCPeeringRoutes(s *model.Stack, r *rule.Report) {
	for _, p := range s.Peerings {
		ours := s.HasTables(p.Requester).And(s.HasTables(p.Accepter))
		if ours == model.False {
			continue
		}
		r.Judge(p.Origin,
			noRoute(s, p, ours, p.Requester, "vpcId"),
			noRoute(s, p, ours, p.Accepter, "peerVpcId"),
		)
	}
}

func noRoute(s *model.Stack, p *model.Peering, ours model.Truth, side model.Ref[model.VPC], key string) rule.Fault {
	name := "VPC"
	if vpc, certain := side.Sole(); certain {
		name = "VPC " + vpc.Name
	}
	return rule.FaultIf(ours.And(s.HasRoute(side, p).Not()), p.At(key),
		"%s: no route table of %s (%s) has a route over it; want one on both sides", p.Name, name, key)
}
