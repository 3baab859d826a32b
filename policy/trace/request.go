package trace

import (
	"fmt"
	"net/url"
	"strings"

	"private-api-blueprints/policy/model"
)

// Request is what a client asks for, and from where. URL and Headers may name
// resources of the stack: ${NAME} stands for the ID of the resource with that name
// in the program, or for its DNS name if it is the whole host of the URL.
type Request struct {
	// From is the vantage point: internet; internet and an address; the name or the ID of a subnet, a VPC or a
	// function; an address; or api-gateway.
	From string
	// Groups are names or IDs of the security groups of a client in a subnet or a VPC.
	Groups []string
	// Method is the HTTP method. If it is empty, it is GET.
	Method string
	// URL begins with https:// or http://.
	URL     string
	Headers map[string]string
	// ConnectTo is the name of the element to which the client connects without a lookup in DNS.
	ConnectTo string
	// Protocol is the only version of HTTP that will do: h2 or http/1.1. If it is empty, the client offers both.
	Protocol string
	// IPVersion is 4 or 6. If it is 0, the client takes every address that it finds.
	IPVersion int
	// Signed is whether an IAM identity of the stack's account has signed the request.
	Signed bool
	// APIKey is whether the request has a valid API key.
	APIKey bool
}

// RequestOf returns the request that a promise is about.
func RequestOf(p model.Promise) Request {
	return Request{
		From: p.From, Groups: p.Groups, Method: p.Method, URL: p.URL, Headers: p.Headers, ConnectTo: p.ConnectTo,
		Protocol: p.Protocol, IPVersion: p.IPVersion, Signed: p.Signed, APIKey: p.APIKey,
	}
}

// String returns the request as a client would write it.
func (r Request) String() string {
	text := r.verb() + " " + r.URL
	if host := r.Headers["Host"]; host != "" {
		text += " with Host " + host
	}
	return text + " from " + r.From
}

func (r Request) verb() string {
	if r.Method == "" {
		return "GET"
	}
	return strings.ToUpper(r.Method)
}

// target is where a URL leads, in lower case except for the path.
type target struct {
	tls  bool
	host string
	port int
	path string
}

// parseURL reads a URL in which resources are already replaced.
func parseURL(text string) (target, error) {
	wrong := func() (target, error) {
		return target{}, fmt.Errorf("url = %q: want https://host/path or http://host/path", text)
	}
	scheme, rest, found := strings.Cut(text, "://")
	scheme = strings.ToLower(scheme)
	if !found || scheme != "https" && scheme != "http" {
		return wrong()
	}
	authority, path, _ := strings.Cut(rest, "/")
	t := target{tls: scheme == "https", port: 80, path: "/" + path}
	if t.tls {
		t.port = 443
	}
	t.path, _, _ = strings.Cut(t.path, "?")
	t.path, _, _ = strings.Cut(t.path, "#")
	host, port := authority, ""
	if i := strings.LastIndexByte(authority, ':'); i >= 0 && !strings.HasSuffix(authority, "]") &&
		!strings.HasSuffix(authority, "}") {
		host, port = authority[:i], authority[i+1:]
	}
	t.host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	if t.host == "" {
		return wrong()
	}
	if port != "" {
		if _, err := fmt.Sscanf(port, "%d", &t.port); err != nil || t.port < 1 || t.port > 65535 {
			return target{}, fmt.Errorf("url = %q: port %q: want a number from 1 to 65535", text, port)
		}
	}
	if unescaped, err := url.PathUnescape(t.path); err == nil {
		t.path = unescaped
	}
	return t, nil
}
