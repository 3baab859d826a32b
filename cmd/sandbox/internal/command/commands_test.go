package command

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/stretchr/testify/assert"
)

func TestAnOutputTakesALineForEachItemAndShowsNoSecret(t *testing.T) {
	for _, row := range []struct {
		why    string
		output auto.OutputValue
		want   []any
	}{
		{"a text", auto.OutputValue{Value: "a"}, []any{"a"}},
		{"a list", auto.OutputValue{Value: []any{"a", "b"}}, []any{"a", "b"}},
		{"a map, by key", auto.OutputValue{Value: map[string]any{"b": 2, "a": "x"}}, []any{"a: x", "b: 2"}},
		{"a secret", auto.OutputValue{Value: []any{"hunter2"}, Secret: true}, []any{"[secret]"}},
	} {
		assert.Equal(t, row.want, lines(row.output), row.why)
	}
}
