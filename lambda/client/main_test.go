package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/lambda/lambdatest"
)

func TestEnvironmentIsRefusedWithWhatWouldBeAccepted(t *testing.T) {
	const wantURL = `want an https URL without a user, such as https://api.example.com/prod/hello`
	const wantHost = `want a host name alone, such as a1b2c3d4e5.execute-api.us-east-1.amazonaws.com, or nothing for that of URL`
	for _, row := range []struct{ reason, url, host, want string }{
		{"nothing is set", "", "", `environment variable URL = "": ` + wantURL},
		{"the certificate would not be looked at", "http://example.com/", "", `environment variable URL = "http://example.com/": ` + wantURL},
		{"no scheme", "example.com/prod", "", `environment variable URL = "example.com/prod": ` + wantURL},
		{"no host", "https:///prod", "", `environment variable URL = "https:///prod": ` + wantURL},
		{"the user would not be sent", "https://user@example.com", "", `environment variable URL = "https://user@example.com": ` + wantURL},
		{"not a URL", "https://example.com:port", "", `environment variable URL = "https://example.com:port": ` + wantURL},
		{"a URL, as the console shows it", "https://example.com", "https://" + apiName, `environment variable HOST = "https://` + apiName + `": ` + wantHost},
		{"a path", "https://example.com", apiName + "/prod", `environment variable HOST = "` + apiName + `/prod": ` + wantHost},
		{"a second header", "https://example.com", apiName + "\r\nX-Api-Key: x", `environment variable HOST = "` + apiName + `\r\nX-Api-Key: x": ` + wantHost},
		{"both at once", "", "a b", `environment variable URL = "": ` + wantURL + "\n" + `environment variable HOST = "a b": ` + wantHost},
	} {
		t.Run(row.reason, func(t *testing.T) {
			setEnv(t, row.url, row.host)
			_, err := newClient(nil).handle(t.Context())
			assert.EqualError(t, err, row.want)
		})
	}
}

func TestAnswerIsNamedForPeople(t *testing.T) {
	got, err := json.Marshal(answer{"https://example.com/prod/hello", apiName, "[2001:db8::1]:443", "HTTP/1.1", "TLS 1.3", 200, "hello"})
	require.NoError(t, err)
	assert.JSONEq(t, `{"url": "https://example.com/prod/hello", "host": "`+apiName+`", "remoteAddress": "[2001:db8::1]:443",
		"protocol": "HTTP/1.1", "tlsVersion": "TLS 1.3", "status": 200, "body": "hello"}`, string(got))
}

func TestLogHasStatusAndAddressAndNothingElseOfTheRequest(t *testing.T) {
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

// The executable dials IPv6 only, and logs in Lambda's format.
func TestFunctionReportsAnErrorAndGoesOn(t *testing.T) {
	function := lambdatest.Start(t, lambdatest.Build(t), "URL=https://127.0.0.1")
	for _, id := range []string{"8476a536-e9f4-11e8-9739-2dfe598c3fcd", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"} {
		got := function.Invoke(t, id, "{}")
		assert.Equal(t, []string{id, "error"}, []string{got.ID, got.Outcome})
		assert.Contains(t, got.Body, "GET https://127.0.0.1 over IPv6: name resolution: no AAAA record, IPv4 only: [127.0.0.1]: ")
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

func TestFunctionDependsOnTheLambdaLibraryAndRootsOnly(t *testing.T) {
	info, err := buildinfo.ReadFile(lambdatest.Build(t))
	require.NoError(t, err)
	var modules []string
	for _, dep := range info.Deps {
		modules = append(modules, dep.Path)
	}
	assert.Equal(t, []string{"github.com/aws/aws-lambda-go", "golang.org/x/crypto/x509roots/fallback"}, modules)
}
