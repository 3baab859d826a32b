package policyeval

import (
	"fmt"
	"regexp"
	"strings"
)

// language translates texts of a policy that may contain variables and wildcards.
type language struct {
	// variables is whether the version of the policy language has variables.
	variables bool
}

// variable is a policy variable: ${key}, or ${key, 'default'}.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
var variable = regexp.MustCompile(`\$\{([^},]*)(?:, *'([^']*)')?\}`)

// Marks stand for characters that ${*} and similar variables protect from being
// wildcards, and for a variable without a value, which equals nothing.
const (
	protectedStar = "\ue000"
	protectedMark = "\ue001"
	noValue       = "\ue002"
)

// protect hides the wildcards of a value.
var protect = strings.NewReplacer("*", protectedStar, "?", protectedMark)

// reveal shows hidden wildcards again.
var reveal = strings.NewReplacer(protectedStar, "*", protectedMark, "?")

// translated returns what make makes of a policy's text: once, or for each request if the text has variables.
func translated[T any](l language, s string, make func(string) T) func(Request) T {
	if !l.variables || !variable.MatchString(s) {
		once := make(s)
		return func(Request) T { return once }
	}
	return func(r Request) T { return make(substitute(s, r)) }
}

// substitute replaces the variables of a policy's text by their values, whose
// wildcards it protects.
func substitute(s string, r Request) string {
	return variable.ReplaceAllStringFunc(s, func(v string) string {
		parts := variable.FindStringSubmatch(v)
		values := r.Context[strings.ToLower(parts[1])]
		switch {
		case parts[1] == "*" || parts[1] == "?" || parts[1] == "$":
			return protect.Replace(parts[1])
		case len(values) == 1:
			return protect.Replace(strings.ToValidUTF8(values[0], "\uFFFD"))
		case strings.Contains(v, "'"):
			return protect.Replace(parts[2])
		}
		return noValue
	})
}

// equals returns the comparison with a text in which wildcards have no meaning.
func (l language) equals(wanted string, same func(a, b string) bool) comparison {
	literal := translated(l, wanted, reveal.Replace)
	return func(r Request, actual string) (bool, error) { return same(actual, literal(r)), nil }
}

// like returns the comparison with a pattern.
func (l language) like(wanted string) comparison {
	glob := translated(l, wanted, func(s string) *regexp.Regexp { return wildcard(s, ".") })
	return func(r Request, actual string) (bool, error) { return glob(r).MatchString(actual), nil }
}

// wildcard returns the regular expression of a pattern. The class is what a
// wildcard stands for.
func wildcard(pattern, class string) *regexp.Regexp {
	return regexp.MustCompile(`(?s)\A` + expression(pattern, class) + `\z`)
}

func expression(pattern, class string) string {
	quoted := regexp.QuoteMeta(pattern)
	quoted = strings.NewReplacer(`\*`, class+"*", `\?`, class).Replace(quoted)
	return revealQuoted.Replace(quoted)
}

// revealQuoted shows hidden wildcards in a regular expression.
var revealQuoted = strings.NewReplacer(protectedStar, `\*`, protectedMark, `\?`)

// inSegment stands for any character of one segment of an ARN.
const inSegment = "[^:]"

// resourceMatches returns the test of the resource. API Gateway completes execute-api:/ in a resource policy with the
// API of the request.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
func (l language) resourceMatches(pattern string) (test, error) {
	if path, short := strings.CutPrefix(pattern, "execute-api:/"); short {
		glob := translated(l, path, func(s string) *regexp.Regexp {
			return regexp.MustCompile(`(?s)\A` + lastSegment(s) + `\z`)
		})
		return func(r Request) bool {
			segments := strings.SplitN(r.Resource, ":", 6)
			_, called, found := strings.Cut(segments[len(segments)-1], "/")
			return len(segments) == 6 && found && glob(r).MatchString(called)
		}, nil
	}
	glob := translated(l, pattern, arnPattern)
	return func(r Request) bool { return glob(r).MatchString(r.Resource) }, nil
}

// arnPattern returns the regular expression of a pattern for ARNs. A wildcard stays in its segment of the ARN, except a
// * at a segment's end. The sixth segment is the rest of the ARN.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func arnPattern(pattern string) *regexp.Regexp {
	segments := strings.SplitN(pattern, ":", 6)
	for i, s := range segments {
		if i == 5 {
			segments[i] = lastSegment(s)
			continue
		}
		head, crosses := strings.CutSuffix(s, "*")
		segments[i] = expression(head, inSegment)
		if crosses {
			segments[i] += ".*"
		}
	}
	return regexp.MustCompile(`(?s)\A` + strings.Join(segments, ":") + `\z`)
}

// lastSegment returns the regular expression of the last segment of a pattern for ARNs, in which a wildcard stands for
// anything.
func lastSegment(pattern string) string { return expression(pattern, ".") }

// arnMatches returns the comparison of an ARN with a pattern, segment by segment.
func (l language) arnMatches(wanted string) comparison {
	globs := translated(l, wanted, func(s string) []*regexp.Regexp {
		var segments []*regexp.Regexp
		for _, segment := range strings.SplitN(s, ":", 6) {
			segments = append(segments, wildcard(segment, "."))
		}
		return segments
	})
	return func(r Request, actual string) (bool, error) {
		segments, patterns := strings.SplitN(actual, ":", 6), globs(r)
		if len(segments) < 6 || len(patterns) < 6 {
			return false, fmt.Errorf("%q and %q: want ARNs", actual, wanted)
		}
		for i, glob := range patterns {
			if !glob.MatchString(segments[i]) {
				return false, nil
			}
		}
		return true, nil
	}
}
