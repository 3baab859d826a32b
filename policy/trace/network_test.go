package trace

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/decode/fixture"
	"private-api-blueprints/policy/model"
)

// TestRequestsTakeTheWaysOfTheirFixtures follows the request of each fixture
// through its stack, as far as API Gateway or a server.
func TestRequestsTakeTheWaysOfTheirFixtures(t *testing.T) {
	eachCase(t, "network.txtar", func(t *testing.T, c fixture.Case) {
		traces := walkCase(t, c)
		var got, want []string
		for _, trace := range traces {
			last := trace.Hops[len(trace.Hops)-1].Steps
			got = append(got, fmt.Sprintf("%s %s", trace.Disposition, trace.By.NameInProgram))
			arrived := trace.Disposition == Delivered || trace.Disposition == InsufficientInfo
			assert.Equal(t, arrived, trace.Fix == "", "a trace that stops says how to fix it: %q", trace.Fix)
			if i := len(got) - 1; i < len(c.Want) {
				assert.Contains(t, last[len(last)-1].Text, c.Want[i].Says)
			}
		}
		for _, w := range c.Want {
			want = append(want, w.Verdict+" "+w.Resource)
		}
		assert.Equal(t, want, got, "%s", transcript(traces))
		for _, trace := range traces {
			var unused []any
			for _, other := range trace.Unused {
				unused = append(unused, string(other.Disposition))
			}
			assert.Equal(t, list(c.Settings["unused"]), unused, "targets that the load balancer cannot reach")
		}
	})
}

// eachCase runs a test for each case of a file in testdata. A case without settings
// has those of the case that it is like.
func eachCase(t *testing.T, file string, test func(t *testing.T, c fixture.Case)) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", file))
	require.NoError(t, err)
	cases, err := fixture.Parse(text)
	require.NoError(t, err)
	settings := map[string]map[string]any{}
	for _, c := range cases {
		if c.Settings == nil {
			c.Settings = settings[c.Like]
		}
		settings[c.ID()] = c.Settings
		t.Run(c.ID(), func(t *testing.T) {
			assert.NotEmpty(t, c.Why, "want a sentence about what the case shows")
			test(t, c)
		})
	}
}

// walkCase follows the request of a case. Without DNS, it connects to an element.
func walkCase(t *testing.T, c fixture.Case) []Trace {
	t.Helper()
	tracer := New(decode.Stack(c.Resources()))
	tracer.beyond = func(w walk, _ call, e *model.Endpoint) []Trace {
		return w.deliver(e.Element, "API Gateway gets the request")
	}
	request := model.Request{URL: "https://api.example.com/"}
	request.From, _ = c.Settings["from"].(string)
	if url, set := c.Settings["url"].(string); set {
		request.URL = url
	}
	request.Protocol, _ = c.Settings["protocol"].(string)
	request.Private, _ = c.Settings["private"].(bool)
	request.Server, _ = c.Settings["server"].(string)
	for _, group := range list(c.Settings["groups"]) {
		request.Groups = append(request.Groups, group.(string))
	}
	calls, err := tracer.begin(request)
	require.NoError(t, err)
	to, _ := c.Settings["to"].(string)
	var all []Trace
	for _, call := range calls {
		call.ipv6 = c.Settings["ipVersion"] == 6.0
		w := walk{Tracer: tracer}.enter("client", call.client.element)
		if to == fromInternet {
			all = append(all, w.toOutside(call)...)
			continue
		}
		found := tracer.names.find(to, "load balancer", "endpoint")
		require.Len(t, found, 1, to)
		switch e := found[0].pointer.(type) {
		case *model.LoadBalancer:
			if c.Settings["link"] == true {
				all = append(all, w.fromLink(call, e)...)
				continue
			}
			all = append(all, w.toBalancer(call, e)...)
		case *model.Endpoint:
			all = append(all, w.toEndpoint(call, e)...)
		}
	}
	return all
}

func list(v any) []any {
	items, _ := v.([]any)
	return items
}

// transcript returns the steps of traces, for messages of failing tests.
func transcript(traces []Trace) string {
	text := ""
	for _, trace := range traces {
		text += "\n" + string(trace.Disposition) + " by " + trace.By.Name + "\n"
		for _, hop := range trace.Hops {
			text += "  " + hop.Node + "\n"
			for _, step := range hop.Steps {
				text += "    " + string(step.Action) + ": " + step.Text + "\n"
			}
		}
	}
	return text
}
