package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAPageReadsTheAnswerIfItsOriginIsAdmitted(t *testing.T) {
	const own, other = "https://www.example.com", "https://other.example"
	for _, row := range []struct {
		why, origins, header, origin string
		want                         map[string]string
	}{
		{"no origins", "", "Origin", own, map[string]string{}},
		{"every origin", "*", "Origin", own, map[string]string{"Access-Control-Allow-Origin": "*"}},
		{"every origin, and a client that is no browser", "*", "", "",
			map[string]string{"Access-Control-Allow-Origin": "*"}},
		{"one of two, in lower case", other + "," + own, "origin", own,
			map[string]string{"Access-Control-Allow-Origin": own, "Vary": "Origin"}},
		{"none of two", other + "," + own, "Origin", "https://stranger.example", map[string]string{}},
		{"a client that is no browser", own, "", "", map[string]string{}},
	} {
		t.Run(row.why, func(t *testing.T) {
			t.Setenv("CORS_ORIGINS", row.origins)
			answer := map[string]string{}
			allowOrigin(map[string]string{row.header: row.origin}, answer)
			assert.Equal(t, row.want, answer)
		})
	}
}
