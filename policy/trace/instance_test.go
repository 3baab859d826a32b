package trace

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

// TestAddressesLeadToInstances follows requests to the address of an instance, and
// from one.
func TestAddressesLeadToInstances(t *testing.T) {
	eachCase(t, "instance.txtar", func(t *testing.T, c fixture.Case) {
		setting := func(key string) string {
			text, _ := c.Settings[key].(string)
			return text
		}
		request := model.Request{From: setting("from"), URL: setting("url"), Server: setting("server"),
			ConnectTo: setting("connectTo")}
		for _, group := range list(c.Settings["groups"]) {
			request.Groups = append(request.Groups, group.(string))
		}
		traces, err := New(decode.Stack(c.Resources())).Trace(request)
		require.NoError(t, err)
		require.Len(t, traces, len(c.Want))
		for i, want := range c.Want {
			last := lastOf(traces[i])
			assert.Equal(t, want.Verdict+" "+want.Resource,
				fmt.Sprintf("%s %s", traces[i].Disposition, traces[i].By.NameInProgram), transcript(traces))
			assert.Contains(t, last.Text, want.Says)
		}
	})
}

// lastOf returns the last step of a trace.
func lastOf(t Trace) Step {
	steps := t.Hops[len(t.Hops)-1].Steps
	return steps[len(steps)-1]
}
