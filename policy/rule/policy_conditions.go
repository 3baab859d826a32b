package rule

import (
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

// vpcKeys are the condition keys about the network that a request comes from
// through an interface endpoint, in lower case as IAM ignores it. Such a request
// has all of them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var vpcKeys = []string{
	"aws:sourcevpc", "aws:sourcevpcarn", "aws:sourcevpce", "aws:vpcsourceip",
	"aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths",
}

// callerKeys, and keys that begin with aws:principal, are about the caller. Only
// a signed request has them.
var callerKeys = []string{
	"aws:federatedprovider", "aws:sourceaccount", "aws:sourcearn", "aws:sourceidentity",
	"aws:sourceorgid", "aws:sourceorgpaths", "aws:userid", "aws:username",
}

// idleKeys tell no caller from another.
var idleKeys = []string{
	"aws:currenttime", "aws:epochtime", "aws:referer", "aws:requestedregion",
	"aws:resourceaccount", "aws:securetransport", "aws:useragent",
}

// SourceIP is the key for the address that a request comes from on the internet.
const SourceIP = "aws:sourceip"

// keyKind is what a condition key is about.
type keyKind int

const (
	otherKey keyKind = iota
	networkKey
	callerKey
	idleKey
)

func kindOf(c model.Condition) keyKind {
	key := strings.ToLower(c.Key)
	switch {
	case slices.Contains(vpcKeys, key), key == SourceIP:
		return networkKey
	case slices.Contains(callerKeys, key), strings.HasPrefix(key, "aws:principal"):
		return callerKey
	case slices.Contains(idleKeys, key):
		return idleKey
	}
	return otherKey
}

// selects asks whether a condition tells some callers of a private API from the
// others by where or who they are: in an Allow those that it admits, and, where
// it is negated, in a Deny those that it spares.
func selects(c model.Condition) model.Truth {
	switch kind := kindOf(c); {
	case kind == idleKey, kind == networkKey && c.AsksPresence(), slices.ContainsFunc(c.Values, meansAll(c)):
		return model.False
	case kind == otherKey, c.AsksPresence():
		return model.Maybe
	}
	return model.True
}

// meansAll tells the values that every id or address fits.
func meansAll(c model.Condition) func(string) bool {
	return func(v string) bool {
		if r, err := netip.ParsePrefix(v); err == nil {
			return r.Bits() == 0
		}
		return c.TakesPatterns() && slices.Contains([]string{"*", "vpc-*", "vpce-*"}, v)
	}
}

// narrows asks whether a condition of an Allow keeps some callers of a private
// API out. A request without a signature has no key about its caller, which a
// condition with IfExists lets pass.
func narrows(c model.Condition) model.Truth {
	switch kind := kindOf(c); {
	case kind == otherKey:
		return model.Maybe
	case c.IsNegated(), kind == callerKey && c.IfExists():
		return model.False
	}
	return selects(c)
}

// excludes asks whether a condition of a Deny keeps out all but some callers of
// a private API.
func excludes(c model.Condition) model.Truth {
	if c.IsNegated() || c.AsksPresence() || kindOf(c) == otherKey {
		return selects(c)
	}
	return model.False
}

// AdmitsAnyone asks whether a statement by itself lets callers in, whoever and
// wherever they are.
func AdmitsAnyone(s model.Statement) model.Truth {
	if s.Effect != model.Allow || !s.IsAboutCalls() || !s.Principals.AreEveryone() {
		return model.False
	}
	narrowed := model.False
	for _, c := range s.Conditions {
		narrowed = narrowed.Or(narrows(c))
	}
	return narrowed.Not()
}

// Fences asks whether a statement denies every call but those of some callers.
func Fences(s model.Statement) model.Truth {
	if s.Effect != model.Deny || !s.IsAboutCalls() || !s.Principals.AreEveryone() {
		return model.False
	}
	fenced := s.IsAboutEveryCall()
	if s.Principals.Not {
		fenced = fenced.AtMostMaybe()
	}
	for _, c := range s.Conditions {
		fenced = fenced.And(excludes(c))
	}
	return fenced
}

// AnyStatement asks whether the answer is True for a statement of the policy.
func AnyStatement(d *model.PolicyDocument, question func(model.Statement) model.Truth) model.Truth {
	answer := model.False
	for _, s := range d.Statements {
		answer = answer.Or(question(s))
	}
	return answer
}

// AllowsCalls reports that a statement allows some caller some call.
func AllowsCalls(s model.Statement) bool { return s.Effect == model.Allow && s.IsAboutCalls() }

// JudgePrivateAPIs judges the policies of private APIs by their texts.
func JudgePrivateAPIs(s *model.Stack, r *Report, faults func(p *model.ResourcePolicy, inForce model.Truth) []Fault) {
	for _, p := range s.ResourcePolicies {
		inForce := ofPrivateAPI(p)
		switch {
		case inForce == model.False:
		case p.Document == nil:
			r.Unknown(p.Origin, "%s: the text of its resource policy is not known yet", p.Name)
		default:
			r.Judge(p.Origin, faults(p, inForce)...)
		}
	}
}

// ofPrivateAPI asks whether a policy is that of a private API, and in force.
func ofPrivateAPI(p *model.ResourcePolicy) model.Truth {
	if p.API.IsAbsent() {
		return model.False
	}
	return p.Set.And(p.API.Ask((*model.RestAPI).IsPrivate))
}

// MethodsOf finds the methods that may be of the API of a policy.
func MethodsOf(s *model.Stack, api model.Ref[model.RestAPI]) []*model.Method {
	return slices.DeleteFunc(slices.Clone(s.Methods), func(m *model.Method) bool { return m.API.Same(api) == model.False })
}

// HasOtherMethods is Maybe where a policy's API has methods in an OpenAPI
// document. They are not read, so they may be of any kind.
func HasOtherMethods(s *model.Stack, api model.Ref[model.RestAPI]) model.Truth {
	has := model.False
	for _, a := range api.Among(s.RestAPIs) {
		has = has.Or(a.Document)
	}
	return has.AtMostMaybe()
}

// NeedsAllow asks whether a method serves no caller whom the resource policy
// does not allow. With IAM and with Lambda authorizers another policy may allow
// the caller instead.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func NeedsAllow(m *model.Method) model.Truth {
	return m.Authorization.Equals(model.AuthorizationNone).Or(m.Authorization.Equals(model.AuthorizationCognito))
}

// IsAboutOtherThings reports whether this package does not know a condition's key.
func IsAboutOtherThings(c model.Condition) bool { return kindOf(c) == otherKey }
