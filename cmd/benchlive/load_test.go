package main

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAMeasurementFailsAtAnErrorOrALeak(t *testing.T) {
	refused := errors.New("connection refused")
	for _, row := range []struct {
		why  string
		m    measurement
		want []string // Parts of the error; nil means no error.
	}{
		{"all is well", measurement{before: 9, after: 9}, nil},
		{"goroutines ended", measurement{before: 9, after: 8}, nil},
		{"a leak", measurement{before: 9, after: 10}, []string{"through nginx: 9 goroutines before and 10 after"}},
		{"an error", measurement{errors: 2, example: refused}, []string{"2 requests through nginx failed"}},
		{"both", measurement{errors: 2, example: refused, before: 9, after: 10},
			[]string{"connection refused", "10 after"}},
	} {
		err := row.m.problems("nginx")
		if row.want == nil {
			assert.NoError(t, err, row.why)
		}
		for _, part := range row.want {
			require.ErrorContains(t, err, part, row.why)
		}
	}
}
