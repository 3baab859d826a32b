package tests

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox"
	"private-api-blueprints/sandbox/live"
)

// untried are the ends of requests that the sandbox cannot follow to the answer, and why. Everything before is as
// promised: each text is of the last one that the request reaches.
var untried = map[string]string{
	"the sandbox has no code of the function":       "it exists already, is an image, or is another language's",
	"evaluates variables of mapping templates only": "a mapping template of CORS has directives",
	"no connection with target 10.7.":               "the server is in a network that is not in the account",
	"no connection with target 172.23.10.172":       "the server is the other account's, which shares the VPC",
}

// assertKept makes the requests of all promises among the inputs of a component to what is deployed, and checks that
// they end as promised.
func (s *stack) assertKept(inputs map[string]any) {
	s.t.Helper()
	promises, err := live.Promises(inputs)
	require.NoError(s.t, err)
	w, err := live.Open(s.t.Context(), sandbox.World(s.options.Root, s.options.StateDir))
	require.NoError(s.t, err)
	defer func() { assert.NoError(s.t, w.Close()) }()
	for _, p := range promises {
		result, err := w.Try(s.t.Context(), p)
		if !assert.NoError(s.t, err, "%+v", p) || p.Kept(result) {
			continue
		}
		if told := transcript(s.t, result); whyUntried(told) == "" {
			assert.Fail(s.t, "a promise is not kept", "%+v\n%s", p, told)
		}
	}
}

// assertAnsweredWithout makes a call to what is deployed while each of some Availability Zones fails.
func (s *stack) assertAnsweredWithout(call live.Call, zones ...string) {
	s.t.Helper()
	for _, zone := range zones {
		options := sandbox.World(s.options.Root, s.options.StateDir)
		options.FailedZone = zone
		w, err := live.Open(s.t.Context(), options)
		require.NoError(s.t, err)
		result, err := w.Call(s.t.Context(), call)
		require.NoError(s.t, err)
		assert.Equal(s.t, live.Answered, result.Outcome, "without %s\n%s", zone, transcript(s.t, result))
		assert.NoError(s.t, w.Close())
	}
}

// whyUntried returns why the sandbox cannot follow a request to its answer, or nothing.
func whyUntried(transcript string) string {
	for text, why := range untried {
		if strings.Contains(transcript, text) {
			return why
		}
	}
	return ""
}

// transcript returns what happened to a call.
func transcript(t *testing.T, r *live.Result) string {
	t.Helper()
	var text strings.Builder
	require.NoError(t, r.Transcript(&text))
	return text.String()
}
