package server

import (
	"bufio"
	"bytes"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

// FuzzRequest compares what the server reads with what the standard library reads: the
// server must not accept a request whose body the library would end elsewhere.
func FuzzRequest(f *testing.F) {
	for _, row := range requestCases {
		f.Add([]byte(row.request))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, refused := readRequest(bufio.NewReaderSize(bytes.NewReader(data), lineLimit))
		if refused != nil || r.protocol == "" {
			return
		}
		other, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(data)))
		if err != nil {
			return // The library is stricter, as with names of header fields.
		}
		if r.chunked {
			assert.Equal(t, []string{"chunked"}, other.TransferEncoding)
			return
		}
		assert.Equal(t, r.length, max(other.ContentLength, 0))
	})
}

// FuzzScript reads any user data.
func FuzzScript(f *testing.F) {
	f.Add(script(f, true))
	f.Fuzz(func(t *testing.T, text string) {
		if s := readScript(text); s != nil {
			assert.GreaterOrEqual(t, s.status, 0)
			(&visit{site: s}).body(&request{})
		}
	})
}
