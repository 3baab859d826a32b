package iam

import (
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"private-api-blueprints/policy/model"
)

// comparison asks whether one value of a request matches one value of a policy.
type comparison func(e *evaluation, actual, wanted string) model.Truth

// comparisonOf returns the comparison of an operator in lower case, without its
// negation.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func comparisonOf(operator string) comparison {
	switch operator {
	case "stringequals":
		return func(e *evaluation, actual, wanted string) model.Truth {
			return e.expand(wanted, false).matches(literals(actual))
		}
	case "stringequalsignorecase":
		return func(e *evaluation, actual, wanted string) model.Truth {
			return e.expand(wanted, false).lower().matches(literals(strings.ToLower(actual)))
		}
	case "stringlike":
		return func(e *evaluation, actual, wanted string) model.Truth {
			return e.expand(wanted, true).matches(literals(actual))
		}
	case "arnequals", "arnlike":
		return compareARNs
	case "ipaddress":
		return compareAddresses
	case "bool":
		return compareFlags
	case "binaryequals":
		return compareBinaries
	}
	return orderOf(operator)
}

// lower returns the expansion in lower case.
func (x expansion) lower() expansion {
	for i, p := range x.pieces {
		if p.kind == literal {
			x.pieces[i].char = []rune(strings.ToLower(string(p.char)))[0]
		}
	}
	return x
}

// compareARNs matches the parts of an ARN one by one. It does not decide about a
// text that is no ARN, because the documentation does not.
func compareARNs(e *evaluation, actual, wanted string) model.Truth {
	if strings.Count(actual, ":") < arnParts-1 || strings.Count(wanted, ":") < arnParts-1 {
		return model.Maybe
	}
	x := e.expand(wanted, true)
	x.pieces = arnPattern(x.pieces, false)
	return x.matches(literals(actual))
}

// compareAddresses asks whether an address is in a range, or equal to an address.
func compareAddresses(_ *evaluation, actual, wanted string) model.Truth {
	address, err := netip.ParseAddr(actual)
	if err != nil {
		return model.Maybe
	}
	return inRange(netip.PrefixFrom(address, address.BitLen()), wanted)
}

// inRange asks whether every address of a range is in a range of a policy. The
// documentation gives an address without a length the length 32, also an IPv6
// address, which is hardly meant. So the addresses between are not decided.
func inRange(actual netip.Prefix, wanted string) model.Truth {
	if address, err := netip.ParseAddr(wanted); err == nil {
		narrow, wide := netip.PrefixFrom(address, address.BitLen()), netip.PrefixFrom(address, 32).Masked()
		return rangeIn(actual, narrow).Agree(rangeIn(actual, wide))
	}
	within, err := netip.ParsePrefix(wanted)
	if err != nil {
		return model.Maybe
	}
	return rangeIn(actual, within.Masked())
}

// rangeIn asks whether every address of a range is in another one. It is Maybe if
// only some are.
func rangeIn(inner, outer netip.Prefix) model.Truth {
	switch {
	case outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr()):
		return model.True
	case outer.Overlaps(inner):
		return model.Maybe
	}
	return model.False
}

// compareFlags compares true and false. It does not decide about other texts.
func compareFlags(_ *evaluation, actual, wanted string) model.Truth {
	a, w := strings.ToLower(actual), strings.ToLower(wanted)
	if !isFlag(a) || !isFlag(w) {
		return model.Maybe
	}
	return model.TruthOf(a == w)
}

func isFlag(text string) bool { return text == "true" || text == "false" }

// compareBinaries compares what two base64 texts stand for.
func compareBinaries(_ *evaluation, actual, wanted string) model.Truth {
	a, err := base64.StdEncoding.DecodeString(actual)
	w, err2 := base64.StdEncoding.DecodeString(wanted)
	if err != nil || err2 != nil {
		return model.Maybe
	}
	return model.TruthOf(string(a) == string(w))
}

// orderOf returns the comparison of a numeric operator or of a date operator. It
// returns nil for an operator that IAM does not have.
func orderOf(operator string) comparison {
	parse := parseNumber
	relation, isNumeric := strings.CutPrefix(operator, "numeric")
	if !isNumeric {
		var isDate bool
		if relation, isDate = strings.CutPrefix(operator, "date"); !isDate {
			return nil
		}
		parse = parseDate
	}
	holds, ok := relations[relation]
	if !ok {
		return nil
	}
	return func(_ *evaluation, actual, wanted string) model.Truth {
		a, ok := parse(actual)
		w, ok2 := parse(wanted)
		if !ok || !ok2 {
			return model.Maybe
		}
		return model.TruthOf(holds(a, w))
	}
}

// relations are the relations of numbers and dates by the end of an operator.
var relations = map[string]func(a, b float64) bool{
	"equals":            func(a, b float64) bool { return a == b },
	"lessthan":          func(a, b float64) bool { return a < b },
	"lessthanequals":    func(a, b float64) bool { return a <= b },
	"greaterthan":       func(a, b float64) bool { return a > b },
	"greaterthanequals": func(a, b float64) bool { return a >= b },
}

// parseNumber reads an integer or a decimal number.
func parseNumber(text string) (float64, bool) {
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil && strings.Trim(text, "0123456789.+-eE") == ""
}

// dateLayouts are the forms of ISO 8601 that IAM reads.
// https://www.w3.org/TR/NOTE-datetime
var dateLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", "2006-01-02", "2006-01", "2006"}

// parseDate reads a date, or seconds since 1970. Four digits are a year in ISO
// 8601 and seconds otherwise, so they are not read.
func parseDate(text string) (float64, bool) {
	if len(text) > len("2006") {
		for _, layout := range dateLayouts {
			if t, err := time.Parse(layout, text); err == nil {
				return float64(t.UnixNano()) / float64(time.Second), true
			}
		}
		return parseNumber(text)
	}
	return 0, false
}
