package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerSecurityGroupAtCreation = &rule.Rule{
	ID:    "load-balancer-security-group-at-creation",
	Title: "A network load balancer is created with a security group",
	Why: `A network load balancer that was created without a security group can never get one. The
change replaces it, with new addresses and a new name, or fails while a VPC link or an
endpoint service uses it. Without a group it admits everyone who can route to it, and its
targets cannot name it in their own rules.`,
	Fix: `Set securityGroups when you create it: one group that admits its clients on the
listener's port.`,
	Severity: rule.Medium,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html",
	},
	Tags:      []string{"network-load-balancer", "security-group"},
	FormerIDs: []string{"nlb-sg-at-creation"},
	Defects:   []*rule.Defect{loadBalancerWithoutGroup},
	Check:     checkLoadBalancerSecurityGroupAtCreation,
}

var loadBalancerWithoutGroup = &rule.Defect{
	ID: "no-security-group", Outcome: rule.Risky,
	Summary: "A network load balancer is created without a security group.",
	Effect:  "It works, and admits everyone who can route to it. To give it a group later, AWS must replace it.",
}

func checkLoadBalancerSecurityGroupAtCreation(s *model.Stack, r *rule.Report) {
	for _, lb := range s.LoadBalancers {
		network := lb.IsNetwork()
		if network == model.False {
			continue
		}
		without := network.And(rule.HasAny(lb.Groups).Not())
		r.Judge(lb.Origin, loadBalancerWithoutGroup.If(without, lb.At("securityGroups"),
			"%s has no security group and cannot get one later; want one", lb.Name))
	}
}
