package model

import (
	"slices"
	"strings"
)

// EndpointPolicy is a policy of a VPC endpoint. It says which APIs callers reach
// through the endpoint. A stack can write it in the endpoint or in a dedicated
// resource. An endpoint without one has a policy that allows everything.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html
type EndpointPolicy struct {
	Element
	Endpoint Ref[Endpoint]
	// Set is whether the policy is in force. It is Maybe if the property that would hold it is not known, or if the
	// property may hold an old copy of another resource's policy.
	Set Truth
	// Document is nil if the policy's text is unknown or is not a policy.
	Document *PolicyDocument
	// APIs are those that the policy allows by their IDs.
	APIs Refs[RestAPI]
}

// isOf asks whether the policy is in force at an endpoint.
func (p *EndpointPolicy) isOf(e *Endpoint) Truth { return p.Set.And(p.Endpoint.Names(e)) }

// Excludes asks whether the policy is that of an endpoint, and allows only calls
// of other APIs than the given one. A pattern counts as one that allows it.
func (p *EndpointPolicy) Excludes(api *RestAPI, e *Endpoint) Truth {
	allows := p.APIs.Any(func(r Ref[RestAPI]) Truth { return r.Names(api) })
	return p.isOf(e).And(p.allowsSomeOnly()).And(allows.Not())
}

// allowsSomeOnly asks whether the policy allows only calls of APIs that it names.
func (p *EndpointPolicy) allowsSomeOnly() Truth {
	if p.Document == nil {
		return Maybe
	}
	isPattern := func(arn string) bool { return !namesOneAPI(arn) }
	return p.Document.AnyStatement(func(s Statement) Truth {
		return TruthOf(s.AllowsCalls() && (s.Resources.Not || slices.ContainsFunc(s.Resources.Values, isPattern)))
	}).Not()
}

// endpointPolicyIndex finds the policies that an endpoint has or may have.
type endpointPolicyIndex struct {
	byEndpoint map[*Endpoint][]*EndpointPolicy
	ofAny      []*EndpointPolicy // Policies that may belong to any endpoint, and name APIs.
	mayBeOfAny bool              // Whether there is a policy that may belong to any endpoint.
}

// AddEndpointPolicy adds a policy to the stack.
func (s *Stack) AddEndpointPolicy(p *EndpointPolicy) {
	index := &s.endpointPolicies
	if p.Endpoint.isAnything() {
		index.mayBeOfAny = true
		if p.allowsSomeOnly() != False {
			index.ofAny = append(index.ofAny, p)
		}
		return
	}
	if index.byEndpoint == nil {
		index.byEndpoint = map[*Endpoint][]*EndpointPolicy{}
	}
	for _, e := range p.Endpoint.Candidates {
		index.byEndpoint[e] = append(index.byEndpoint[e], p)
	}
}

// EndpointPolicies returns the policies that an endpoint has or may have, without
// those that may belong to any endpoint.
func (s *Stack) EndpointPolicies(e *Endpoint) []*EndpointPolicy {
	return s.endpointPolicies.byEndpoint[e]
}

// LooseEndpointPolicies returns the policies that may belong to any endpoint, and
// that allow, or may allow, only calls of some APIs.
func (s *Stack) LooseEndpointPolicies() []*EndpointPolicy { return s.endpointPolicies.ofAny }

// AdmitsAnyAPI asks whether whoever reaches an endpoint may call every private
// API through it that trusts the endpoint or its VPC, in any account.
func (s *Stack) AdmitsAnyAPI(e *Endpoint) Truth {
	certain, possible := False, True // Without a policy, an endpoint admits every API.
	has := Maybe.And(TruthOf(s.endpointPolicies.mayBeOfAny))
	if has == Maybe {
		possible = Maybe
	}
	for _, p := range s.EndpointPolicies(e) {
		open := Maybe
		if p.Document != nil {
			open = p.Document.admitsAnyAPI()
		}
		of := p.isOf(e)
		switch of {
		case True:
			certain = certain.Or(open)
		case Maybe:
			possible = possible.Agree(open)
		}
		has = has.Or(of)
	}
	if has == True {
		return certain
	}
	return possible
}

// admitsAnyAPI asks whether the policy of an endpoint allows anyone to call APIs
// of any account.
func (d *PolicyDocument) admitsAnyAPI() Truth {
	return d.AnyStatement(Statement.opensEveryAPI).And(d.AnyStatement(Statement.closesOtherAPIs).Not())
}

// opensEveryAPI asks whether the statement by itself allows everyone to call
// every API.
func (s Statement) opensEveryAPI() Truth {
	if !s.AllowsCalls() || !s.Principals.AreEveryone() {
		return False
	}
	opens := s.Resources.areEveryAPI()
	for _, c := range s.Conditions {
		opens = opens.And(c.narrowsEndpoint().Not())
	}
	return opens
}

// closesOtherAPIs asks whether the statement denies calls of every API except
// some, or every caller except some.
func (s Statement) closesOtherAPIs() Truth {
	if s.Effect != Deny || !s.IsAboutCalls() || !s.Principals.AreEveryone() {
		return False
	}
	closes := s.Resources.areEveryAPI()
	if s.Resources.Not {
		closes = True
	}
	if s.Principals.Not {
		closes = closes.AtMostMaybe()
	}
	for _, c := range s.Conditions {
		closes = closes.And(c.sparesSomeOfEndpoint())
	}
	return closes
}

// areEveryAPI asks whether the resources include the APIs of every account.
func (p Patterns) areEveryAPI() Truth {
	if p.Not {
		return Maybe
	}
	return TruthOf(slices.ContainsFunc(p.Values, func(pattern string) bool {
		parts := strings.SplitN(pattern, ":", arnParts)
		if len(parts) == arnParts { // A statement about one region opens every API of that region.
			parts[1], parts[3] = "aws", "us-east-1"
		}
		return Matches(strings.Join(parts, ":"), anyAPI)
	}))
}

const (
	// arnParts is the number of parts of an ARN. The last part of an API's is its ID and a path.
	arnParts = 6
	// anyAPI is the ARN of a call of an API that no policy names.
	anyAPI = "arn:aws:execute-api:us-east-1:000000000000:0000000000/-/GET/"
)

// APIInARN returns the API's ID in the ARN of calls, and whether the ARN names
// one API. An ARN may be a pattern for several APIs.
func APIInARN(arn string) (id string, one bool) {
	parts := strings.SplitN(arn, ":", arnParts)
	if len(parts) < arnParts {
		return "", false
	}
	id, _, _ = strings.Cut(parts[arnParts-1], "/")
	return id, id != "" && !strings.ContainsAny(id, "*?$")
}

func namesOneAPI(arn string) bool {
	_, one := APIInARN(arn)
	return one
}

// isAboutResource reports whether the condition compares a property of the API
// that is called, such as its account or the custom domain that leads to it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-resource-properties
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html
func (c Condition) isAboutResource() bool {
	return strings.HasPrefix(strings.ToLower(c.Key), "aws:resource") || c.isKey("execute-api:viadomainarn")
}

// narrowsEndpoint asks whether the condition of an Allow limits the callers of an
// endpoint, or the APIs that they may call. All callers are in the same network.
func (c Condition) narrowsEndpoint() Truth {
	switch kind := c.kind(); {
	case c.isAboutResource():
		return TruthOf(!c.IsNegated())
	case kind == networkKey:
		return False
	}
	return c.narrowsAllow()
}

// sparesSomeOfEndpoint asks whether the condition of a Deny spares only some
// callers of an endpoint, or some APIs.
func (c Condition) sparesSomeOfEndpoint() Truth {
	switch kind := c.kind(); {
	case c.isAboutResource():
		return TruthOf(c.IsNegated())
	case kind == networkKey:
		return False
	}
	return c.sparesFew()
}
