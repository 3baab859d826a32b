package balancer

import (
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live/inventory"
)

// rule is a rule of a listener with its last action, which answers.
type rule struct {
	priority   string // Or "default".
	conditions []cloud.Props
	action     cloud.Props
	groups     []weighted // Of an action that forwards.
}

// rulesOf returns the rules of a listener by priority. The default actions are the last
// rule.
func rulesOf(lb *loadBalancer, listener *inventory.Object) []*rule {
	var rules []*rule
	objects := slices.Clone(lb.all.inv.Where(listenerRuleType, "listenerArn", listener.ID))
	slices.SortStableFunc(objects, func(a, b *inventory.Object) int {
		return a.Out.Int("priority") - b.Out.Int("priority")
	})
	for _, o := range objects {
		rules = append(rules, newRule(lb, strconv.Itoa(o.Out.Int("priority")), o.Out.Objects("conditions"),
			o.Out.Objects("actions")))
	}
	return append(rules, newRule(lb, "default", nil, listener.Out.Objects("defaultActions")))
}

// newRule returns a rule. Actions before the last one ask who the client is.
func newRule(lb *loadBalancer, priority string, conditions, actions []cloud.Props) *rule {
	r := &rule{priority: priority, conditions: conditions}
	for _, action := range actions {
		if action.String("type") != "forward" && len(actions) > 1 && r.action == nil {
			r.action = action // It is not simulated, and nothing after it may happen.
		}
	}
	if r.action == nil && len(actions) > 0 {
		r.action = actions[len(actions)-1]
	}
	r.groups = lb.forward(r.action)
	return r
}

// matches reports whether a request meets all conditions of a rule.
func (r *rule) matches(v *visit) bool {
	return !slices.ContainsFunc(r.conditions, func(c cloud.Props) bool { return !meets(v, c) })
}

// meets reports whether a request meets one condition, of which any value suffices.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
func meets(v *visit, c cloud.Props) bool {
	host, _, _ := strings.Cut(v.Host, ":")
	header := c.Object("httpHeader")
	switch {
	case c.Has("hostHeader"):
		return anyMatches(c.Object("hostHeader").Strings("values"), anyCase, host)
	case c.Has("pathPattern"):
		return anyMatches(c.Object("pathPattern").Strings("values"), sameCase, v.URL.EscapedPath())
	case header != nil:
		values := v.Header.Values(header.String("httpHeaderName"))
		return slices.ContainsFunc(values, func(value string) bool {
			return anyMatches(header.Strings("values"), anyCase, value)
		})
	case c.Has("httpRequestMethod"):
		return slices.Contains(c.Object("httpRequestMethod").Strings("values"), v.Method)
	case c.Has("queryStrings"):
		return slices.ContainsFunc(c.Objects("queryStrings"), func(q cloud.Props) bool {
			return hasQuery(v.Request, q)
		})
	case c.Has("sourceIp"):
		return slices.ContainsFunc(c.Object("sourceIp").Strings("values"), func(text string) bool {
			block, err := netip.ParsePrefix(text)
			return err == nil && block.Contains(v.arrival.From.Addr().Unmap())
		})
	}
	return false
}

// hasQuery reports whether the query of a request has a value, under a key if one is
// given.
func hasQuery(r *http.Request, wanted cloud.Props) bool {
	for key, values := range r.URL.Query() {
		named := !wanted.Has("key") || wild(wanted.String("key"), anyCase, key)
		if named && slices.ContainsFunc(values, func(value string) bool {
			return wild(wanted.String("value"), anyCase, value)
		}) {
			return true
		}
	}
	return false
}

// anyMatches reports whether one of some patterns matches a text.
func anyMatches(patterns []string, letters letterCase, text string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool { return wild(pattern, letters, text) })
}

// letterCase says whether the case of letters counts in a pattern.
type letterCase string

const (
	sameCase letterCase = "(?s)"
	anyCase  letterCase = "(?is)"
)

// wildcards are the parts of a quoted pattern that stand for any characters and for one.
var wildcards = strings.NewReplacer(`\*`, ".*", `\?`, ".")

// wild reports whether a pattern with * and ? matches a text.
func wild(pattern string, letters letterCase, text string) bool {
	expression := string(letters) + "^" + wildcards.Replace(regexp.QuoteMeta(pattern)) + "$"
	return regexp.MustCompile(expression).MatchString(text)
}

// statusOf returns the status that a text names, or another one.
func statusOf(text string, otherwise int) int {
	if status, err := strconv.Atoi(text); err == nil && status >= 200 && status < 600 {
		return status
	}
	return otherwise
}
