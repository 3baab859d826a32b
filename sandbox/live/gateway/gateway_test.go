package gateway

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAPrivateAPIAnswersThroughItsEndpoint(t *testing.T) {
	w := newWorld(t, role+shared+api("private001", "PRIVATE", helloPath, onlyVPC), nil)
	got := w.get(endpoint, "https://private001.execute-api.us-east-1.amazonaws.com/v1/hello")
	assert.Equal(t, 200, got.status)
	assert.Equal(t, `{"message": "hello world"}`, got.body)
	t.Log(got.header)
	t.Log(w.journal.events)
	for _, s := range w.trail.Steps() {
		t.Log(s.Place, s.Text)
	}
}
