package rule

import (
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

// vpcKeys are the condition keys about the network that a request comes from
// through an interface endpoint. Such a request has all of them. They are in
// lower case, because IAM ignores the case of keys.
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

// neutralKeys do not distinguish one caller from another.
var neutralKeys = []string{
	"aws:currenttime", "aws:epochtime", "aws:referer", "aws:requestedregion",
	"aws:resourceaccount", "aws:securetransport", "aws:useragent",
}

// sourceIPKey is the key for the address that a request comes from on the
// internet.
const sourceIPKey = "aws:sourceip"

// keyKind is what a condition key is about.
type keyKind int

const (
	otherKey keyKind = iota // A key that this package does not know.
	networkKey
	callerKey
	neutralKey
)

func kindOf(c model.Condition) keyKind {
	key := strings.ToLower(c.Key)
	switch {
	case slices.Contains(vpcKeys, key), key == sourceIPKey:
		return networkKey
	case slices.Contains(callerKeys, key), strings.HasPrefix(key, "aws:principal"):
		return callerKey
	case slices.Contains(neutralKeys, key):
		return neutralKey
	}
	return otherKey
}

// IsAboutSourceIP reports whether a condition compares aws:SourceIp.
func IsAboutSourceIP(c model.Condition) bool { return strings.ToLower(c.Key) == sourceIPKey }

// HasOtherKey reports whether a condition compares a key whose meaning the pack
// does not know.
func HasOtherKey(c model.Condition) bool { return kindOf(c) == otherKey }

// selects asks whether a condition distinguishes some callers of a private API
// from others, by where or who they are. In an Allow they are the callers that it
// admits. In a Deny with a negated condition they are the callers that it spares.
func selects(c model.Condition) model.Truth {
	switch kind := kindOf(c); {
	case kind == neutralKey, kind == networkKey && c.AsksPresence(), slices.ContainsFunc(c.Values, matchesAll(c)):
		return model.False
	case kind == otherKey, c.AsksPresence():
		return model.Maybe
	}
	return model.True
}

// matchesAll returns a function that reports whether a value of the condition
// matches every ID or address.
func matchesAll(c model.Condition) func(string) bool {
	return func(v string) bool {
		if r, err := netip.ParsePrefix(v); err == nil {
			return r.Bits() == 0
		}
		return c.TakesPatterns() && slices.Contains([]string{"*", "vpc-*", "vpce-*"}, v)
	}
}

// narrowsAllow asks whether a condition of an Allow keeps some callers of a
// private API out. A request without a signature has no keys about its caller,
// and passes a condition with IfExists on them.
func narrowsAllow(c model.Condition) model.Truth {
	switch kind := kindOf(c); {
	case kind == otherKey:
		return model.Maybe
	case c.IsNegated(), kind == callerKey && c.IfExists():
		return model.False
	}
	return selects(c)
}

// sparesFew asks whether a condition of a Deny spares only some callers of a
// private API.
func sparesFew(c model.Condition) model.Truth {
	if c.IsNegated() || c.AsksPresence() || kindOf(c) == otherKey {
		return selects(c)
	}
	return model.False
}

// AdmitsAnyone asks whether a statement by itself allows calls to everybody,
// wherever they are.
func AdmitsAnyone(s model.Statement) model.Truth {
	if s.Effect != model.Allow || !s.IsAboutCalls() || !s.Principals.AreEveryone() {
		return model.False
	}
	narrowed := model.False
	for _, c := range s.Conditions {
		narrowed = narrowed.Or(narrowsAllow(c))
	}
	return narrowed.Not()
}

// DeniesOthers asks whether a statement denies every call except those of some
// callers.
func DeniesOthers(s model.Statement) model.Truth {
	if s.Effect != model.Deny || !s.IsAboutCalls() || !s.Principals.AreEveryone() {
		return model.False
	}
	denies := s.IsAboutEveryCall()
	if s.Principals.Not {
		denies = denies.AtMostMaybe()
	}
	for _, c := range s.Conditions {
		denies = denies.And(sparesFew(c))
	}
	return denies
}

// AllowsCalls reports whether a statement allows some call to some caller.
func AllowsCalls(s model.Statement) bool { return s.Effect == model.Allow && s.IsAboutCalls() }

// AnyStatement asks whether the answer is True for a statement of the policy.
func AnyStatement(d *model.PolicyDocument, question func(model.Statement) model.Truth) model.Truth {
	answer := model.False
	for _, s := range d.Statements {
		answer = answer.Or(question(s))
	}
	return answer
}

// JudgePrivateAPIs judges the resource policies of private APIs by their text.
// The callback returns the faults of one policy. Its second argument answers
// whether the policy is in force on a private API.
func JudgePrivateAPIs(s *model.Stack, r *Report, faults func(*model.ResourcePolicy, model.Truth) []Fault) {
	for _, p := range s.ResourcePolicies {
		inForce := isInForce(p)
		switch {
		case inForce == model.False:
		case p.Document == nil:
			r.Unknown(p.Origin, "%s: the text of its resource policy is not known yet", p.Name)
		default:
			r.Judge(p.Origin, faults(p, inForce)...)
		}
	}
}

// isInForce asks whether a policy is the one that API Gateway applies to a
// private API.
func isInForce(p *model.ResourcePolicy) model.Truth {
	if p.API.IsAbsent() {
		return model.False
	}
	return p.Set.And(p.API.Ask((*model.RestAPI).IsPrivate))
}

// MethodsOf returns the methods that may belong to an API.
func MethodsOf(s *model.Stack, api model.Ref[model.RestAPI]) []*model.Method {
	return slices.DeleteFunc(slices.Clone(s.Methods), func(m *model.Method) bool {
		return m.API.Same(api) == model.False
	})
}

// MayHaveOtherMethods returns Maybe if an OpenAPI document may define methods of
// the API, and False otherwise. The pack does not read methods in documents, so
// they may be of any kind.
func MayHaveOtherMethods(s *model.Stack, api model.Ref[model.RestAPI]) model.Truth {
	has := model.False
	for _, a := range api.Among(s.RestAPIs) {
		has = has.Or(a.Document)
	}
	return has.AtMostMaybe()
}

// NeedsAllow asks whether a method answers only callers whom the resource policy
// allows. With IAM and with Lambda authorizers another policy may allow them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
func NeedsAllow(m *model.Method) model.Truth {
	return AnyOf(m.Authorization, model.AuthorizationNone, model.AuthorizationCognito)
}
