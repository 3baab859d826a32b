package trace

import (
	"iter"
	"maps"
	"net/netip"

	"private-api-blueprints/policy/iam"
	"private-api-blueprints/policy/model"
)

// applied is a policy that is or may be in force, with what it decides.
type applied struct {
	is       model.Truth
	decision iam.Decision
	at       model.Element
	secret   bool
}

// ruling is what the policies of an element decide together.
type ruling struct {
	has      model.Truth // Whether one is in force.
	decision iam.Decision
	by       applied
}

// rule combines the policies that are or may be in force at one element. Only one
// of them is.
func rule(all []applied) ruling {
	r := ruling{has: model.False}
	found := false
	for _, p := range all {
		if p.is == model.True {
			return ruling{model.True, p.decision, p}
		}
		r.has = r.has.Or(p.is)
		if !found {
			r.decision, r.by, found = p.decision, p, true
		} else if r.decision.Permits != p.decision.Permits {
			r.decision = iam.Unknown("it is not known which policy is in force")
		}
	}
	return r
}

// askPolicies asks the policy of the endpoint and that of the API about the call of
// a method. The method is nil if the API has none for the request, or none that is
// known.
func (w walk) askPolicies(v visit, m *model.Method) (walk, []Trace) {
	place := iam.Place{Region: v.rest.Region(), Account: v.account()}
	arn := iam.APICall(place, v.rest.ID, v.stageName, v.request.Verb(), v.path)
	from := w.source(v)
	w, ended := w.askEndpoint(v, iam.InvokeFrom(from, iam.Principal{}, arn))
	if ended != nil {
		return w, ended
	}
	gate := iam.Gate{
		Authorization: model.Of(model.AuthorizationNone), Private: v.rest.IsPrivate(),
		Caller: iam.Allows("the caller has what the method wants"), SameAccount: model.True,
	}
	by := iam.Principal{}
	switch {
	case m != nil:
		gate.Authorization = m.Authorization.Or(model.AuthorizationNone)
	case v.rest.Document != model.False && (v.request.Signed || v.request.Foreign):
		// The method may be in a document that is not known yet.
		gate.Authorization = model.Of(model.AuthorizationIAM)
	}
	if gate.Authorization.Is(model.AuthorizationIAM) {
		gate.Signed, by.Signed, by.Account = true, true, v.account() // Whether it is signed is another step.
		gate.SameAccount = model.TruthOf(!v.request.Foreign)
	}
	call := iam.InvokeFrom(from, by, arn)
	r := rule(w.policiesOf(v, call, w.stack.PoliciesOf(v.rest), func(p *model.ResourcePolicy) model.Truth {
		return p.API.Names(v.rest)
	}))
	gate.HasPolicy, gate.Policy = r.has, r.decision
	return w.judge(v.rest.Element, r, iam.Authorize(gate))
}

// policiesOf returns the resource policies that are or may be in force at an API or
// a domain.
func (w walk) policiesOf(
	v visit, call iam.Call, policies iter.Seq[*model.ResourcePolicy], isOf func(*model.ResourcePolicy) model.Truth,
) []applied {
	var all []applied
	for p := range policies {
		is := p.Set.And(isOf(p))
		if is == model.False {
			continue
		}
		a := applied{is: is, at: p.Element, secret: p.Secret}
		a.decision = iam.ResourcePolicy(p.Document, v.asForeigner(v.asAnyone(call, p.Document), p.Document))
		if p.Document == nil {
			a.decision = iam.Unknown("its text is not known yet")
			if w.isForOthers(v, p) {
				a.decision = iam.Silent("it is made from another network than the caller's")
			}
		}
		all = append(all, a)
	}
	return all
}

// asAnyone returns the call with the address of somebody on the internet whom a
// policy does not list, if the call stands for everyone there.
func (v visit) asAnyone(call iam.Call, d *model.PolicyDocument) iam.Call {
	if d == nil || v.via != nil || !v.from.everyone {
		return call
	}
	keys := maps.Clone(call.Keys)
	somebody := []string{"198.51.100.77", "203.0.113.77", "192.0.2.77", "100.0.0.77", "7.7.7.77"}
	if v.ipv6 {
		somebody = []string{"2001:db8:77::77", "2600:77::77", "2a00:77::77", "2400:77::77"}
	}
	for _, text := range somebody {
		if !lists(d, netip.MustParseAddr(text)) {
			keys["aws:sourceip"] = iam.Texts(text)
			break
		}
	}
	call.Keys = keys
	return call
}

// otherAccount stands for an account that no policy names.
const otherAccount = "another account"

// asForeigner returns the call as an identity of another account makes it, if the request says so: of an account that
// a policy admits, or otherwise of any.
func (v visit) asForeigner(call iam.Call, d *model.PolicyDocument) iam.Call {
	if d == nil || !v.request.Foreign || !call.Principal.Signed {
		return call
	}
	call.Principal.Account = v.admittedAccount(d)
	keys := maps.Clone(call.Keys)
	keys["aws:principalaccount"] = iam.SomeText()
	if account, known := call.Principal.Account.Get(); known {
		keys["aws:principalaccount"] = iam.Texts(account)
	}
	call.Keys = keys
	return call
}

// admittedAccount returns another account that a policy admits, or [otherAccount]. An account as a whole goes before
// one of which the policy admits some identities, such as a role. It is not known whether the caller is one of those.
func (v visit) admittedAccount(d *model.PolicyDocument) model.Known[string] {
	own, admitted, isWhole := v.account(), model.Of(otherAccount), false
	for _, s := range d.Statements {
		if s.Effect != model.Allow || s.Principals.Not {
			continue
		}
		for _, p := range s.Principals.Values {
			account := p.InAccount()
			_, whole := p.Account()
			switch {
			case account == "", isWhole && !whole:
			case own.IsUnknown():
				admitted, isWhole = model.Unknown[string](), whole // It may be the API's own account.
			case !own.Is(account):
				admitted, isWhole = model.Of(account), whole
			}
		}
	}
	return admitted
}

// lists reports whether a policy names a range of the internet that has an address.
func lists(d *model.PolicyDocument, address netip.Addr) bool {
	for _, s := range d.Statements {
		for _, c := range s.Conditions {
			for _, value := range c.Values {
				r, err := netip.ParsePrefix(value)
				if value == address.String() || err == nil && r.Bits() > 0 && r.Contains(address) {
					return true
				}
			}
		}
	}
	return false
}

// isForOthers reports whether a policy whose text is not known yet is made from
// networks of the stack, and from none that the call has to do with. Such a policy
// admits others: a policy that is only about APIs names no network, and one that is
// about the caller's network is made from it.
func (w walk) isForOthers(v visit, p *model.ResourcePolicy) bool {
	if v.via == nil || len(p.From.Other) > 0 {
		return false
	}
	if len(p.Networks.Endpoints) == 0 && p.Networks.VPC != model.True {
		return false
	}
	networks := w.networks()
	for _, urn := range p.From.AWS {
		if !networks[urn] && !w.isOfGateway(urn) {
			return false
		}
	}
	vpcs := [...]model.Ref[model.VPC]{v.via.VPC, v.from.vpc, v.client.vpc}
	for _, ref := range vpcs {
		vpc, certain := ref.Sole()
		if !ref.IsAbsent() && !certain || certain && p.From.Has(vpc.Origin) {
			return false
		}
	}
	return !p.From.Has(v.via.Origin)
}

// judge goes on if the policies let a call through.
func (w walk) judge(of model.Element, r ruling, d iam.Decision) (walk, []Trace) {
	by := r.by.at
	if r.has == model.False {
		by = of
	}
	what := "resource policy " + by.Name
	if by.URN == of.URN {
		what = "the resource policy of " + of.Name
	}
	if r.has == model.False {
		if d.Permits == model.True {
			return w, nil
		}
		what = of.Name
	}
	why := d.Why
	if r.by.secret {
		why = "its text is a secret"
	}
	w, ended := w.require(d.Permits, check{
		end{DeniedByPolicy, by, by.Origin, "allow execute-api:Invoke for the caller in " + what},
		what + " allows the call: " + why, what + " does not allow the call: " + why,
	})
	return w, refusedBy(d, ended)
}

// refusedBy returns the traces that end at a policy with what the client sees. API
// Gateway tells it whether a statement denies the call.
func refusedBy(d iam.Decision, ended []Trace) []Trace {
	if d.Outcome != iam.Denied {
		return ended
	}
	return showing("HTTP 403, not authorized to perform: execute-api:Invoke, with an explicit deny", ended)
}

// askEndpoint asks the policy of the endpoint that a call has come through.
func (w walk) askEndpoint(v visit, call iam.Call) (walk, []Trace) {
	if v.via == nil {
		return w, nil
	}
	var all []applied
	add := func(p *model.EndpointPolicy) {
		if is := p.Set.And(p.Endpoint.Names(v.via)); is != model.False {
			all = append(all, applied{is: is, decision: iam.EndpointPolicy(p.Document, call), at: p.Element})
		}
	}
	for _, p := range w.stack.EndpointPolicies(v.via) {
		add(p)
	}
	for _, p := range w.stack.LooseEndpointPolicies() {
		add(p)
	}
	r := rule(all)
	permits := r.decision.Permits
	if r.has == model.False {
		w.admitted = true // An endpoint without a policy lets every call pass.
		return w, nil
	}
	if r.has == model.Maybe {
		permits = permits.Agree(model.True)
	}
	w.admitted = permits == model.True
	what := "the policy of endpoint " + v.via.Name
	w, ended := w.require(permits, check{
		end{DeniedByEndpoint, r.by.at, r.by.at.Origin, "allow execute-api:Invoke of the API in " + what},
		what + " allows the call: " + r.decision.Why, what + " does not allow the call: " + r.decision.Why,
	})
	return w, refusedBy(r.decision, ended)
}

// askDomain asks the policy of a private custom domain. Without one, AWS gives the
// domain a policy that denies everyone.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-custom-domains.html
func (w walk) askDomain(v visit, d *model.Domain) (walk, []Trace) {
	private := d.IsPrivate()
	if private == model.False {
		return w, nil
	}
	arn := iam.DomainCall(iam.Place{Region: d.Region()}, d.Host, model.Unknown[string]())
	call := iam.InvokeFrom(w.source(v), iam.Principal{}, arn)
	r := rule(w.policiesOf(v, call, w.stack.PoliciesOfDomain(d), func(p *model.ResourcePolicy) model.Truth {
		return p.Domain.Names(d)
	}))
	decision := r.decision
	switch {
	case private == model.Maybe:
		decision = iam.Unknown("it is not known yet whether the domain is private")
	case r.has == model.False && d.HasPolicy == model.False:
		decision = iam.Silent("a private domain without a policy refuses every call")
	case r.has != model.True && r.decision.Permits == model.True:
		decision = iam.Unknown("it is not known yet whether the policy is in force")
	}
	return w.judge(d.Element, r, decision)
}

// source returns the network that a call comes from, as API Gateway sees it.
func (w walk) source(v visit) iam.Source {
	if v.via == nil {
		return iam.Source{Address: publicAddress(v.from)}
	}
	return iam.Source{
		VPC: idIn(v.via.VPC, func(vpc *model.VPC) model.Element { return vpc.Element }), Endpoint: v.via.ID.Or(""),
		Address: privateAddress(v.from),
	}
}

// idIn returns the ID that a reference gives.
func idIn[T any](ref model.Ref[T], element func(*T) model.Element) model.Known[string] {
	if sole, certain := ref.Sole(); certain {
		if id, known := element(sole).ID.Get(); known {
			return model.Of(id)
		}
	}
	if id, known := ref.Value.Get(); known {
		return model.Of(id)
	}
	return model.Unknown[string]()
}

// publicAddress returns the address of a caller on the internet. A caller in a VPC
// has another address there, which the stack does not say.
func publicAddress(from place) iam.Value {
	if address, known := from.address.Get(); known && from.internet {
		return iam.Texts(address.String())
	}
	return iam.SomeText()
}

// privateAddress returns the address of a caller in a VPC.
func privateAddress(from place) iam.Value {
	if address, known := from.address.Get(); known {
		return iam.Texts(address.String())
	}
	if subnet, certain := from.subnet.Sole(); certain {
		if block, known := subnet.Range.Get(); known {
			return iam.SomeAddress(netip.PrefixFrom(block.Addr(), block.Bits()))
		}
	}
	return iam.SomeText()
}

// networks returns the URNs of the stack's VPCs and endpoints.
func (w walk) networks() map[string]bool {
	urns := map[string]bool{}
	for _, vpc := range w.stack.VPCs {
		urns[vpc.URN] = true
	}
	for _, e := range w.stack.Endpoints {
		urns[e.URN] = true
	}
	return urns
}

// isOfGateway reports whether a URN is that of an API.
func (w walk) isOfGateway(urn string) bool {
	for _, api := range w.stack.RestAPIs {
		if api.URN == urn {
			return true
		}
	}
	return false
}
