package model

import (
	"net/netip"
	"slices"
	"strings"
)

// Condition is one key of a statement's condition block.
type Condition struct {
	// Operator is the operator as written, such as StringNotEquals, ForAnyValue:StringLike or StringEqualsIfExists.
	Operator string
	// Key is the key as written. IAM ignores its case.
	Key    string
	Values []string
}

// ComparesStrings reports whether the condition compares its key with text.
// Other conditions read the key as another type, or test whether the request
// has it (Null).
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func (c Condition) ComparesStrings() bool { return strings.HasPrefix(c.Comparison(), "string") }

// TakesPatterns reports whether * and ? are wildcards in the condition's values.
func (c Condition) TakesPatterns() bool { return strings.HasSuffix(c.Comparison(), "like") }

// IsNegated reports whether the condition holds if the key has another value.
func (c Condition) IsNegated() bool { return strings.Contains(c.Comparison(), "not") }

// asksPresence reports whether the condition tests if the request has the key.
func (c Condition) asksPresence() bool { return c.Comparison() == "null" }

// IfExists reports whether the condition holds if the request lacks the key.
func (c Condition) IfExists() bool { return strings.HasSuffix(strings.ToLower(c.Operator), ifExists) }

// IsForAll reports whether the condition must hold for each value that the
// request has under the key.
func (c Condition) IsForAll() bool {
	return strings.HasPrefix(strings.ToLower(c.Operator), forAllValues)
}

// IsForAny reports whether the condition must hold for at least one value that
// the request has under the key.
func (c Condition) IsForAny() bool {
	return strings.HasPrefix(strings.ToLower(c.Operator), forAnyValue)
}

const (
	ifExists     = "ifexists"
	forAllValues = "forallvalues:"
	forAnyValue  = "foranyvalue:"
)

// Comparison returns the operator in lower case, without the ForAllValues: or
// ForAnyValue: prefix and without the IfExists suffix.
func (c Condition) Comparison() string {
	bare := strings.ToLower(c.Operator)
	for _, set := range []string{forAllValues, forAnyValue} {
		bare = strings.TrimPrefix(bare, set)
	}
	return strings.TrimSuffix(bare, ifExists)
}

// Condition keys for the network that a request comes from, in lower case.
const (
	sourceVPCKey    = "aws:sourcevpc"
	sourceVPCARNKey = "aws:sourcevpcarn"
	sourceVPCEKey   = "aws:sourcevpce"
)

// vpcKeys are the condition keys about the network that a request comes from
// through an interface endpoint. Such a request has all of them. They are in
// lower case, because IAM ignores the case of keys.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
var vpcKeys = []string{
	sourceVPCKey, sourceVPCARNKey, sourceVPCEKey, "aws:vpcsourceip",
	"aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths",
}

// callerKeys, and keys that begin with aws:principal, are about the caller.
var callerKeys = []string{
	"aws:federatedprovider", "aws:sourceaccount", "aws:sourcearn", "aws:sourceidentity",
	"aws:sourceorgid", "aws:sourceorgpaths", "aws:userid", "aws:username",
}

// IsAboutCaller reports whether a condition key, in lower case, is about the
// caller. Only a signed request has such a key.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
func IsAboutCaller(key string) bool {
	return slices.Contains(callerKeys, key) || strings.HasPrefix(key, "aws:principal")
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
	unknownKey keyKind = iota // A key whose meaning the model does not know.
	networkKey
	callerKey
	neutralKey
)

// kind returns what the condition's key is about.
func (c Condition) kind() keyKind {
	key := strings.ToLower(c.Key)
	switch {
	case slices.Contains(vpcKeys, key), key == sourceIPKey:
		return networkKey
	case IsAboutCaller(key):
		return callerKey
	case slices.Contains(neutralKeys, key):
		return neutralKey
	}
	return unknownKey
}

// isKey reports whether the condition is about a key, which is given in lower case.
func (c Condition) isKey(key string) bool { return strings.ToLower(c.Key) == key }

// IsAboutSourceIP reports whether the condition compares aws:SourceIp.
func (c Condition) IsAboutSourceIP() bool { return c.isKey(sourceIPKey) }

// HoldsWithoutKey reports whether the condition holds for a request that lacks
// its key. Negated operators, IfExists and ForAllValues do. ForAnyValue does not,
// even with a negated operator. Null is another question: it asks about the key.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
func (c Condition) HoldsWithoutKey() bool {
	return c.IfExists() || c.IsForAll() || c.IsNegated() && !c.IsForAny()
}

// HasUnknownKey reports whether the condition compares a key whose meaning the model
// does not know.
func (c Condition) HasUnknownKey() bool { return c.kind() == unknownKey }

// selects asks whether the condition distinguishes some callers of a private API
// from others, by where or who they are. In an Allow they are the callers that it
// admits. In a Deny with a negated condition they are the callers that it spares.
func (c Condition) selects() Truth {
	switch kind := c.kind(); {
	case kind == neutralKey, kind == networkKey && c.asksPresence(), slices.ContainsFunc(c.Values, c.matchesAll):
		return False
	case kind == unknownKey, c.asksPresence():
		return Maybe
	}
	return True
}

// matchesAll reports whether a value of the condition matches every ID or address.
func (c Condition) matchesAll(v string) bool {
	if r, err := netip.ParsePrefix(v); err == nil {
		return r.Bits() == 0
	}
	return c.TakesPatterns() && slices.Contains([]string{"*", "vpc-*", "vpce-*"}, v)
}

// narrowsAllow asks whether the condition of an Allow keeps some callers of a
// private API out. A request without a signature has no keys about its caller,
// and passes a condition with IfExists on them.
func (c Condition) narrowsAllow() Truth {
	switch kind := c.kind(); {
	case kind == unknownKey:
		return Maybe
	case c.IsNegated(), kind == callerKey && c.IfExists():
		return False
	}
	return c.selects()
}

// sparesFew asks whether the condition of a Deny spares only some callers of a
// private API.
func (c Condition) sparesFew() Truth {
	if c.IsNegated() || c.asksPresence() || c.kind() == unknownKey {
		return c.selects()
	}
	return False
}
