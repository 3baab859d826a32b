package iam_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/iam"
	"private-api-blueprints/policy/model"
)

// questions is how many policies the tests compare.
const questions = 10_000

// makeQuestions returns the questions of a seed.
func makeQuestions(seed uint64) []question {
	m := maker{rand.New(rand.NewPCG(seed, seed))}
	all := make([]question, questions)
	for i := range all {
		all[i] = m.question()
	}
	return all
}

// decoded returns the policies as the pack reads them from a program.
func decoded(t *testing.T, all []question) []*model.PolicyDocument {
	t.Helper()
	const policyType = "aws:apigateway/restApiPolicy:RestApiPolicy"
	resources := make([]plugin.AnalyzerStackResource, len(all))
	for i, q := range all {
		name := fmt.Sprintf("policy-%05d", i)
		resources[i] = plugin.AnalyzerStackResource{AnalyzerResource: plugin.AnalyzerResource{
			URN: urn.New("dev", "test", "", policyType, name), Type: policyType, Name: name,
			Properties: resource.PropertyMap{
				"restApiId": resource.NewProperty(name), "policy": resource.NewProperty(q.text()),
			},
		}}
	}
	policies := decode.Stack(resources).ResourcePolicies
	require.Len(t, policies, len(all))
	documents := make([]*model.PolicyDocument, len(all))
	for i, p := range policies {
		documents[i] = p.Document
	}
	return documents
}

// verdicts returns what the sandbox's evaluator says, which shares no code with
// this module.
func verdicts(t *testing.T, all []question) []string {
	t.Helper()
	var in bytes.Buffer
	for _, q := range all {
		require.NoError(t, json.NewEncoder(&in).Encode(map[string]any{"Policy": q.text(), "Request": q.request}))
	}
	command := exec.Command("go", "run", "-C", "../..", "./sandbox/policyeval/witness")
	command.Stdin = &in
	out, err := command.Output()
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	require.Len(t, lines, len(all))
	return lines
}

// verdictOf returns the word of the witness for an outcome.
func verdictOf(d iam.Decision) string {
	switch d.Outcome {
	case iam.Allowed:
		return "Allow"
	case iam.Denied:
		return "Deny"
	case iam.NotAllowed:
		return "ImplicitDeny"
	}
	return "undecided: " + d.Why
}

func TestTwoEvaluatorsAgree(t *testing.T) {
	all := makeQuestions(11)
	documents, seen, shown := decoded(t, all), map[string]int{}, 0
	for i, want := range verdicts(t, all) {
		got := verdictOf(iam.ResourcePolicy(documents[i], all[i].request.call()))
		seen[want]++
		if got != want && shown < 5 {
			shown++
			request, _ := json.Marshal(all[i].request)
			t.Errorf("question %d: the sandbox says %s, the pack %s\n%s\n%s", i, want, got, all[i].text(), request)
		}
	}
	for _, verdict := range []string{"Allow", "Deny", "ImplicitDeny"} {
		assert.Greater(t, seen[verdict], questions/10, "the grammar gives too few of %s: %v", verdict, seen)
	}
}

func TestHidingAFactOnlyMakesADecisionUndecided(t *testing.T) {
	all := makeQuestions(12)
	m, seen, shown := maker{rand.New(rand.NewPCG(13, 13))}, map[iam.Outcome]int{}, 0
	for i, document := range decoded(t, all) {
		call := all[i].request.call()
		full := iam.ResourcePolicy(document, call)
		for _, n := range []int{2, 8} {
			hidden := m.hide(all[i].request, n)
			partial := iam.ResourcePolicy(document, hidden)
			seen[partial.Outcome]++
			kept := partial.Outcome == full.Outcome || partial.Outcome == iam.Undecided
			permits := partial.Permits == full.Permits || partial.Permits == model.Maybe
			if (!kept || !permits) && shown < 5 {
				shown++
				t.Errorf("question %d: %v with all facts, %v with less\n%s\n%+v",
					i, full, partial, all[i].text(), hidden)
			}
		}
	}
	for _, outcome := range []iam.Outcome{iam.Allowed, iam.Denied, iam.NotAllowed, iam.Undecided} {
		assert.Greater(t, seen[outcome], questions/10, "too few calls are %s: %v", outcome, seen)
	}
}
