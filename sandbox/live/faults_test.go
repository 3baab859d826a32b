package live_test

import (
	"io"
	"net/http"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/live"
)

// API Gateway's own answers.
const (
	internalError = `{"message": "Internal server error"}`
	late          = `{"message": "Endpoint request timed out"}`
)

// faults are what clients and functions do wrong.
var faults = []struct {
	why string
	do  func(t *testing.T, f *front)
}{
	{"requests that nobody can read", malformedRequests},
	{"a client that sends slowly", slowSender},
	{"a client that reads slowly", slowReader},
	{"a connection that drops during the TLS handshake", dropInHandshake},
	{"a connection that drops during the request", dropInRequest},
	{"a connection that drops while the function runs", dropInFunction},
	{"a connection that drops during the answer", dropInAnswer},
	{"a function that is killed", killedFunction},
	{"functions that fail", failingFunctions},
	{"functions that hang", hangingFunctions},
}

// A fault of one client or of a function concerns nobody else: the next request is answered, and nothing is left of it.
func TestAFaultLeavesTheFrontServing(t *testing.T) {
	options := writeFront(t)
	for _, way := range []struct {
		name string
		open func(*testing.T, live.Options) *front
	}{
		{"directly", openFront},
		{"through the proxy", serveFront},
	} {
		before := runtime.NumGoroutine()
		t.Run(way.name, func(t *testing.T) {
			opened := way.open(t, options)
			for _, fault := range faults {
				t.Run(fault.why, func(t *testing.T) {
					f := &front{t, opened.dial}
					fault.do(t, f)
					f.assertServes()
					assertNothingLeft(t)
				})
			}
		})
		assertGoroutines(t, before)
	}
}

func malformedRequests(t *testing.T, f *front) {
	for _, row := range []struct{ why, text string }{
		{"no HTTP", "nonsense\r\n\r\n"},
		{"a field without a colon", head("GET", "/v1/patient", "nonsense")},
		{"two lengths of the body", head("POST", "/v1/patient", "Content-Length: 1", "Content-Length: 2")},
		{"no host", "GET /v1/patient HTTP/1.1\r\n\r\n"},
	} {
		c := f.connect()
		c.write(row.text)
		status, _ := c.answer()
		assert.Equal(t, http.StatusBadRequest, status, row.why)
		_, err := c.reader.ReadByte()
		assert.ErrorIs(t, err, io.EOF, "the connection ends: %s", row.why)
		c.Close()
	}
}

func slowSender(t *testing.T, f *front) {
	c := f.connect()
	for _, part := range []string{
		"POST /v1/pat", "ient HTTP/1.1\r\nHo", "st: " + frontHost + "\r\nContent-Length: 6\r\n\r", "\nsl", "ow",
	} {
		c.write(part)
		f.assertServes()
	}
	c.write("ly")
	status, body := c.answer()
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "slowly", body)
	c.Close()
}

// talk asks for a long answer, and waits until it begins.
func (c *client) talk(t *testing.T) {
	c.write(head("GET", "/v1/patient", "Do: talk much"))
	_, err := c.reader.Peek(1)
	require.NoError(t, err)
}

func slowReader(t *testing.T, f *front) {
	c := f.connect()
	c.talk(t)
	f.assertServes()
	status, body := c.answer()
	assert.Equal(t, http.StatusOK, status)
	assert.Len(t, body, much)
	c.Close()
}

func dropInHandshake(t *testing.T, f *front) {
	for _, part := range []string{"", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "GET / HTTP/1.1\r\n\r\n"} {
		conn := f.dial()
		_, err := io.WriteString(conn, part)
		require.NoError(t, err)
		require.NoError(t, conn.Close())
	}
}

func dropInRequest(_ *testing.T, f *front) {
	for _, part := range []string{
		"", "GET /v1/pat", "POST /v1/patient HTTP/1.1\r\nHost: " + frontHost + "\r\nContent-Len",
		head("POST", "/v1/patient", "Content-Length: 6") + "hal",
	} {
		c := f.connect()
		c.write(part)
		c.Close()
	}
}

func dropInFunction(_ *testing.T, f *front) {
	c := f.connect()
	running := c.start()
	c.Close()
	f.assertServes()
	running.end()
}

func dropInAnswer(t *testing.T, f *front) {
	c := f.connect()
	c.talk(t)
	c.Close()
}

func killedFunction(t *testing.T, f *front) {
	c := f.connect()
	running := c.start()
	process, err := os.FindProcess(running.pid)
	require.NoError(t, err)
	require.NoError(t, process.Kill())
	status, body := c.answer()
	assert.Equal(t, http.StatusBadGateway, status)
	assert.Equal(t, internalError, body)
	c.assertServes()
	c.Close()
}

func failingFunctions(t *testing.T, f *front) {
	c := f.connect()
	for _, do := range []string{"crash", "fail", "talk nonsense"} {
		c.write(head("GET", "/v1/patient", "Do: "+do))
		status, body := c.answer()
		assert.Equal(t, http.StatusBadGateway, status, do)
		assert.Equal(t, internalError, body, do)
		c.assertServes()
	}
	c.Close()
}

// Lambda stops the function after a second. API Gateway may give up before, and the function still runs.
func hangingFunctions(t *testing.T, f *front) {
	for _, row := range []struct {
		path   string
		status int
		body   string
	}{
		{"/v1/hasty", http.StatusBadGateway, internalError},
		{"/v1/impatient", http.StatusGatewayTimeout, late},
	} {
		c := f.connect()
		c.write(head("GET", row.path, "Do: hang"))
		status, body := c.answer()
		assert.Equal(t, row.status, status, row.path)
		assert.Equal(t, row.body, body, row.path)
		c.assertServes()
		c.Close()
	}
}
