package trace

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/policy/model"
)

func TestAPrivateAPIRefusesClientsInAnotherVPCByItsPolicy(t *testing.T) {
	for _, c := range []struct {
		why    string
		change func(*world)
		want   Disposition
	}{
		{"the policy denies other VPCs", func(*world) {}, DeniedByPolicy},
		{"the policy admits everyone", func(w *world) {
			w.policy.Document.Statements = w.policy.Document.Statements[1:]
		}, Delivered},
		{"the text is made from the VPC", func(w *world) { w.policy.Document = nil }, DeniedByPolicy},
		{"the text is made from something else", func(w *world) {
			w.policy.Document, w.policy.From.Other = nil, []string{"urn:component"}
		}, InsufficientInfo},
	} {
		w := newWorld()
		c.change(w)
		request := model.Request{From: "another-vpc", URL: "https://" + defaultName + "/prod/hello"}
		traces, err := New(w.stack).Trace(request)
		require.NoError(t, err)
		require.Len(t, traces, 1)
		assert.Equal(t, c.want, traces[0].Disposition, c.why)
	}
}

func TestOnlyAPIsAreKnownFromAnotherVPC(t *testing.T) {
	traces, err := New(newWorld().stack).Trace(model.Request{From: "another-vpc", URL: "https://www.example.com/"})
	require.NoError(t, err)
	assert.Equal(t, InsufficientInfo, traces[0].Disposition)
}
