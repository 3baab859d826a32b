package model

// maxCombinations limits how many combinations of targets, endpoints and load
// balancers Fronts looks at. A stack has one for each target and listener. More
// of them come from references that may mean anything.
const maxCombinations = 1 << 20

// hasTooManyFronts reports whether there are so many combinations that nothing
// useful can be said about each of them.
func (s *Stack) hasTooManyFronts() bool {
	registered := map[*TargetGroup]int{}
	for _, t := range s.Targets {
		for _, tg := range t.TargetGroup.Among(s.TargetGroups) {
			registered[tg] += len(t.Endpoint.Among(s.Endpoints))
		}
	}
	combinations := 0
	for _, l := range s.Listeners {
		for _, tg := range l.targetGroups(s.TargetGroups) {
			combinations += registered[tg] * len(l.LoadBalancer.Among(s.LoadBalancers))
		}
	}
	return combinations > maxCombinations
}

// unknownFronts returns one front for each load balancer, target group and
// endpoint, whose other parts are unknown.
func (s *Stack) unknownFronts() []Front {
	unknown := Front{
		LoadBalancer: unknownLoadBalancer(), TargetGroup: unknownTargetGroup(), Endpoint: unknownEndpoint(),
		Targets: []*Target{unknownTarget()},
	}
	var fronts []Front
	for _, lb := range s.LoadBalancers {
		front := unknown
		front.LoadBalancer = lb
		fronts = append(fronts, front)
	}
	for _, tg := range s.TargetGroups {
		front := unknown
		front.TargetGroup = tg
		fronts = append(fronts, front)
	}
	for _, e := range s.Endpoints {
		front := unknown
		front.Endpoint = e
		fronts = append(fronts, front)
	}
	return fronts
}

// unknownTarget returns a target about which nothing is known.
func unknownTarget() *Target {
	return &Target{
		TargetGroup: UnknownRef[TargetGroup](), Address: Unknown[string](), Zone: Unknown[string](),
		Endpoint: UnknownRef[Endpoint](), Subnet: UnknownRef[Subnet](),
	}
}

// unknownLoadBalancer returns a load balancer about which nothing is known.
func unknownLoadBalancer() *LoadBalancer {
	return &LoadBalancer{
		Element: Element{Name: "a load balancer"}, Type: Unknown[LoadBalancerType](), Internal: Unknown[bool](),
		Addresses: Unknown[IPAddressType](), Subnets: unknownRefs[Subnet](), Groups: unknownRefs[SecurityGroup](),
		CrossZone: Unknown[bool](), PrivateLinkRules: Unknown[PrivateLinkRules](),
	}
}

// unknownTargetGroup returns a target group about which nothing is known.
func unknownTargetGroup() *TargetGroup {
	return &TargetGroup{
		Element: Element{Name: "a target group"}, VPC: UnknownRef[VPC](), TargetType: Unknown[TargetType](),
		Protocol: Unknown[Protocol](), Port: Unknown[int](), CrossZone: Unknown[CrossZone](),
	}
}

// unknownEndpoint returns an endpoint about which nothing is known.
func unknownEndpoint() *Endpoint {
	return &Endpoint{
		Element: Element{Name: "an endpoint"}, Type: Unknown[EndpointType](), Service: Unknown[string](),
		VPC: UnknownRef[VPC](), Subnets: unknownRefs[Subnet](), Groups: unknownRefs[SecurityGroup](),
	}
}
