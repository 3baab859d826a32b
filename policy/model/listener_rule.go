package model

// ListenerRule is what a listener of an application load balancer does with
// requests that match certain conditions.
type ListenerRule struct {
	Element
	Action
	Listener Ref[Listener]
	// Priority orders the rules of a listener. The one with the lowest number comes first. If it is absent, the
	// provider puts the rule last.
	Priority Known[int]
	// ForAnyone is whether every client can send a request that matches the conditions. It is False if they name
	// ranges of clients, and Maybe if they name a header, because its value may be a secret.
	ForAnyone Truth
	// ForEverything is whether every request matches the conditions.
	ForEverything Truth
}

// Action is what a listener does with requests: it forwards them, or the load
// balancer itself answers with a redirect or a fixed response.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html
type Action struct {
	// TargetGroups are the groups to which the requests go. There is none if the load balancer itself answers.
	TargetGroups Refs[TargetGroup]
	// Authenticates is whether the load balancer first asks an identity provider who the client is, or verifies a
	// JSON web token.
	Authenticates Truth
}

// admitsAnyone asks whether the action sends requests to a target group without
// authenticating their clients.
func (a Action) admitsAnyone(tg *TargetGroup) Truth {
	forwards := a.TargetGroups.Any(func(r Ref[TargetGroup]) Truth { return r.Names(tg) })
	return forwards.And(a.Authenticates.Not())
}

// isBefore asks whether a listener tries this rule before another one.
func (r *ListenerRule) isBefore(other *ListenerRule) Truth {
	mine, known := r.Priority.Get()
	theirs, alsoKnown := other.Priority.Get()
	if known && alsoKnown {
		return TruthOf(mine < theirs)
	}
	return Maybe
}
