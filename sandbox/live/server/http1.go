package server

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// nginx's limits of a request's line and of its header fields.
// https://nginx.org/en/docs/http/ngx_http_core_module.html#large_client_header_buffers
const (
	lineLimit   = 8 << 10
	headerLimit = 4 * lineLimit
)

// request is what nginx looks at in a request by HTTP/1.
type request struct {
	method, uri, protocol, host string
	length                      int64 // Of the body.
	encodings                   string
	sized, chunked, keepAlive   bool // Sized says that the request states the length.
}

// refusal is an answer with which nginx ends a connection. An empty one ends it without
// an answer.
type refusal struct{ status, detail string }

var badRequest = &refusal{status: "400 Bad Request"}

// serveHTTP1 answers requests until the connection ends.
func (v *visit) serveHTTP1(conn net.Conn) {
	reader := bufio.NewReaderSize(conn, lineLimit)
	for timeout := headerTimeout; ; timeout = keepaliveTimeout {
		_ = conn.SetReadDeadline(time.Now().Add(timeout))
		r, refused := readRequest(reader)
		if refused != nil {
			refused.write(conn)
			return
		}
		if !v.respond(conn, r) || !r.discardBody(reader) || !r.keepAlive {
			return
		}
	}
}

// refusePlain answers a client that speaks no TLS.
func (v *visit) refusePlain(conn net.Conn, reader *bufio.Reader) {
	_, refused := readRequest(reader)
	if refused == nil {
		refused = &refusal{"400 The plain HTTP request was sent to HTTPS port",
			"The plain HTTP request was sent to HTTPS port"}
	}
	refused.write(conn)
}

// requestLine matches the first line of a request, which has no protocol in HTTP/0.9.
var requestLine = regexp.MustCompile(`^([A-Z_-]+) +((?:/|https?://)\S*)(?: +HTTP/(\d+)\.(\d+))? *$`)

// readRequest reads the head of a request.
func readRequest(reader *bufio.Reader) (*request, *refusal) {
	line, err := readLine(reader)
	if err == bufio.ErrBufferFull {
		return nil, &refusal{status: "414 Request-URI Too Large"}
	}
	if err != nil {
		return nil, &refusal{}
	}
	parts := requestLine.FindStringSubmatch(line)
	if parts == nil {
		return nil, badRequest
	}
	r := &request{method: parts[1], uri: parts[2]}
	switch major := parts[3]; {
	case major == "" && r.method == http.MethodGet:
		return r, nil
	case major == "":
		return nil, badRequest
	case major != "1":
		return nil, &refusal{status: "505 HTTP Version Not Supported"}
	}
	r.protocol = "HTTP/1." + parts[4]
	r.keepAlive = r.protocol != "HTTP/1.0"
	if refused := r.readFields(reader); refused != nil {
		return nil, refused
	}
	if r.method == http.MethodTrace || r.method == http.MethodConnect {
		return nil, &refusal{status: "405 Not Allowed"}
	}
	return r, nil
}

// readFields reads the header fields of a request.
func (r *request) readFields(reader *bufio.Reader) *refusal {
	tooLarge := &refusal{"400 Request Header Or Cookie Too Large", "Request Header Or Cookie Too Large"}
	for total := 0; ; {
		line, err := readLine(reader)
		if total += len(line); err == bufio.ErrBufferFull || total > headerLimit {
			return tooLarge
		}
		if err != nil {
			return &refusal{}
		}
		if line == "" {
			break
		}
		name, value, ok := strings.Cut(line, ":")
		name, value = strings.ToLower(name), strings.TrimSpace(value)
		switch {
		case name == "transfer-encoding" && !strings.EqualFold(value, "chunked"):
			return &refusal{status: "501 Not Implemented"}
		case !ok || name == "" || strings.ContainsAny(name, " \t") || !r.take(name, value):
			return badRequest
		}
	}
	if old := r.protocol == "HTTP/1.0"; (r.host == "" && !old) || (r.chunked && old) {
		return badRequest
	}
	return nil
}

// take takes a header field. It reports whether its value is valid.
func (r *request) take(name, value string) bool {
	switch name {
	case "host":
		if r.host != "" || value == "" || strings.ContainsAny(value, "/ \x00") {
			return false
		}
		r.host = value
	case "content-length":
		n, err := strconv.ParseUint(value, 10, 63)
		if err != nil || r.chunked || r.sized {
			return false
		}
		r.length, r.sized = int64(n), true
	case "accept-encoding":
		r.encodings = value
	case "transfer-encoding":
		r.chunked = true
		return !r.sized
	case "connection":
		switch {
		case strings.EqualFold(value, "close"):
			r.keepAlive = false
		case strings.EqualFold(value, "keep-alive"):
			r.keepAlive = true
		}
	}
	return true
}

// readLine reads a line without its end.
func readLine(reader *bufio.Reader) (string, error) {
	line, err := reader.ReadSlice('\n')
	return strings.TrimRight(string(line), "\r\n"), err
}

// discardBody reads a request's body. It reports whether the body is complete.
func (r *request) discardBody(reader *bufio.Reader) bool {
	if r.chunked {
		if _, err := io.Copy(io.Discard, httputil.NewChunkedReader(reader)); err != nil {
			return false
		}
		line, err := readLine(reader) // There are no trailers.
		return err == nil && line == ""
	}
	_, err := io.CopyN(io.Discard, reader, r.length)
	return err == nil
}

// respond writes the answer. It reports whether the connection still works.
func (v *visit) respond(conn net.Conn, r *request) bool {
	body := v.answer(r)
	if r.protocol == "" { // HTTP/0.9 has no head.
		io.WriteString(conn, body)
		return false
	}
	connection := "close"
	if r.keepAlive {
		connection = "keep-alive"
	}
	length := fmt.Sprintf("Content-Length: %d", len(body))
	if v.compresses(r, body) { // nginx does not know the length when it begins to send.
		body = compressed(body)
		length = "Transfer-Encoding: chunked\r\nContent-Encoding: gzip"
		body = fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body)
	}
	head := head(fmt.Sprintf("%d %s", v.status, http.StatusText(v.status)), v.contentType, length, connection)
	if r.method == http.MethodHead {
		body = ""
	}
	_, err := io.WriteString(conn, head+body)
	return err == nil
}

// head returns the head of an answer. Fields say how long the body is.
func head(status, contentType, fields, connection string) string {
	return fmt.Sprintf("HTTP/1.1 %s\r\nServer: %s\r\nDate: %s\r\nContent-Type: %s\r\n%s\r\n"+
		"Connection: %s\r\n\r\n", status, version, time.Now().UTC().Format(http.TimeFormat), contentType, fields,
		connection)
}

// write writes a refusal.
func (f *refusal) write(w io.Writer) {
	if f.status == "" {
		return
	}
	page, line := errorPage(f.status, f.detail), f.status
	if f.detail != "" {
		line = badRequest.status // Only the title names the details.
	}
	io.WriteString(w, head(line, "text/html", fmt.Sprintf("Content-Length: %d", len(page)), "close")+page)
}

// errorPage returns a page as nginx writes it.
func errorPage(status, detail string) string {
	heading := status
	if detail != "" {
		heading, detail = badRequest.status, "<center>"+detail+"</center>\r\n"
	}
	return "<html>\r\n<head><title>" + status + "</title></head>\r\n<body>\r\n<center><h1>" + heading +
		"</h1></center>\r\n" + detail + "<hr><center>" + version + "</center>\r\n</body>\r\n</html>\r\n"
}
