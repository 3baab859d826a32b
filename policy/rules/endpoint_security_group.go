package rules

import (
	"fmt"
	"net/netip"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var allowedCidrs = rule.Ranges("allowedCidrs",
	"Ranges that the endpoint may admit on port 443. If empty, any range except the whole internet.")

var endpointSecurityGroup = &rule.Rule{
	ID:    "endpoint-security-group",
	Title: "The security group of an execute-api endpoint admits its clients on port 443, and not the whole internet",
	Why: `The endpoint's security group is the only filter between the network and every private
API behind the endpoint. It needs a rule for its clients, above all for a load balancer in
front of it. Otherwise connections time out and health checks fail without a message. If the
group is open to 0.0.0.0/0, any host that finds a way into the VPC reaches the endpoint.`,
	Fix: `Give the endpoint its own security group with one rule: TCP 443 from the load
balancer's security group. If the load balancer has no group, admit the ranges of its
subnets. Without a load balancer, admit the ranges of the clients.`,
	Severity: rule.High,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html",
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
	},
	Tags:       []string{"vpc-endpoint", "security-group"},
	FormerIDs:  []string{"vpce-sg-443"},
	Parameters: []rule.Parameter{allowedCidrs},
	Defects: []*rule.Defect{
		endpointBalancerNotAdmitted, endpointNobodyAdmitted, endpointBeyondAllowed, endpointNoRule,
		endpointNoGroup, endpointOpen,
	},
	Check: checkEndpointSecurityGroup,
}

var endpointBalancerNotAdmitted = &rule.Defect{
	ID: "load-balancer-not-admitted", Outcome: rule.Broken,
	Summary: "The endpoint does not admit the load balancer in front of it on port 443.",
	Effect:  "Health checks fail, and connections through the load balancer time out.",
}

var endpointNobodyAdmitted = &rule.Defect{
	ID: "port-not-admitted", Outcome: rule.Broken,
	Summary: "The endpoint's security groups have inbound rules, but none for port 443.",
	Effect:  "An execute-api endpoint answers on port 443 only. Every connection times out.",
}

var endpointBeyondAllowed = &rule.Defect{
	ID: "beyond-allowed-cidrs", Outcome: rule.Required,
	Summary: "The endpoint admits a range outside of the parameter allowedCidrs.",
	Effect:  "The endpoint works, but the configuration of the pack allows other ranges only.",
}

var endpointNoRule = &rule.Defect{
	ID: "no-inbound-rule", Outcome: rule.Risky,
	Summary: "The endpoint's security groups have no inbound rule for TCP in this stack.",
	Effect:  "Every connection times out, unless another stack adds a rule for its own clients.",
}

var endpointNoGroup = &rule.Defect{
	ID: "no-security-group", Outcome: rule.Risky,
	Summary: "The endpoint names no security group, so it has the default group of its VPC.",
	Effect:  "As AWS creates it, that group admits only its own members. Other clients see connections time out.",
}

var endpointOpen = &rule.Defect{
	ID: "open-to-everyone", Outcome: rule.Risky,
	Summary: "The endpoint admits the whole internet on port 443.",
	Effect:  "The endpoint has private addresses only. Every host with a way into the VPC reaches it.",
}

func checkEndpointSecurityGroup(s *model.Stack, r *rule.Report) {
	fronts := s.Fronts()
	for _, e := range s.Endpoints {
		subject := e.IsExecuteAPI().And(e.IsInterface())
		if subject == model.False {
			continue
		}
		g := guarded{s, e}
		faults := g.withoutGroup(fronts)
		if !e.Groups.IsEmpty() {
			faults = append(faults, g.open(), g.beyond(allowedCidrs.Value(r)))
			faults = append(faults, g.closed(fronts)...)
		}
		for i := range faults {
			faults[i] = faults[i].And(subject)
		}
		r.Judge(e.Origin, faults...)
	}
}

// guarded is an endpoint with the stack that its security groups are in.
type guarded struct {
	stack    *model.Stack
	endpoint *model.Endpoint
}

// admits asks whether the security groups let in a source for which the
// question's answer is True.
func (g guarded) admits(question func(model.Source) model.Truth) model.Truth {
	return g.stack.Admits(g.endpoint.Groups, model.APIGatewayPort, question)
}

// fault returns a fault of the endpoint that it does not admit a client.
func (g guarded) fault(d *rule.Defect, present model.Truth, format string, args ...any) rule.Fault {
	return d.If(present, g.endpoint.At("securityGroupIds"), "%s: %s", g.endpoint.Name, fmt.Sprintf(format, args...))
}

// let returns a fault of the endpoint that it lets in a source that it should not.
// The first rule that does so is what to fix.
func (g guarded) let(d *rule.Defect, let func(model.Source) model.Truth, format string, args ...any) rule.Fault {
	present := g.admits(let)
	if present == model.False {
		return d.If(present, g.endpoint.Origin, "")
	}
	at, message := g.endpoint.At("securityGroupIds"), g.endpoint.Name+": "+fmt.Sprintf(format, args...)
	if present == model.True {
		if rules := g.stack.Admitting(g.endpoint.Groups, model.APIGatewayPort, let); len(rules) > 0 {
			at, message = rules[0].Origin, message+" (rule "+rules[0].Name+")"
		}
	}
	return d.If(present, at, "%s", message)
}

// withoutGroup returns the faults of an endpoint without a security group. The
// default group of a new VPC has no rule for a load balancer of another group.
func (g guarded) withoutGroup(fronts []model.Front) []rule.Fault {
	if !g.endpoint.Groups.IsEmpty() {
		return nil
	}
	isNew := g.endpoint.VPC.Ask(func(vpc *model.VPC) model.Truth { return vpc.IsNew })
	for _, front := range fronts {
		foreign := front.LoadBalancer.Groups.All(func(group model.Ref[model.SecurityGroup]) model.Truth {
			_, certain := group.Sole()
			return model.TruthOf(certain).Or(model.Maybe)
		})
		if front.Endpoint == g.endpoint && front.Certain.And(isNew).And(foreign) == model.True {
			return []rule.Fault{g.fault(endpointBalancerNotAdmitted, model.True,
				"it has no security group, and the default group of its VPC does not admit %s, which forwards to it; "+
					"want a group that admits 443 from there", front.LoadBalancer.Name)}
		}
	}
	return []rule.Fault{g.fault(endpointNoGroup, model.True,
		"it has no security group, so the default group of its VPC admits only its own members; "+
			"want a group that admits 443 from its clients")}
}

func (g guarded) open() rule.Fault {
	return g.let(endpointOpen, model.Source.IsEveryone,
		"its security groups admit 443 from the whole internet; want its clients only")
}

// beyond returns the fault of admitting more than the allowed ranges, if there
// are any.
func (g guarded) beyond(allowed []netip.Prefix) rule.Fault {
	outside := func(source model.Source) model.Truth { return source.Outside(allowed) }
	if len(allowed) == 0 {
		outside = func(model.Source) model.Truth { return model.False }
	}
	return g.let(endpointBeyondAllowed, outside,
		"its security groups admit 443 from outside of allowedCidrs; want only %v", allowed)
}

// closed returns the faults of not admitting the clients: the load balancers in
// front of the endpoint or, if none certainly is, anyone.
func (g guarded) closed(fronts []model.Front) []rule.Fault {
	var faults []rule.Fault
	fronted := false
	for _, front := range fronts {
		if front.Endpoint != g.endpoint {
			continue
		}
		fronted = fronted || front.Certain == model.True
		shutOut := front.Certain.And(g.admitsBalancer(front.LoadBalancer).Not())
		faults = append(faults, g.fault(endpointBalancerNotAdmitted, shutOut,
			"its security groups do not admit 443 from %s, which forwards to it; "+
				"want a rule for that load balancer's security group or subnets", front.LoadBalancer.Name))
	}
	if fronted {
		return faults
	}
	return append(faults, g.nobody())
}

// nobody returns the fault of admitting nobody. Rules for other ports show that
// the stack decides about the group's rules.
func (g guarded) nobody() rule.Fault {
	defect := endpointNoRule
	if g.stack.HasInboundRules(g.endpoint.Groups) == model.True {
		defect = endpointNobodyAdmitted
	}
	return g.fault(defect, g.admits(model.Source.IsAnyone).Not(),
		"its security groups admit nobody on 443; want a rule for its clients")
}

// admitsBalancer asks whether the nodes of a load balancer get through, either
// by one of their security groups or by the ranges of all their subnets.
func (g guarded) admitsBalancer(lb *model.LoadBalancer) model.Truth {
	byGroup := lb.Groups.Any(func(group model.Ref[model.SecurityGroup]) model.Truth {
		return g.admits(func(source model.Source) model.Truth { return source.IsGroup(group) })
	})
	byRange := g.admits(model.Source.HasRange)
	if lb.Subnets.IsEmpty() {
		return byGroup.Or(byRange.AtMostMaybe())
	}
	covered := lb.Subnets.All(func(subnet model.Ref[model.Subnet]) model.Truth { return subnet.Ask(g.admitsSubnet) })
	return byGroup.Or(byRange.And(covered))
}

func (g guarded) admitsSubnet(subnet *model.Subnet) model.Truth {
	inside, known := subnet.Range.Get()
	if !known {
		return model.Maybe
	}
	return g.admits(func(source model.Source) model.Truth { return source.Covers(inside) })
}
