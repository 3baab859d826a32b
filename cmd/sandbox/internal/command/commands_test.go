package command

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/auto"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live"
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

func TestFlagsOfACallAreReadAsCurlReadsThem(t *testing.T) {
	const url, form = "https://api.example.com/orders", "application/x-www-form-urlencoded"
	file := filepath.Join(t.TempDir(), "body.json")
	require.NoError(t, os.WriteFile(file, []byte("{\n}\n"), 0o600))
	for _, row := range []struct {
		why   string
		flags []string
		want  live.Call
	}{
		{"no flags", nil, live.Call{Header: http.Header{}}},
		{"a body", []string{"--data", "a=b"},
			live.Call{Method: "POST", Header: http.Header{"Content-Type": {form}}, Body: []byte("a=b")}},
		{"an empty body", []string{"--data", ""},
			live.Call{Method: "POST", Header: http.Header{"Content-Type": {form}}, Body: []byte{}}},
		{"a body of another type, and another method",
			[]string{"--method", "PUT", "--header", "content-type: application/json", "--data", "{}"},
			live.Call{Method: "PUT", Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte("{}")}},
		{"a file", []string{"--data", "@" + file},
			live.Call{Method: "POST", Header: http.Header{"Content-Type": {form}}, Body: []byte("{\n}\n")}},
		{"standard input", []string{"--data", "-"},
			live.Call{Method: "POST", Header: http.Header{"Content-Type": {form}}, Body: []byte("typed")}},
		{"standard input, as curl writes it", []string{"--data", "@-"},
			live.Call{Method: "POST", Header: http.Header{"Content-Type": {form}}, Body: []byte("typed")}},
		{"IPv4", []string{"-4"}, live.Call{Header: http.Header{}, IPVersion: 4}},
		{"IPv6", []string{"--ipv6"}, live.Call{Header: http.Header{}, IPVersion: 6}},
		{"a user of another account", []string{"--foreign"}, live.Call{Header: http.Header{}, Foreign: true}},
	} {
		var a asked
		cmd := &cobra.Command{}
		a.addFlags(cmd)
		require.NoError(t, cmd.ParseFlags(row.flags), row.why)
		a.hasData = cmd.Flags().Changed("data")
		require.NoError(t, a.complete([]string{url}, strings.NewReader("typed")), row.why)
		row.want.From, row.want.URL = "internet", url
		assert.Equal(t, row.want, a.call, row.why)
	}
}
