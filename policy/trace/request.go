package trace

import (
	"fmt"
	"net/url"
	"strings"
)

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
