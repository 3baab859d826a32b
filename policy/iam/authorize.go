package iam

import "private-api-blueprints/policy/model"

// Gate is what API Gateway asks about a call of a method of a REST API.
type Gate struct {
	// Authorization is the method's.
	Authorization model.Known[model.Authorization]
	// Private is whether the API is private. A private API without a policy refuses every call.
	Private model.Truth
	// HasPolicy is whether the API has a resource policy.
	HasPolicy model.Truth
	// Policy is what the resource policy decides.
	Policy Decision
	// Signed is whether an IAM identity signed the call.
	Signed bool
	// SameAccount is whether that identity is in the API's account. It matters for AWS_IAM only.
	SameAccount model.Truth
	// Caller is what the identity's own policies decide, or the policy that a Lambda authorizer returns. For a
	// Cognito user pool it is Allows if the caller has a valid token. The other kinds do not use it.
	Caller Decision
}

// Authorize returns whether API Gateway lets a call through to a method's
// integration. If a part of the gate is not known, the decision is the one that
// all its possible values give.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func Authorize(g Gate) Decision {
	switch g.HasPolicy {
	case model.Maybe:
		with, without := g, g
		with.HasPolicy, without.HasPolicy = model.True, model.False
		return agree(Authorize(with), Authorize(without))
	case model.False:
		return g.withoutPolicy()
	}
	return g.withPolicy()
}

// withoutPolicy returns the decision of an API without a resource policy.
func (g Gate) withoutPolicy() Decision {
	refused := Silent("a private API without a resource policy refuses every call")
	g.Policy = Silent("the API has no resource policy")
	open := g.withPolicy()
	if g.Authorization.Is(model.AuthorizationNone) {
		open = Allows("the method has no authorization and the API no resource policy")
	}
	switch {
	case g.Private == model.True:
		return refused
	case g.Authorization.Is(model.AuthorizationCognito):
		open = g.Caller
	case g.Authorization.IsUnknown() || g.Authorization.IsAbsent():
		open = agree(open, Allows(""))
	}
	if g.Private == model.Maybe {
		return agree(refused, open)
	}
	return open
}

// withPolicy returns the decision of an API with a resource policy.
func (g Gate) withPolicy() Decision {
	switch authorization, known := g.Authorization.Get(); {
	case !known:
		return agree(agree(g.Policy, g.byIAM()), agree(union(g.Policy, Unknown("")), g.byCognito()))
	case authorization == model.AuthorizationIAM:
		return g.byIAM()
	case authorization == model.AuthorizationCustom:
		return union(g.Policy, g.Caller)
	case authorization == model.AuthorizationCognito:
		return g.byCognito()
	}
	return g.Policy
}

// byIAM returns the decision for a method with AWS_IAM authorization. In one
// account it suffices that one side allows the call. Across accounts both must.
func (g Gate) byIAM() Decision {
	if !g.Signed {
		return Silent("the method wants a signature of an IAM identity, and the call has none")
	}
	switch g.SameAccount {
	case model.True:
		return union(g.Policy, g.Caller)
	case model.False:
		return both(g.Policy, g.Caller)
	}
	return agree(union(g.Policy, g.Caller), both(g.Policy, g.Caller))
}

// byCognito returns the decision for a method with a Cognito user pool. The
// documentation's text requires that the resource policy allows the call, while
// its table A lets the call pass if the policy says nothing. So that case is
// undecided.
func (g Gate) byCognito() Decision {
	if g.Caller.Permits == model.False {
		return g.Caller
	}
	return agree(both(g.Policy, g.Caller), union(g.Policy, g.Caller))
}

// union returns the decision of two policies if it suffices that one of them
// allows the call. A deny of either wins. The reason is that of the policy that
// decides.
func union(policy, caller Decision) Decision {
	d := decide(policy.allows.Or(caller.allows), policy.denies.Or(caller.denies))
	return d.reasonOf(policy, caller)
}

// both returns the decision of two policies if both must allow the call.
func both(policy, caller Decision) Decision {
	d := decide(policy.allows.And(caller.allows), policy.denies.Or(caller.denies))
	return d.reasonOf(policy, caller)
}

// reasonOf returns the decision with the reason of the side that has the same
// outcome. The resource policy goes first.
func (d Decision) reasonOf(policy, caller Decision) Decision {
	if caller.Outcome == d.Outcome && policy.Outcome != d.Outcome {
		return d.because(-1, "", caller.Why)
	}
	return d.because(policy.Statement, policy.Part, policy.Why)
}

// agree returns the decision that both sides make, otherwise an undecided one.
func agree(a, b Decision) Decision {
	d := decide(a.allows.Agree(b.allows), a.denies.Agree(b.denies))
	d.Permits = a.Permits.Agree(b.Permits)
	if a.Outcome == d.Outcome {
		return d.because(a.Statement, a.Part, a.Why)
	}
	return d.because(-1, "", b.Why)
}
