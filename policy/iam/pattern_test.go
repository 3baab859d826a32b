package iam

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"private-api-blueprints/policy/model"
)

// patternOf returns the pieces of a pattern without variables.
func patternOf(text string) []piece {
	var x expansion
	x.append(text, true)
	return x.pieces
}

// randomText returns up to n characters of an alphabet.
func randomText(r *rand.Rand, n int, alphabet string) string {
	var b strings.Builder
	for range r.IntN(n + 1) {
		b.WriteByte(alphabet[r.IntN(len(alphabet))])
	}
	return b.String()
}

func TestAKnownTextMatchesAsInTheModel(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		pattern, text := randomText(r, 6, "ab*?:"), randomText(r, 6, "ab:")
		want := model.TruthOf(model.Matches(pattern, text))
		assert.Equal(t, want, matches(patternOf(pattern), literals(text)), "%q and %q", pattern, text)
	}
}

// fillings are contents that an unknown part may have.
var fillings = []string{"a", "b", "aa", "ab", "ba", "bb", "aba", "bab", "aaaa", ""}

func TestAnUnknownPartIsDecidedOnlyIfAllContentsAgree(t *testing.T) {
	r, seen := rand.New(rand.NewPCG(2, 2)), map[model.Truth]int{}
	for range 20_000 {
		pattern, before, after := randomText(r, 5, "ab*?"), randomText(r, 2, "ab"), randomText(r, 2, "ab")
		optional := r.IntN(2) == 0
		text := append(append(literals(before), piece{kind: hole, optional: optional}), literals(after)...)
		answer := matches(patternOf(pattern), text)
		seen[answer]++
		for _, filling := range fillings {
			if filling == "" && !optional {
				continue
			}
			is := model.Matches(pattern, before+filling+after)
			assert.False(t, answer == model.TruthOf(!is), "%q matches %q, %q, %q: %v, but said %v",
				pattern, before, filling, after, is, answer)
		}
	}
	for _, answer := range []model.Truth{model.True, model.False, model.Maybe} {
		assert.Greater(t, seen[answer], 1_000, "%v: %v", answer, seen)
	}
}

func TestWildcardsStayInThePartsOfAnARN(t *testing.T) {
	const long = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"
	for _, c := range []struct {
		why, pattern, text string
		crossing           bool
		want               model.Truth
	}{
		{ // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
			"a * of an ARN operator stays in its part", "arn:aws:someservice:*:111122223333:finance/*", long, false,
			model.False,
		},
		{ // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
			"a * at the end of a part of a resource goes on", "arn:aws:someservice:*:111122223333:finance/*", long,
			true,
			model.True,
		},
		{"another * of a resource stays", "arn:aws:someservice:*e:111122223333:finance/*", long, true, model.False},
		{"a ? of a resource stays", "arn:aws?someservice:*", long, true, model.False},
		{"the last part may have colons", "arn:aws:s3:::a?b*", "arn:aws:s3:::a:b:c", false, model.True},
	} {
		t.Run(c.why, func(t *testing.T) {
			assert.Equal(t, c.want, matches(arnPattern(patternOf(c.pattern), c.crossing), literals(c.text)))
		})
	}
}
