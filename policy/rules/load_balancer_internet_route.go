package rules

import (
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerInternetRoute = &rule.Rule{
	ID:    "load-balancer-internet-route",
	Title: "An internet-facing load balancer is in subnets with a route to an internet gateway",
	Why: `An internet-facing load balancer has a public address in each of its subnets. Answers
from there reach clients only if the subnet's route table leads to an internet gateway. A
NAT gateway does not help: nobody can open a connection through it. If the VPC has no
internet gateway at all, AWS refuses the load balancer: "InvalidSubnet: VPC vpc-… has no
internet gateway".`,
	Fix: `Put the load balancer into public subnets: associate their route table with each of
them, and add a route for 0.0.0.0/0 (and ::/0 for IPv6) to the internet gateway. Or set
internal to true if its clients are in the VPC.`,
	Severity: rule.High,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-troubleshooting.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html",
		"https://github.com/openshift/installer/issues/1110",
	},
	Tags:    []string{"network-load-balancer", "vpc", "routes"},
	Defects: []*rule.Defect{loadBalancerNoInternetGateway, loadBalancerNoInternetRoute},
	Check:   checkLoadBalancerInternetRoute,
}

var loadBalancerNoInternetGateway = &rule.Defect{
	ID: "no-internet-gateway", Outcome: rule.Refused,
	Summary: "The VPC of an internet-facing load balancer has no internet gateway.",
	Effect:  `AWS refuses the load balancer: "InvalidSubnet: VPC vpc-… has no internet gateway".`,
}

var loadBalancerNoInternetRoute = &rule.Defect{
	ID: "no-internet-route", Outcome: rule.Broken,
	Summary: "A subnet of an internet-facing load balancer has no route to an internet gateway.",
	Effect:  "Clients that get the address in that subnet from DNS see their connections time out.",
}

func checkLoadBalancerInternetRoute(s *model.Stack, r *rule.Report) {
	for _, lb := range s.LoadBalancers {
		// A gateway load balancer faces nobody, whatever its property says.
		public := lb.Internal.Equals(false).And(lb.Type.Equals(model.LoadBalancerGateway).Not())
		if public == model.False {
			continue
		}
		var faults []rule.Fault
		for _, subnet := range lb.Subnets.Items {
			faults = append(faults, notReached(s, lb, subnet, public))
		}
		if rest := lb.Subnets.Rest; rest != nil {
			faults = append(faults, notReached(s, lb, *rest, public.AtMostMaybe()))
		}
		r.Judge(lb.Origin, faults...)
	}
}

// notReached returns the fault of a subnet that the internet does not reach.
func notReached(
	s *model.Stack, lb *model.LoadBalancer, ref model.Ref[model.Subnet], public model.Truth,
) rule.Fault {
	noRoute := ref.Ask(func(subnet *model.Subnet) model.Truth { return s.TableOf(subnet).Ask(s.InternetReaches).Not() })
	if noRoute = noRoute.And(public); noRoute == model.False {
		return loadBalancerNoInternetRoute.If(noRoute, lb.Origin, "")
	}
	// A new VPC has only the internet gateway that the stack gives it.
	noGateway := func(vpc *model.VPC) model.Truth { return vpc.IsNew.And(s.GatewayOf(vpc).Not()) }
	without := ref.Ask(func(subnet *model.Subnet) model.Truth { return subnet.VPC.Ask(noGateway) })
	at, faces := lb.At("subnets"), lb.Name+" faces the internet"
	if without == model.True { // AWS refuses the load balancer, whatever its routes are.
		return loadBalancerNoInternetGateway.If(public, at,
			"%s, and the VPC of its %s has no internet gateway; want one, or internal true", faces, subnetName(ref))
	}
	return loadBalancerNoInternetRoute.If(noRoute, at,
		"%s, and the route table of its %s%s has no route to an internet gateway; want one, or internal true",
		faces, subnetName(ref), tableName(s, ref))
}

// tableName returns the name of a subnet's route table for messages, in
// parentheses, if it is certain and in the stack.
func tableName(s *model.Stack, ref model.Ref[model.Subnet]) string {
	subnet, certain := ref.Sole()
	if !certain {
		return ""
	}
	table, certain := s.TableOf(subnet).Sole()
	vpc, _ := subnet.VPC.Sole()
	switch {
	case !certain:
		return ""
	case vpc != nil && table.URN == vpc.URN:
		return " (the main table of VPC " + vpc.Name + ")"
	}
	return " (" + table.Name + ")"
}
