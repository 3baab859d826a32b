package policyeval

import (
	"fmt"
	"regexp"
	"strings"
)

// text translates texts of a policy that may contain variables and wildcards.
type text struct {
	request Request
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

// substitute replaces the variables of a policy's text by their values, whose
// wildcards it protects.
func (t text) substitute(s string) string {
	if !t.variables {
		return s
	}
	return variable.ReplaceAllStringFunc(s, func(v string) string {
		parts := variable.FindStringSubmatch(v)
		values := t.request.Context[strings.ToLower(parts[1])]
		switch {
		case parts[1] == "*" || parts[1] == "?" || parts[1] == "$":
			return protect.Replace(parts[1])
		case len(values) == 1:
			return protect.Replace(values[0])
		case strings.Contains(v, "'"):
			return protect.Replace(parts[2])
		}
		return noValue
	})
}

// equals reports whether a text equals one of the policy. Wildcards have no
// meaning. The mode is a flag of regular expressions.
func (t text) equals(actual, wanted, mode string) bool {
	literal := reveal.Replace(t.substitute(wanted))
	return regexp.MustCompile(`(?s)` + mode + `\A` + regexp.QuoteMeta(literal) + `\z`).MatchString(actual)
}

// like reports whether a text matches a pattern of the policy.
func (t text) like(actual, wanted string) bool {
	return wildcard(t.substitute(wanted), ".").MatchString(actual)
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

// resourceMatches returns the test of the resource. A wildcard stays in its
// segment of the ARN, except a * at a segment's end. The sixth segment is the
// rest of the ARN. API Gateway completes execute-api:/ in a resource policy.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
func (t text) resourceMatches(pattern string) (test, error) {
	if path, short := strings.CutPrefix(pattern, "execute-api:/"); short {
		segments := strings.SplitN(t.request.Resource, ":", 6)
		api, _, _ := strings.Cut(segments[5], "/")
		segments[5] = api + "/" + path
		pattern = strings.Join(segments, ":")
	}
	segments := strings.SplitN(t.substitute(pattern), ":", 6)
	for i, s := range segments {
		class := inSegment
		if i == 5 {
			class = "."
		}
		head, crosses := strings.CutSuffix(s, "*")
		segments[i] = expression(head, class)
		if crosses {
			segments[i] += ".*"
		}
	}
	glob, err := regexp.Compile(`(?s)\A` + strings.Join(segments, ":") + `\z`)
	return func(r Request) bool { return glob.MatchString(r.Resource) }, err
}

// arnMatches reports whether an ARN matches a pattern segment by segment.
func arnMatches(actual, pattern string) (bool, error) {
	a, p := strings.SplitN(actual, ":", 6), strings.SplitN(pattern, ":", 6)
	if len(a) < 6 || len(p) < 6 {
		return false, fmt.Errorf("%q and %q: want ARNs", actual, pattern)
	}
	for i := range a {
		if !wildcard(p[i], ".").MatchString(a[i]) {
			return false, nil
		}
	}
	return true, nil
}
