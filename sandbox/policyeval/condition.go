package policyeval

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"math/big"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
)

// comparer returns the comparison with a value of the policy.
type comparer func(wanted string) comparison

// comparison compares a value of a request with one of the policy.
type comparison func(r Request, actual string) (bool, error)

// conditions returns the conditions of a Condition element. All must pass.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func (l language) conditions(node any) ([]condition, error) {
	if node == nil {
		return nil, nil
	}
	block, ok := node.(object)
	if !ok {
		return nil, fmt.Errorf("condition = %v: want an object", node)
	}
	var all []condition
	for name, keys := range block {
		o, err := l.operator(name)
		if err != nil {
			return nil, err
		}
		pairs, ok := keys.(object)
		if !ok {
			return nil, fmt.Errorf("condition %s = %v: want an object", name, keys)
		}
		for key, wanted := range pairs {
			passes, lower := o.test(texts(wanted)), strings.ToLower(key)
			all = append(all, func(r Request) (bool, error) {
				ok, err := passes(r, r.Context[lower])
				if err != nil {
					err = fmt.Errorf("condition %s %s: %w", name, key, err)
				}
				return ok, err
			})
		}
	}
	return all, nil
}

// operator is a condition operator taken apart.
type operator struct {
	quantifier string // forallvalues, foranyvalue or empty.
	ifExists   bool
	negated    bool
	isNull     bool
	compare    comparer
}

// operator takes the name of an operator apart, such as ForAnyValue:StringNotLikeIfExists.
func (l language) operator(name string) (operator, error) {
	rest := strings.ToLower(name)
	var o operator
	if before, after, found := strings.Cut(rest, ":"); found {
		o.quantifier, rest = before, after
	}
	rest, o.ifExists = strings.CutSuffix(rest, "ifexists")
	if rest == "null" && !o.ifExists && o.quantifier == "" {
		o.isNull = true
		return o, nil
	}
	positive := strings.Replace(rest, "not", "", 1)
	o.negated = positive != rest
	o.compare = l.comparers()[positive]
	isQuantifier := slices.Contains([]string{"", "forallvalues", "foranyvalue"}, o.quantifier)
	if o.compare == nil || !isQuantifier {
		return o, fmt.Errorf("IAM has no condition operator %s", name)
	}
	return o, nil
}

// test returns whether the values of a request pass the operator, given those of the policy.
func (o operator) test(wanted []string) func(r Request, actual []string) (bool, error) {
	if o.isNull {
		return func(_ Request, actual []string) (bool, error) {
			return len(wanted) == 1 && wanted[0] == strconv.FormatBool(len(actual) == 0), nil
		}
	}
	comparisons := make([]comparison, len(wanted))
	for i, w := range wanted {
		comparisons[i] = o.compare(w)
	}
	return func(r Request, actual []string) (bool, error) { return o.passes(r, actual, comparisons) }
}

// passes reports whether the values of a request pass the operator.
func (o operator) passes(r Request, actual []string, comparisons []comparison) (bool, error) {
	switch {
	case len(actual) == 0:
		return o.ifExists || o.quantifier == "forallvalues" || o.negated && o.quantifier == "", nil
	case len(actual) > 1 && o.quantifier == "":
		return false, fmt.Errorf("several values %q: AWS documents them for ForAllValues and ForAnyValue only", actual)
	}
	if o.quantifier != "" { // An empty text is no value of a set.
		actual = slices.DeleteFunc(slices.Clone(actual), func(a string) bool { return a == "" })
	}
	passed := 0
	for _, a := range actual {
		match := false
		for _, equals := range comparisons {
			equal, err := equals(r, a)
			if err != nil {
				return false, err
			}
			match = match || equal
		}
		if match != o.negated {
			passed++
		}
	}
	if o.quantifier == "forallvalues" {
		return passed == len(actual), nil
	}
	return passed > 0, nil
}

// texts returns the values of a condition key, which JSON may write as strings,
// numbers or flags.
func texts(node any) []string {
	var out []string
	for _, item := range list(node) {
		if number, ok := item.(float64); ok {
			out = append(out, new(big.Float).SetFloat64(number).Text('f', -1))
			continue
		}
		out = append(out, fmt.Sprint(item))
	}
	return out
}

// comparers returns the comparisons by the name of their operator, in lower case
// and not negated.
func (l language) comparers() map[string]comparer {
	same := func(a, b string) bool { return a == b }
	m := map[string]comparer{
		"stringequals":           func(w string) comparison { return l.equals(w, same) },
		"stringequalsignorecase": func(w string) comparison { return l.equals(w, strings.EqualFold) },
		"stringlike":             l.like,
		"arnequals":              l.arnMatches,
		"arnlike":                l.arnMatches,
		"bool":                   plain(func(a, w string) (bool, error) { return strings.EqualFold(a, w), nil }),
		"binaryequals":           plain(binaryEquals),
		"ipaddress":              inRange,
	}
	for name, accepts := range map[string]func(int) bool{
		"equals":            func(c int) bool { return c == 0 },
		"lessthan":          func(c int) bool { return c < 0 },
		"lessthanequals":    func(c int) bool { return c <= 0 },
		"greaterthan":       func(c int) bool { return c > 0 },
		"greaterthanequals": func(c int) bool { return c >= 0 },
	} {
		m["numeric"+name] = plain(func(a, w string) (bool, error) {
			c, err := compareNumbers(a, w)
			return accepts(c) && err == nil, err
		})
		m["date"+name] = plain(func(a, w string) (bool, error) {
			c, err := compareDates(a, w)
			return accepts(c) && err == nil, err
		})
	}
	return m
}

// plain returns a comparer that prepares nothing and knows no variables.
func plain(compare func(actual, wanted string) (bool, error)) comparer {
	return func(wanted string) comparison {
		return func(_ Request, actual string) (bool, error) { return compare(actual, wanted) }
	}
}

func binaryEquals(actual, wanted string) (bool, error) {
	a, err := base64.StdEncoding.DecodeString(actual)
	if err != nil {
		return false, err
	}
	w, err := base64.StdEncoding.DecodeString(wanted)
	return bytes.Equal(a, w), err
}

// inRange returns the comparison of an address with a range. A single address is a range too.
func inRange(wanted string) comparison {
	contains := net.ParseIP(wanted).Equal
	var wrong error
	if strings.Contains(wanted, "/") {
		_, network, err := net.ParseCIDR(wanted)
		contains, wrong = func(a net.IP) bool { return network.Contains(a) }, err
	}
	return func(_ Request, actual string) (bool, error) {
		address := net.ParseIP(actual)
		if address == nil {
			return false, fmt.Errorf("%q is not an IP address", actual)
		}
		return wrong == nil && contains(address), wrong
	}
}

func compareNumbers(actual, wanted string) (int, error) {
	a, ok := new(big.Rat).SetString(actual)
	w, ok2 := new(big.Rat).SetString(wanted)
	if !ok || !ok2 {
		return 0, fmt.Errorf("%q and %q: want numbers", actual, wanted)
	}
	return a.Cmp(w), nil
}

// compareDates compares two dates in ISO 8601 or in seconds since 1970.
func compareDates(actual, wanted string) (int, error) {
	a, err := date(actual)
	if err != nil {
		return 0, err
	}
	w, err := date(wanted)
	return a.Compare(w), err
}

func date(s string) (time.Time, error) {
	if seconds, ok := new(big.Int).SetString(s, 10); ok {
		return time.Unix(seconds.Int64(), 0), nil
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, nil
	}
	return time.Parse(time.RFC3339, s)
}
