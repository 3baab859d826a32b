package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerMultipleZones = &rule.Rule{
	ID:    "load-balancer-multiple-zones",
	Title: "A load balancer has subnets in at least two zones",
	Why: `AWS refuses an application load balancer with subnets in a single Availability Zone:
"At least two subnets in two different Availability Zones must be specified". It accepts a
network load balancer in a single zone. If that zone fails, nobody reaches what is behind the
load balancer. The rule judges all application load balancers. It judges network load balancers
only behind a VPC link or an endpoint service, or in front of an endpoint. Subnets in Local
Zones, in Wavelength Zones and on Outposts are exempt.`,
	Fix:      `Give it a subnet in each of at least two zones.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{applicationInOneZone, networkInOneZone},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/network-load-balancers.html",
		"https://github.com/hashicorp/terraform-provider-aws/issues/15145",
	},
	Tags:  []string{"load-balancer", "availability"},
	Check: checkLoadBalancerMultipleZones,
}

var (
	applicationInOneZone = &rule.Defect{
		ID:      "application",
		Summary: "An application load balancer has subnets in a single zone.",
		Outcome: rule.Refused,
		Effect:  `AWS refuses it: "At least two subnets in two different Availability Zones must be specified".`,
	}
	networkInOneZone = &rule.Defect{
		ID:      "network",
		Summary: "A network load balancer on the way to or from an API has subnets in a single zone.",
		Outcome: rule.Risky,
		Effect:  "It works until that zone fails.",
	}
)

func checkLoadBalancerMultipleZones(s *model.Stack, r *rule.Report) {
	serving := balancersOfAPIs(s)
	for _, lb := range s.LoadBalancers {
		application := lb.Type.Equals(model.LoadBalancerApplication)
		network := lb.IsNetwork().And(orFalse(serving, lb))
		if application.Or(network) == model.False {
			continue
		}
		zones := model.ZonesOf(lb.Subnets)
		single := zones.AtLeast(2).Not()
		at := lb.At("subnets")
		r.Judge(lb.Origin,
			applicationInOneZone.If(application.And(single).And(areRegional(lb.Subnets)), at,
				"%s is an application load balancer, and its subnets are in these zones only: %s; want two zones",
				lb.Name, zones),
			networkInOneZone.If(network.And(single), at,
				"%s: its subnets are in these zones only: %s; want two zones", lb.Name, zones))
	}
}

// areRegional asks whether all subnets are in Availability Zones of the region.
func areRegional(subnets model.Refs[model.Subnet]) model.Truth {
	return subnets.All(func(subnet model.Ref[model.Subnet]) model.Truth {
		return subnet.Ask(func(s *model.Subnet) model.Truth { return s.IsRegional })
	})
}

// balancersOfAPIs returns the load balancers behind a VPC link or an endpoint
// service, and those in front of an endpoint.
func balancersOfAPIs(s *model.Stack) map[*model.LoadBalancer]model.Truth {
	serving := map[*model.LoadBalancer]model.Truth{}
	for _, front := range s.Fronts() {
		serving[front.LoadBalancer] = orFalse(serving, front.LoadBalancer).Or(front.Certain)
	}
	for _, link := range s.PrivateLinks() {
		for _, lb := range s.LoadBalancers {
			if serves := link.Serves(lb); serves != model.False {
				serving[lb] = orFalse(serving, lb).Or(serves)
			}
		}
	}
	return serving
}
