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
// integration.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func Authorize(g Gate) Decision {
	policy := g.policy()
	if g.Private != model.False && g.HasPolicy == model.False {
		refused := Silent("a private API without a resource policy refuses every call")
		if g.Private == model.True {
			return refused
		}
		return Unknown("it is not known whether the API is private, and it has no resource policy")
	}
	switch authorization, known := g.Authorization.Get(); {
	case !known:
		return g.anyAuthorization(policy)
	case authorization == model.AuthorizationIAM:
		return g.byIAM(policy)
	case authorization == model.AuthorizationCustom:
		return union(policy, g.Caller)
	case authorization == model.AuthorizationCognito:
		return g.byCognito(policy)
	}
	return g.alone(policy)
}

// policy returns what the resource policy decides. An API without one says
// nothing about calls.
func (g Gate) policy() Decision {
	switch g.HasPolicy {
	case model.True:
		return g.Policy
	case model.False:
		return Silent("the API has no resource policy")
	}
	d := decide(g.Policy.allows.And(model.Maybe), g.Policy.denies.And(model.Maybe))
	return d.because(g.Policy.Statement, g.Policy.Part, "it is not known whether the API has the policy")
}

// alone returns the decision for a method that lets every caller in whom the
// resource policy allows. Without a policy it lets everyone in.
func (g Gate) alone(policy Decision) Decision {
	switch g.HasPolicy {
	case model.False:
		return Allows("the method has no authorization and the API no resource policy")
	case model.Maybe:
		if g.Private != model.True {
			policy = decide(policy.allows.Or(model.Maybe), policy.denies).because(policy.Statement, policy.Part, policy.Why)
		}
	}
	return policy
}

// byIAM returns the decision for a method with AWS_IAM authorization. In one
// account it suffices that one side allows the call. Across accounts both must.
func (g Gate) byIAM(policy Decision) Decision {
	if !g.Signed {
		return Silent("the method wants a signature of an IAM identity, and the call has none")
	}
	switch g.SameAccount {
	case model.True:
		return union(policy, g.Caller)
	case model.False:
		return both(policy, g.Caller)
	}
	return agree(union(policy, g.Caller), both(policy, g.Caller))
}

// byCognito returns the decision for a method with a Cognito user pool. The
// documentation's text requires that the resource policy allows the call, while
// its table A lets the call pass if the policy says nothing. So that case is
// undecided.
func (g Gate) byCognito(policy Decision) Decision {
	caller := g.Caller
	if caller.Permits == model.False {
		return caller
	}
	return agree(both(g.alone(policy), caller), union(policy, caller))
}

// anyAuthorization returns the decision that is the same for every kind of
// authorization.
func (g Gate) anyAuthorization(policy Decision) Decision {
	return agree(g.alone(policy), agree(g.byIAM(policy), agree(union(policy, Unknown("")), g.byCognito(policy))))
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
	if a.Outcome != b.Outcome {
		d.Outcome = Undecided
	}
	if a.Outcome == d.Outcome {
		return d.because(a.Statement, a.Part, a.Why)
	}
	return d.because(-1, "", b.Why)
}
