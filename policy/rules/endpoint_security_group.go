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
front of it. Otherwise connections time out and health checks fail without a message. If it
is open to 0.0.0.0/0, any host that finds a way into the VPC reaches the endpoint.`,
	Fix: `Give the endpoint its own security group with one rule: TCP 443 from the load
balancer's security group. If the load balancer has no group, admit the ranges of its
subnets. Without a load balancer, admit the ranges of the clients.`,
	Severity: rule.High,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html",
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
	},
	Tags:       []string{"vpc-endpoint", "security-group"},
	FormerIDs:  []string{"vpce-sg-443"},
	Parameters: []rule.Parameter{allowedCidrs},
	Check:      checkEndpointSecurityGroup,
}

func checkEndpointSecurityGroup(s *model.Stack, r *rule.Report) {
	fronts := s.Fronts()
	for _, e := range s.Endpoints {
		subject := e.IsExecuteAPI().And(e.IsInterface())
		if subject == model.False {
			continue
		}
		g := guarded{s, e}
		faults := []rule.Fault{g.withoutGroup()}
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

// fault returns a fault of the endpoint. If a security group rule lets a source
// in that it should not, the first such rule is what to fix.
func (g guarded) fault(present model.Truth, let func(model.Source) model.Truth, format string, args ...any) rule.Fault {
	if present == model.False {
		return rule.FaultIf(present, g.endpoint.Origin, "")
	}
	at, message := g.endpoint.At("securityGroupIds"), g.endpoint.Name+": "+fmt.Sprintf(format, args...)
	if let != nil && present == model.True {
		if rules := g.stack.Admitting(g.endpoint.Groups, model.APIGatewayPort, let); len(rules) > 0 {
			at, message = rules[0].Origin, message+" (rule "+rules[0].Name+")"
		}
	}
	return rule.FaultIf(present, at, "%s", message)
}

func (g guarded) withoutGroup() rule.Fault {
	return g.fault(model.TruthOf(g.endpoint.Groups.IsEmpty()), nil,
		"it has no security group, so the default group of its VPC admits only its own members; "+
			"want a group that admits 443 from its clients")
}

func (g guarded) open() rule.Fault {
	return g.fault(g.admits(model.Source.IsEveryone), model.Source.IsEveryone,
		"its security groups admit 443 from the whole internet; want its clients only")
}

// beyond returns the fault of admitting more than the allowed ranges, if there
// are any.
func (g guarded) beyond(allowed []netip.Prefix) rule.Fault {
	outside := func(source model.Source) model.Truth { return source.Outside(allowed) }
	admits := model.False
	if len(allowed) > 0 {
		admits = g.admits(outside)
	}
	return g.fault(admits, outside, "its security groups admit 443 from outside of allowedCidrs; want only %v", allowed)
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
		faults = append(faults,
			g.fault(shutOut, nil, "its security groups do not admit 443 from %s, which forwards to it; "+
				"want a rule for that load balancer's security group or subnets", front.LoadBalancer.Name))
	}
	if fronted {
		return faults
	}
	anyone := func(model.Source) model.Truth { return model.True }
	return append(faults, g.fault(g.admits(anyone).Not(), nil,
		"its security groups admit nobody on 443; want a rule for its clients"))
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
