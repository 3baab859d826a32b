package model

// Action is what a listener does with requests: it forwards them, or the load
// balancer itself answers with a redirect or a fixed response.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-action-types.html
type Action struct {
	// Kind is unknown if the model does not hold the action.
	Kind Known[ActionKind]
	// TargetGroups are the groups that the action names. There is none if the load balancer itself answers.
	TargetGroups Refs[TargetGroup]
	// Weights are the weights of TargetGroups.Items, in the same order. AWS's default is 1.
	Weights []Known[int]
	// Authenticates is whether the load balancer first asks an identity provider who the client is, or verifies a
	// JSON web token.
	Authenticates Truth
	// Redirect is where a redirect leads.
	Redirect Redirect
	// Status is the HTTP status of a redirect or a fixed response, such as 301.
	Status Known[int]
}

// ActionKind is the type of the last action of a listener or a rule. The actions
// before it authenticate the client.
type ActionKind string

// Kinds of actions.
const (
	ActionForward       ActionKind = "forward"
	ActionRedirect      ActionKind = "redirect"
	ActionFixedResponse ActionKind = "fixed-response"
)

// Redirect is the parts of the URL to which a redirect leads. A part may contain
// #{protocol}, #{host}, #{port}, #{path} and #{query}, which stand for the part of
// the request.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html
type Redirect struct {
	// Protocol is HTTP or HTTPS.
	Protocol Known[string]
	Host     Known[string]
	Port     Known[string]
	Path     Known[string]
	Query    Known[string]
}

// Receivers returns the groups to which the requests go. A group with the weight 0
// gets none.
func (a Action) Receivers() Refs[TargetGroup] {
	receivers := Refs[TargetGroup]{Rest: a.TargetGroups.Rest}
	for i, group := range a.TargetGroups.Items {
		weight := Of(1)
		if i < len(a.Weights) {
			weight = a.Weights[i].Or(1)
		}
		switch weight.Equals(0) {
		case False:
			receivers.Items = append(receivers.Items, group)
		case Maybe:
			receivers = receivers.WithMaybe(group)
		}
	}
	return receivers
}

// admitsAnyone asks whether the action sends requests to a target group without
// authenticating their clients.
func (a Action) admitsAnyone(tg *TargetGroup) Truth {
	forwards := a.Receivers().Any(func(r Ref[TargetGroup]) Truth { return r.Names(tg) })
	return forwards.And(a.Authenticates.Not())
}
