package live

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/live/identity"
)

// Lines returns the command lines for a person's own tools that make the request of a promise through a front: dig, if
// the host is a name, and curl. The file ca has the certificate of the authority.
func (w *World) Lines(p Promise, f *Front, ca string) ([]string, error) {
	call, err := w.callOf(p)
	if err != nil {
		return nil, err
	}
	target, err := url.Parse(call.URL)
	if err != nil {
		return nil, err
	}
	var lines []string
	if _, err := netip.ParseAddr(target.Hostname()); err != nil {
		port := fmt.Sprint(f.DNS.Port())
		lines = append(lines, commandLine("dig", "@"+f.DNS.Addr().String(), "-p", port, target.Hostname()))
	}
	curl := []string{"curl", "--proxy", "http://" + f.Proxy.String(), "--cacert", ca}
	if call.Method != "GET" {
		curl = append(curl, "--request", call.Method)
	}
	for _, name := range slices.Sorted(maps.Keys(call.Header)) {
		curl = append(curl, "--header", name+": "+call.Header.Get(name))
	}
	if call.Protocol == "h2" {
		curl = append(curl, "--http2")
	}
	if call.Signed {
		user := identity.User()
		region := w.regionOf(cmp.Or(call.Header.Get("Host"), target.Host))
		curl = append(curl, "--aws-sigv4", "aws:amz:"+region+":execute-api",
			"--user", user.AccessKeyID+":"+user.SecretAccessKey)
	}
	if o := w.named(call.ConnectTo); o != nil && dnsName(o) != "" {
		curl = append(curl, "--connect-to", "::"+dnsName(o)+":")
	}
	return append(lines, commandLine(append(curl, call.URL)...)), nil
}

// plainWord matches the words that a shell takes as they are.
var plainWord = regexp.MustCompile(`^[A-Za-z0-9@%+=:,./_-]+$`)

// commandLine returns words as a command line of a shell.
func commandLine(words ...string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = word
		if !plainWord.MatchString(word) {
			quoted[i] = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
		}
	}
	return strings.Join(quoted, " ")
}
