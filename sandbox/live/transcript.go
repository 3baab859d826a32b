package live

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// Transcript prints what happened to a call, as `dig` and `curl -v` would: what was resolved, where the client
// connected, who decided what, and the answer.
func (r *Result) Transcript(w io.Writer) error {
	var text strings.Builder
	for _, hop := range r.Resolved {
		fmt.Fprintf(&text, "* %s: %s\n", hop.Name, hop.Text)
	}
	if r.Address != "" {
		fmt.Fprintf(&text, "* connected to %s\n", r.Address)
	}
	if r.TLS != nil {
		protocol := "no protocol by ALPN"
		if r.TLS.Protocol != "" {
			protocol = "ALPN " + r.TLS.Protocol
		}
		fmt.Fprintf(&text, "* %s, certificate of %s, %s\n", r.TLS.Version, strings.Join(r.TLS.Names, ", "), protocol)
	}
	r.printRequest(&text)
	for _, step := range r.Steps {
		fmt.Fprintf(&text, "  %s: %s\n", step.Place, step.Text)
	}
	r.printAnswer(&text)
	_, err := io.WriteString(w, text.String())
	return err
}

// Summary returns the end of a call on one line.
func (r *Result) Summary() string {
	if r.Response == nil {
		return fmt.Sprintf("%s: %s", r.Outcome, strings.ReplaceAll(r.Error, "\n", "; "))
	}
	return fmt.Sprintf("%s %d %s", r.Response.Protocol, r.Response.Status, strings.TrimSpace(r.Response.Body))
}

// printRequest prints the request as it was sent, unless nothing was.
func (r *Result) printRequest(text *strings.Builder) {
	if r.Response == nil {
		return
	}
	fmt.Fprintf(text, "> %s\n", r.Request)
	for _, name := range slices.Sorted(maps.Keys(r.header)) {
		if name != "Authorization" && name != "X-Api-Key" {
			fmt.Fprintf(text, "> %s: %s\n", name, strings.Join(r.header[name], ", "))
		}
	}
}

// printAnswer prints the answer, or why there is none.
func (r *Result) printAnswer(text *strings.Builder) {
	if r.Response == nil {
		fmt.Fprintf(text, "= %s\n", r.Summary())
		return
	}
	fmt.Fprintf(text, "< %s %d\n", r.Response.Protocol, r.Response.Status)
	for _, name := range slices.Sorted(maps.Keys(r.Response.Header)) {
		fmt.Fprintf(text, "< %s: %s\n", name, strings.Join(r.Response.Header[name], ", "))
	}
	if body := strings.TrimRight(r.Response.Body, "\n"); body != "" {
		fmt.Fprintf(text, "\n%s\n", body)
	}
}
