package model

// mostCombinations bounds the combinations of targets, endpoints and load
// balancers that Fronts looks at. Stacks have one for each target and listener;
// more come from references that may mean anything.
const mostCombinations = 1 << 20

// isVague reports that there are so many combinations that it is pointless to
// tell them apart.
func (s *Stack) isVague() bool {
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
	return combinations > mostCombinations
}

// vagueFronts are fronts of which nothing is known but that each thing may be
// part of one.
func (s *Stack) vagueFronts() []Front {
	blank := Front{LoadBalancer: blankLoadBalancer(), TargetGroup: blankTargetGroup(), Endpoint: blankEndpoint()}
	blank.Targets = []*Target{{TargetGroup: somewhere[TargetGroup](), Address: Unknown[string](), Zone: Unknown[string](), Endpoint: somewhere[Endpoint](), Subnet: somewhere[Subnet]()}}
	var fronts []Front
	for _, lb := range s.LoadBalancers {
		front := blank
		front.LoadBalancer = lb
		fronts = append(fronts, front)
	}
	for _, tg := range s.TargetGroups {
		front := blank
		front.TargetGroup = tg
		fronts = append(fronts, front)
	}
	for _, e := range s.Endpoints {
		front := blank
		front.Endpoint = e
		fronts = append(fronts, front)
	}
	return fronts
}

func somewhere[T any]() Ref[T] { return Ref[T]{Value: Unknown[string](), Open: true} }

func some[T any]() Refs[T] {
	rest := somewhere[T]()
	return Refs[T]{Rest: &rest}
}

func blankLoadBalancer() *LoadBalancer {
	return &LoadBalancer{
		Element: Element{Name: "a load balancer"}, Type: Unknown[string](), Internal: Unknown[bool](), Addresses: Unknown[string](),
		Subnets: some[Subnet](), Groups: some[SecurityGroup](), CrossZone: Unknown[bool](), PrivateLinkRules: Unknown[string](),
	}
}

func blankTargetGroup() *TargetGroup {
	return &TargetGroup{
		Element: Element{Name: "a target group"}, VPC: somewhere[VPC](), TargetType: Unknown[string](), Protocol: Unknown[string](),
		Port: Unknown[int](), CrossZone: Unknown[string](),
	}
}

func blankEndpoint() *Endpoint {
	return &Endpoint{
		Element: Element{Name: "an endpoint"}, Type: Unknown[string](), Service: Unknown[string](), VPC: somewhere[VPC](),
		Subnets: some[Subnet](), Groups: some[SecurityGroup](),
	}
}
