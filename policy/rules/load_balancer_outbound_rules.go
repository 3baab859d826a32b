package rules

import (
	"net/netip"
	"strconv"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var loadBalancerOutboundRules = &rule.Rule{
	ID:    "load-balancer-outbound-rules",
	Title: "The security groups of a load balancer have an outbound rule that leads to its targets",
	Why: `The security groups of a load balancer filter its connections to targets and its health
checks. AWS gives a new group a rule for all outbound traffic, but Pulumi's provider removes
it: a group without egress lets nothing out. All targets then are unhealthy. An application
load balancer answers 503 or 504, and connections through a network load balancer time out.`,
	Fix: `Add an aws.vpc.SecurityGroupEgressRule to the load balancer's security group: the port of
the targets, to their security group or to the ranges of their subnets.`,
	Severity: rule.High,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-security-groups.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html",
		"https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/",
	},
	Tags:    []string{"network-load-balancer", "security-group"},
	Defects: []*rule.Defect{outboundBlocksEndpoint, outboundBlocksTargets},
	Check:   checkLoadBalancerOutboundRules,
}

var outboundBlocksEndpoint = &rule.Defect{
	ID: "blocks-endpoint", Outcome: rule.Broken,
	Summary: "No outbound rule of a load balancer's security groups leads to the endpoint behind it.",
	Effect:  "The load balancer cannot connect to the endpoint. Clients see connections time out.",
}

var outboundBlocksTargets = &rule.Defect{
	ID: "blocks-targets", Outcome: rule.Broken,
	Summary: "No outbound rule of a load balancer's security groups is for the port of its targets.",
	Effect:  "The load balancer cannot connect to its targets. Clients see connections time out, or 503 and 504.",
}

func checkLoadBalancerOutboundRules(s *model.Stack, r *rule.Report) {
	forwardings, fronts := s.Forwardings(), frontsByBalancer(s)
	for _, lb := range s.LoadBalancers {
		guarded := rule.HasAny(lb.Groups)
		if guarded == model.False {
			continue
		}
		o := outbound{s, lb, forwardings}
		var faults []rule.Fault
		for _, front := range fronts[lb] {
			faults = append(faults, o.blocksEndpoint(front).And(guarded))
		}
		if !anyPresent(faults) {
			for _, f := range forwardings.Of(lb) {
				faults = append(faults, o.blocksTargets(f).And(guarded))
			}
		}
		r.Judge(lb.Origin, faults...)
	}
}

// frontsByBalancer returns the fronts of each load balancer.
func frontsByBalancer(s *model.Stack) map[*model.LoadBalancer][]model.Front {
	fronts := map[*model.LoadBalancer][]model.Front{}
	for _, front := range s.Fronts() {
		fronts[front.LoadBalancer] = append(fronts[front.LoadBalancer], front)
	}
	return fronts
}

// anyPresent reports whether one of the faults certainly exists.
func anyPresent(faults []rule.Fault) bool {
	for _, f := range faults {
		if f.IsPresent() {
			return true
		}
	}
	return false
}

// outbound is a load balancer whose outbound rules are judged.
type outbound struct {
	stack       *model.Stack
	balancer    *model.LoadBalancer
	forwardings *model.Forwardings
}

// letsOut asks whether the security groups let connections out to a port, for a
// destination for which the question's answer is True.
func (o outbound) letsOut(port model.Known[int], question func(model.Source) model.Truth) model.Truth {
	if number, known := port.Get(); known {
		return o.stack.LetsOut(o.balancer.Groups, model.Port(number), question)
	}
	return o.stack.LetsOut(o.balancer.Groups, model.AllPorts, question).And(model.Maybe)
}

// blocksEndpoint returns the fault of a front with a target to which no rule leads.
func (o outbound) blocksEndpoint(front model.Front) rule.Fault {
	blocked := model.False
	for _, t := range front.Targets {
		sure := front.Certain.And(t.TargetGroup.Names(front.TargetGroup)).And(t.Endpoint.Names(front.Endpoint))
		leads := o.letsOut(model.PortOf(t, front.TargetGroup), func(to model.Source) model.Truth {
			byGroup := front.Endpoint.Groups.Any(to.IsGroup)
			return byGroup.Or(coversTarget(to, t))
		})
		if blocked = blocked.Or(sure.And(leads.Not())); blocked == model.True {
			break
		}
	}
	return outboundBlocksEndpoint.If(blocked, o.balancer.At("securityGroups"),
		"%s: no outbound rule of its security groups leads to %s on port %s; want one for the endpoint's security "+
			"group or subnets", o.balancer.Name, front.Endpoint.Name, targetPort(front))
}

// coversTarget asks whether a destination has the address of a target. As long as
// AWS has not chosen the address, it may be any in the target's subnet.
func coversTarget(to model.Source, t *model.Target) model.Truth {
	text, _ := t.Address.Get()
	if ip, err := netip.ParseAddr(text); err == nil {
		return to.Covers(netip.PrefixFrom(ip, ip.BitLen()))
	}
	subnetRange := func(subnet *model.Subnet) model.Truth {
		if all, known := subnet.Range.Get(); known {
			return to.Covers(all)
		}
		return to.HasRange().And(to.IsEveryone().Or(model.Maybe))
	}
	if answer := to.HasRange(); answer == model.False {
		return model.False
	}
	return to.IsEveryone().Or(t.Subnet.Ask(subnetRange))
}

// targetPort returns the port of a front's targets for messages.
func targetPort(front model.Front) string {
	for _, t := range front.Targets {
		if port, known := model.PortOf(t, front.TargetGroup).Get(); known {
			return strconv.Itoa(port)
		}
	}
	return "443"
}

// blocksTargets returns the fault of a target group to whose targets no rule
// leads. A target may use another port than its group, so the port counts only if
// the stack registers the target.
func (o outbound) blocksTargets(f model.Forwarding) rule.Fault {
	name := "its target group"
	var blocked model.Truth
	if f.TargetGroup == nil {
		blocked = f.Certain.And(o.letsOut(model.Unknown[int](), model.Source.IsAnyone).Not())
	} else {
		name = f.TargetGroup.Name
		connects := f.Certain.And(takesTCP(f.TargetGroup))
		leads := o.stack.LetsOut(o.balancer.Groups, model.AllPorts, model.Source.IsAnyone)
		for _, t := range o.forwardings.Targets(f.TargetGroup) {
			registered := t.TargetGroup.Names(f.TargetGroup)
			leads = leads.And(o.letsOut(model.PortOf(t, f.TargetGroup), model.Source.IsAnyone).Or(registered.Not()))
		}
		blocked = connects.And(leads.Not())
	}
	return outboundBlocksTargets.If(blocked, o.balancer.At("securityGroups"),
		"%s: its security groups have no outbound rule for the targets of %s; want one for their port",
		o.balancer.Name, name)
}

// takesTCP asks whether a load balancer opens TCP connections to the targets of a
// group. Groups of Lambda functions have no protocol.
func takesTCP(tg *model.TargetGroup) model.Truth {
	byProtocol := rule.AnyOf(tg.Protocol,
		model.ProtocolHTTP, model.ProtocolHTTPS, model.ProtocolTCP, model.ProtocolTCPUDP, model.ProtocolTLS)
	return byProtocol.And(tg.TargetType.Equals(model.TargetLambda).Not())
}
