package model

// Target is the registration of an address, an instance, a function or a load
// balancer with a target group.
type Target struct {
	Element
	TargetGroup Ref[TargetGroup]
	// Address is the address or, for other types of targets, the ID or the ARN.
	Address Known[string]
	// Port is absent if the target uses the target group's port.
	Port Known[int]
	// Zone is "all" if the nodes of every zone use the target.
	Zone Known[string]
	// Endpoint is the endpoint that has the address.
	Endpoint Ref[Endpoint]
	// Subnet is the subnet in which the endpoint has the address.
	Subnet Ref[Subnet]
	// AddressOf is the load balancer from which the program has looked up the address. It is absent if the address
	// comes from something else.
	AddressOf Ref[LoadBalancer]
	// LoadBalancer is the application load balancer that is the target, in a target group of type alb.
	LoadBalancer Ref[LoadBalancer]
	// Instance is the instance that is the target, or that has the address.
	Instance Ref[Instance]
	// FunctionRef is the Lambda function that is the target, in a target group of type lambda.
	FunctionRef
}

// PortIn returns the port on which a target of a group gets traffic.
func (t *Target) PortIn(tg *TargetGroup) Known[int] {
	if t.Port.IsAbsent() {
		return tg.Port
	}
	return t.Port
}

// AllZones is the zone of a target that the nodes of every zone use.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html
const AllZones = "all"

// TargetOf asks whether a target is an address of one of the stack's endpoints
// for which the answer to the question is True.
func (s *Stack) TargetOf(t *Target, question func(*Endpoint) Truth) Truth {
	possible := False
	for _, e := range t.Endpoint.Among(s.Endpoints) {
		possible = possible.Or(question(e))
	}
	if possible == False {
		return False
	}
	return t.Endpoint.Ask(question)
}

// Holds asks whether a target of the group is an address of one of the stack's
// endpoints for which the answer to the question is True.
func (s *Stack) Holds(tg *TargetGroup, question func(*Endpoint) Truth) Truth {
	s.targetsOnce.Do(func() {
		for _, t := range s.Targets {
			s.targetsOf.add(t.TargetGroup, t)
		}
	})
	holds := False
	for t := range s.targetsOf.mayName(tg) {
		if in := t.TargetGroup.Names(tg); in != False {
			holds = holds.Or(in.And(s.TargetOf(t, question)))
		}
	}
	return holds
}
