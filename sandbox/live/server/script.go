package server

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// What a script that makes a web server contains.
var (
	installation = regexp.MustCompile(`(?m)\b(dnf|yum)\b[^\n]*\binstall\b[^\n]*\bnginx\b`)
	serverBlock  = regexp.MustCompile(`(?s)\bserver \{(.*)\n\}`)
	listen       = regexp.MustCompile(`(?m)^\s*listen\s+([^;]+);`)
	defaultType  = regexp.MustCompile(`(?m)^\s*default_type\s+(\S+);`)
	answer       = regexp.MustCompile(`(?m)^\s*return\s+(\d{3})\s+"((?:[^"\\]|\\.)*)";`)
	subject      = regexp.MustCompile(`-subj "/CN=([^"]+)"`)
	alternative  = regexp.MustCompile(`subjectAltName=DNS:([^"\s,]+)`)
	gzipOn       = regexp.MustCompile(`(?m)^\s*gzip\s+on;`)
	gzipTypes    = regexp.MustCompile(`(?m)^\s*gzip_types\s+([^;]+);`)
	http2On      = regexp.MustCompile(`(?m)^\s*http2\s+on;`)
)

// readScript returns the web server that a script makes, or nil if it makes none that
// the sandbox understands: a server block of nginx with a port and one answer.
func readScript(script string) *site {
	block := serverBlock.FindString(script)
	port, returned := listen.FindStringSubmatch(block), answer.FindStringSubmatch(block)
	if !installation.MatchString(script) || port == nil || returned == nil {
		return nil
	}
	s := &site{
		contentType: first(defaultType, block), subject: first(subject, script), name: first(alternative, script),
	}
	if s.contentType == "" {
		s.contentType = "application/octet-stream" // That of Amazon Linux's nginx.conf.
	}
	words := strings.Fields(port[1])
	number, err := strconv.ParseUint(words[0], 10, 16)
	if err != nil {
		return nil
	}
	s.port = uint16(number)
	for _, word := range words[1:] {
		switch word {
		case "ssl":
			s.tls = true
		case "http2":
			s.http2 = true
		case "proxy_protocol":
			s.proxy = true
		}
	}
	s.http2 = s.http2 || http2On.MatchString(block)
	types := append(strings.Fields(first(gzipTypes, block)), "text/html")
	s.gzip = gzipOn.MatchString(block) && slices.Contains(types, s.contentType)
	s.status, _ = strconv.Atoi(returned[1]) // Three digits.
	s.text = unescape.Replace(returned[2])
	return s
}

// unescape replaces what nginx's strings escape.
var unescape = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\r`, "\r", `\"`, `"`, `\\`, `\`)

// first returns the first group of a pattern's first match, or nothing.
func first(pattern *regexp.Regexp, text string) string {
	if match := pattern.FindStringSubmatch(text); match != nil {
		return match[1]
	}
	return ""
}
