package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/internal/runtimeapi"
	"private-api-blueprints/lambda/lambdatest"
)

func TestRefusedEnvironmentNamesAcceptedValues(t *testing.T) {
	const ok = "https://example.com"
	for _, row := range []struct {
		why, url, host  string
		badURL, badHost bool
	}{
		{why: "nothing is set", badURL: true},
		{why: "the certificate would not be verified", url: "http://example.com/", badURL: true},
		{why: "the scheme is missing", url: "example.com/prod", badURL: true},
		{why: "the host is missing", url: "https:///prod", badURL: true},
		{why: "the user would not be sent", url: "https://user@example.com", badURL: true},
		{why: "the port is not a number", url: "https://example.com:port", badURL: true},
		{why: "the console shows the API as a URL", url: ok, host: "https://" + apiName, badHost: true},
		{why: "a path is not part of the header", url: ok, host: apiName + "/prod", badHost: true},
		{why: "it would add a second header", url: ok, host: apiName + "\r\nX-Api-Key: x", badHost: true},
		{why: "both problems are reported at once", host: "a b", badURL: true, badHost: true},
	} {
		t.Run(row.why, func(t *testing.T) {
			var want []string
			if row.badURL {
				want = append(want, fmt.Sprintf("environment variable URL = %q: want an HTTPS URL without a user, "+
					"such as https://api.example.com/prod/hello", row.url))
			}
			if row.badHost {
				want = append(want, fmt.Sprintf("environment variable HOST = %q: want only a host name, "+
					"such as %s, or nothing to send the URL's host", row.host, apiName))
			}
			setEnv(t, row.url, row.host)
			_, err := newClient(nil).handle(t.Context())
			assert.EqualError(t, err, strings.Join(want, "\n"))
		})
	}
}

func TestAnswerIsReadableJSON(t *testing.T) {
	got, err := json.Marshal(answer{
		URL: "https://example.com/prod/hello", Host: apiName, RemoteAddress: "[2001:db8::1]:443",
		Protocol: "HTTP/1.1", ALPN: "http/1.1", TLSVersion: "TLS 1.3", Status: 200, Body: "hello",
	})
	require.NoError(t, err)
	assert.JSONEq(t, `{
		"url": "https://example.com/prod/hello", "host": "`+apiName+`", "remoteAddress": "[2001:db8::1]:443",
		"protocol": "HTTP/1.1", "alpn": "http/1.1", "tlsVersion": "TLS 1.3", "status": 200, "body": "hello"
	}`, string(got))
}

func TestLogHoldsOnlyStatusAndAddressOfTheRequest(t *testing.T) {
	server := serve(t, false, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, "secret")
	})
	setEnv(t, "https://"+certified+"/secret?key=secret", apiName)
	var log bytes.Buffer
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.NewJSONHandler(&log, nil)))
	_, err := clientOf(server).handle(t.Context())
	require.NoError(t, err)

	var line map[string]any
	require.NoError(t, json.Unmarshal(log.Bytes(), &line), "one line: %s", log.String())
	delete(line, "time")
	assert.Equal(t, map[string]any{
		"level": "INFO", "msg": "request sent", "status": 403.0, "remoteAddress": server.Listener.Addr().String(),
	}, line)
}

// The executable as shipped dials only IPv6, and logs in Lambda's format.
func TestFunctionReportsAnErrorAndServesTheNextInvocation(t *testing.T) {
	function := lambdatest.Start(t, lambdatest.Build(t), "URL=https://127.0.0.1")
	for _, id := range []string{"8476a536-e9f4-11e8-9739-2dfe598c3fcd", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"} {
		got := function.Invoke(t, id, "{}")
		assert.Equal(t, id, got.ID)
		assert.Equal(t, runtimeapi.Error, got.Outcome)
		assert.Contains(t, string(got.Body),
			"GET https://127.0.0.1 over IPv6: name resolution: no AAAA record, IPv4 only: [127.0.0.1]: ")
	}
	lines := strings.Split(strings.TrimSpace(function.Stop(t)), "\n")
	assert.Len(t, lines, 2)
	for _, line := range lines {
		var fields map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &fields), line)
		assert.Contains(t, fields["message"], "no AAAA record")
		assert.Contains(t, fields, "timestamp")
	}
}

func TestFunctionDependsOnlyOnTheLambdaLibraryAndRoots(t *testing.T) {
	info, err := buildinfo.ReadFile(lambdatest.Build(t))
	require.NoError(t, err)
	var modules []string
	for _, dep := range info.Deps {
		modules = append(modules, dep.Path)
	}
	assert.Equal(t, []string{"github.com/aws/aws-lambda-go", "golang.org/x/crypto/x509roots/fallback"}, modules)
}
