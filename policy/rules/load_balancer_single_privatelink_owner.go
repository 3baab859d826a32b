package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerSinglePrivateLinkOwner = &rule.Rule{
	ID:    "load-balancer-single-privatelink-owner",
	Title: "Each VPC link and endpoint service has its own load balancer, of type network",
	Why: `AWS lets only one endpoint service have a given load balancer, and API Gateway makes one for
each VPC link. A second one fails: the VPC link goes to FAILED with "NLB is already
associated with another VPC Endpoint Service". With an application load balancer, which the
provider creates by default, the link fails with "NLB ARN is malformed".`,
	Fix: `Give each VPC link and each endpoint service its own load balancer with loadBalancerType
"network", or let the APIs share one VPC link.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{notNetwork, sharedLoadBalancer},
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-endpoint-service.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/vpc-links-v1.html",
		"https://github.com/hashicorp/terraform-provider-aws/issues/45230",
	},
	Tags:      []string{"network-load-balancer", "vpc-link", "endpoint-service"},
	FormerIDs: []string{"nlb-single-privatelink-owner"},
	Check:     checkLoadBalancerSinglePrivateLinkOwner,
}

var (
	notNetwork = &rule.Defect{
		ID:      "not-network",
		Summary: "The load balancer of a VPC link or an endpoint service is not of type network.",
		Outcome: rule.Refused,
		Effect:  `AWS refuses it: "NLB ARN is malformed".`,
	}
	sharedLoadBalancer = &rule.Defect{
		ID:      "shared-load-balancer",
		Summary: "Two VPC links or endpoint services have the same load balancer.",
		Outcome: rule.Refused,
		Effect:  `The second one fails: "NLB is already associated with another VPC Endpoint Service".`,
	}
)

func checkLoadBalancerSinglePrivateLinkOwner(s *model.Stack, r *rule.Report) {
	links := s.PrivateLinks()
	for i, link := range links {
		at := link.At("networkLoadBalancerArns")
		if link.IsVPCLink {
			at = link.At("targetArn")
		}
		faults := []rule.Fault{notNetwork.If(link.LoadBalancers.Any(isNotNetwork), at,
			"%s %s has a load balancer that is not of type network; want loadBalancerType \"network\"", link.Kind,
			link.Name)}
		for j, other := range links {
			if i == j {
				continue
			}
			if shared := shareLoadBalancer(link, other); shared != model.False {
				faults = append(faults, sharedLoadBalancer.If(shared, at,
					"%s %s and %s %s have the same load balancer; want one for each", link.Kind, link.Name, other.Kind,
					other.Name))
			}
		}
		r.Judge(link.Origin, faults...)
	}
}

// isNotNetwork asks whether a load balancer has another type than network.
func isNotNetwork(r model.Ref[model.LoadBalancer]) model.Truth {
	return r.Ask(func(lb *model.LoadBalancer) model.Truth { return lb.IsNetwork().Not() })
}

// shareLoadBalancer asks whether two private links have a load balancer in common.
func shareLoadBalancer(a, b model.PrivateLink) model.Truth {
	return a.LoadBalancers.Any(func(mine model.Ref[model.LoadBalancer]) model.Truth {
		return b.LoadBalancers.Any(mine.Same)
	})
}
