package rules

import (
	"fmt"

	"private-api-blueprints/policy/model"
)

var vpcPeeringRoutes = &Rule{
	ID:    "vpc-peering-routes",
	Title: "Both VPCs of a peering connection have routes over it",
	Why: `A peering connection carries nothing until a route table on each side leads over it. With
routes on one side only, the first packet arrives and the answer goes astray: connections
time out, health checks fail, and nothing logs an error.`,
	Fix: `Add an aws.ec2.Route with vpcPeeringConnectionId and the other VPC's range to the route
tables of the subnets that talk to it, in both VPCs.`,
	Severity: High,
	Level:    Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html",
		"https://docs.aws.amazon.com/vpc/latest/peering/troubleshoot-vpc-peering-connections.html",
	},
	Tags:  []string{"vpc", "peering"},
	Check: checkPeeringRoutes,
}

// checkPeeringRoutes judges a connection only where the stack has route tables
// of both VPCs: else those of the other side are someone else's affair.
func checkPeeringRoutes(s *model.Stack, r *Report) {
	for _, p := range s.Peerings {
		ours := s.HasTables(p.Requester).And(s.HasTables(p.Accepter))
		if ours == model.False {
			continue
		}
		r.judge(p.Origin, []fault{
			noRoute(s, p, ours, p.Requester, "vpcId"),
			noRoute(s, p, ours, p.Accepter, "peerVpcId"),
		})
	}
}

func noRoute(s *model.Stack, p *model.Peering, ours model.Truth, side model.Ref[model.VPC], key string) fault {
	name := "VPC"
	if vpc, certain := side.Sole(); certain {
		name = "VPC " + vpc.Name
	}
	return fault{ours.And(s.HasRoute(side, p).Not()), p.At(key), fmt.Sprintf(
		"%s: no route table of %s (%s) has a route over it; want one on both sides", p.Name, name, key)}
}
