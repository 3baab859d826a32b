package model

import (
	"net/netip"
	"slices"
	"strings"
)

// ListenerRule is what a listener of an application load balancer does with
// requests that match certain conditions.
type ListenerRule struct {
	Element
	Action
	Listener Ref[Listener]
	// Priority orders the rules of a listener. The one with the lowest number comes first. If it is absent, the
	// provider puts the rule last.
	Priority Known[int]
	// Conditions are what a request must match, all of them.
	Conditions []RuleCondition
	// ConditionsComplete is false if there are, or may be, others.
	ConditionsComplete bool
	// Rewrites is whether the rule changes the host or the path of requests before it forwards them.
	// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-transforms.html
	Rewrites Truth
}

// RuleCondition is one condition of a listener rule. One of its values must match.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
type RuleCondition struct {
	// Kind is unknown if the condition is newer than the model.
	Kind Known[ConditionKind]
	// Header is the name of the header in a condition about a header.
	Header Known[string]
	// Values are patterns with * and ?, or ranges in CIDR notation for [ConditionSourceIP]. They are not complete if
	// the condition has regular expressions or query strings, which the model does not hold.
	Values List[string]
}

// ConditionKind is what a condition of a listener rule is about. Its text is the
// property in which the provider has the condition's values.
type ConditionKind string

// Kinds of conditions.
const (
	ConditionHeader      ConditionKind = "httpHeader"
	ConditionHost        ConditionKind = "hostHeader"
	ConditionMethod      ConditionKind = "httpRequestMethod"
	ConditionPath        ConditionKind = "pathPattern"
	ConditionQueryString ConditionKind = "queryStrings"
	ConditionSourceIP    ConditionKind = "sourceIp"
)

// HTTPRequest is what the rules of a listener see of a request.
type HTTPRequest struct {
	Verb string
	// Host is the host without a port.
	Host string
	// Path is the path without the query string.
	Path string
	// Headers are the headers that the client sets. Their names are in lower case.
	Headers map[string]string
	// Client is the address that connects to the load balancer. The zero Addr is one that is not known.
	Client netip.Addr
}

// Matches asks whether a request matches all conditions of the rule.
func (r *ListenerRule) Matches(q HTTPRequest) Truth {
	matches := True
	for _, c := range r.Conditions {
		matches = matches.And(c.matches(q))
	}
	return matches.And(r.rest())
}

// rest returns Maybe if the rule may have other conditions, otherwise True.
func (r *ListenerRule) rest() Truth {
	if r.ConditionsComplete {
		return True
	}
	return Maybe
}

// matches asks whether a request matches a condition. A path and a method must
// have the same case as the condition's value.
func (c RuleCondition) matches(q HTTPRequest) Truth {
	kind, _ := c.Kind.Get()
	switch kind {
	case ConditionPath:
		return c.any(func(v string) bool { return Matches(v, q.Path) })
	case ConditionMethod:
		return c.any(func(v string) bool { return v == q.Verb })
	case ConditionHost:
		return c.any(func(v string) bool { return matchesFold(v, q.Host) })
	case ConditionHeader:
		return c.matchesHeader(q)
	case ConditionSourceIP:
		return c.matchesClient(q.Client)
	}
	return Maybe
}

// matchesFold reports whether a text matches a pattern whatever the case of either.
func matchesFold(pattern, text string) bool {
	return Matches(strings.ToLower(pattern), strings.ToLower(text))
}

// matchesHeader asks whether a request has a header with one of the values.
// Clients, and load balancers on the way, add some headers that are not known here.
func (c RuleCondition) matchesHeader(q HTTPRequest) Truth {
	header, known := c.Header.Get()
	if !known {
		return Maybe
	}
	header = strings.ToLower(header)
	text, has := q.Headers[header]
	if header == "host" {
		text, has = q.Host, true
	}
	switch {
	case has:
		return c.any(func(v string) bool { return matchesFold(v, text) })
	case slices.ContainsFunc(usualHeaders, func(usual string) bool { return strings.HasPrefix(header, usual) }):
		return Maybe
	}
	return False
}

// usualHeaders begin the names of headers that clients and load balancers add themselves.
var usualHeaders = []string{"accept", "connection", "content-", "user-agent", "x-amz", "x-forwarded-"}

// matchesClient asks whether an address is in one of the ranges.
func (c RuleCondition) matchesClient(client netip.Addr) Truth {
	return c.Values.Any(func(v string) Truth {
		r, err := netip.ParsePrefix(v)
		if err != nil || !client.IsValid() {
			return Maybe
		}
		return TruthOf(r.Contains(client.Unmap()))
	})
}

// any asks whether the answer is true for a value.
func (c RuleCondition) any(question func(string) bool) Truth {
	return c.Values.Any(func(v string) Truth { return TruthOf(question(v)) })
}

// ForAnyone asks whether every client can send a request that matches the
// conditions. It is False if they name ranges of clients, and Maybe if they name a
// header, because its value may be a secret.
func (r *ListenerRule) ForAnyone() Truth {
	anyone := r.rest()
	for _, c := range r.Conditions {
		anyone = anyone.And(c.forAnyone())
	}
	return anyone
}

// forAnyone asks whether every client can send a request that matches the
// condition. A method for OPTIONS answers everyone anyway.
func (c RuleCondition) forAnyone() Truth {
	kind, _ := c.Kind.Get()
	switch kind {
	case ConditionHost:
		return True
	case ConditionMethod:
		return c.any(func(v string) bool { return v != "OPTIONS" }).AtMostMaybe()
	case ConditionPath:
		return c.any(func(v string) bool { return strings.HasSuffix(v, "*") }).Or(Maybe)
	case ConditionSourceIP:
		return c.any(func(v string) bool { return strings.HasSuffix(v, "/0") })
	case ConditionHeader, ConditionQueryString:
		return c.any(isEverything).Or(Maybe)
	}
	return Maybe
}

// ForEverything asks whether every request matches the conditions.
func (r *ListenerRule) ForEverything() Truth {
	everything := r.rest()
	for _, c := range r.Conditions {
		everything = everything.And(c.forEverything())
	}
	return everything
}

// forEverything asks whether every request matches the condition. A condition
// about addresses may leave out one of the two families.
func (c RuleCondition) forEverything() Truth {
	kind, known := c.Kind.Get()
	switch {
	case !known:
		return Maybe
	case kind == ConditionHost || kind == ConditionPath:
		return c.any(isEverything)
	case kind == ConditionSourceIP:
		return c.any(func(v string) bool { return strings.HasSuffix(v, "/0") }).AtMostMaybe()
	}
	return False
}

// isEverything reports whether a pattern matches every text, or every path.
func isEverything(pattern string) bool { return pattern == "*" || pattern == "/*" }

// isBefore asks whether a listener tries this rule before another one.
func (r *ListenerRule) isBefore(other *ListenerRule) Truth {
	mine, known := r.Priority.Get()
	theirs, alsoKnown := other.Priority.Get()
	if known && alsoKnown {
		return TruthOf(mine < theirs)
	}
	return Maybe
}
