package faults

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/miekg/dns"

	"private-api-blueprints/sandbox/live"
)

// Question is a request of a client, and what the client sees. Names of resources are those of the network, without its
// prefix. A name that begins with common is that of a resource that all networks share.
type Question struct {
	// From is where the client is: internet, another-vpc, or the name of a VPC or subnet. Addresses of the client may
	// follow. A client on the internet has an address that no network admits, unless it says one. After on-premises is
	// the name of a subnet in the VPC that the network is connected with.
	From string
	// Method is GET if empty.
	Method string
	// URL is what the client asks. ${nlb} stands for the DNS name of a resource if it is the whole host, otherwise for
	// its ID.
	URL string
	// Header is added to the request. Its values may have such names too.
	Header map[string]string
	// To is the resource that the client connects with, without asking DNS for the host. It is the host if empty.
	To string
	// HTTP2 is whether the client speaks HTTP/2 only.
	HTTP2 bool
	// TLSVersion is the only version of TLS that the client speaks, such as 1.0.
	TLSVersion string
	// Insecure is whether the client takes any certificate.
	Insecure bool
	// Signed is whether a user of the account signs the request.
	Signed bool
	// Records is the type of the DNS records that the client asks for, instead of making a request.
	Records string
	// Times is how often the client asks without a pause; once if 0. What counts is the answer with the highest status.
	Times int
	// Updated is whether the client asks after a second deployment, of a later version of the program.
	Updated bool
	// FailedZone is an Availability Zone in which nothing answers.
	FailedZone string

	Compliant string // What the client of the compliant twin sees.
	Sees      string // What the client of the fault sees.
}

// String returns the question in words.
func (q Question) String() string {
	text := "`" + strings.TrimSpace(q.Method+" "+q.URL) + "`"
	if q.Records != "" {
		text = q.Records + " records of `" + q.URL + "`"
	}
	text = "from " + q.where() + ": " + text
	if q.To != "" {
		text += " at " + q.To
	}
	for _, name := range slices.Sorted(maps.Keys(q.Header)) {
		text += fmt.Sprintf(", with `%s: %s`", name, q.Header[name])
	}
	for _, extra := range []struct {
		is   bool
		text string
	}{
		{q.HTTP2, "by HTTP/2 only"},
		{q.TLSVersion != "", "by TLS " + q.TLSVersion + " only"},
		{q.Insecure, "with any certificate"},
		{q.Signed, "signed"},
		{q.Times > 1, fmt.Sprintf("%d times without a pause", q.Times)},
		{q.Updated, "after an update"},
		{q.FailedZone != "", "while " + q.FailedZone + " fails"},
	} {
		if extra.is {
			text += ", " + extra.text
		}
	}
	return text
}

// where returns where the client is, in words.
func (q Question) where() string {
	switch place, rest, _ := strings.Cut(q.From, " "); place {
	case "internet":
		return strings.TrimPrefix(rest+" on the internet", " on ")
	case "another-vpc":
		return "another VPC"
	case "on-premises":
		return "a network on premises"
	default:
		return q.From
	}
}

// Ask returns what the client sees of a network with a name, and the transcript.
func (q Question) Ask(ctx context.Context, w *live.World, network string) (saw, transcript string, err error) {
	if q.Records != "" {
		return q.dig(ctx, w, network)
	}
	call, err := q.call(w, network)
	if err != nil {
		return "", "", err
	}
	var worst *live.Result
	for range max(q.Times, 1) {
		result, err := w.Call(ctx, call)
		if err != nil {
			return "", "", err
		}
		if worst == nil || status(result) > status(worst) {
			worst = result
		}
	}
	var text strings.Builder
	err = worst.Transcript(&text)
	return sight(worst), text.String(), err
}

// status returns the status of an answer, or 0 if there is none.
func status(r *live.Result) int {
	if r.Response == nil {
		return 0
	}
	return r.Response.Status
}

// call returns the request.
func (q Question) call(w *live.World, network string) (call live.Call, err error) {
	call = live.Call{
		From: placeIn(network, q.From), Method: q.Method, Header: http.Header{},
		TLSVersion: q.TLSVersion, Signed: q.Signed, Insecure: q.Insecure,
	}
	if q.To != "" {
		call.ConnectTo = nameIn(network, q.To)
	}
	if q.HTTP2 {
		call.Protocol = "h2"
	}
	if call.URL, err = w.Fill(namesIn(network, q.URL)); err != nil {
		return call, err
	}
	for name, value := range q.Header {
		if value, err = w.Fill(namesIn(network, value)); err != nil {
			return call, err
		}
		call.Header.Set(name, value)
	}
	return call, nil
}

// dig returns what the client's resolver answers, and the transcript. Addresses are counted, because AWS chooses them.
func (q Question) dig(ctx context.Context, w *live.World, network string) (saw, transcript string, err error) {
	filled, err := w.Fill(namesIn(network, "https://"+q.URL))
	if err != nil {
		return "", "", err
	}
	name := strings.TrimPrefix(filled, "https://")
	answer, err := w.Dig(ctx, placeIn(network, q.From), name, dns.StringToType[q.Records])
	if err != nil {
		return "", "", err
	}
	var text strings.Builder
	err = answer.Transcript(&text)
	switch {
	case answer.Status == "NXDOMAIN":
		saw = unresolved
	case len(answer.Records) == 0:
		saw = "no " + q.Records + " record"
	case len(answer.Records) == 1:
		saw = "1 record"
	default:
		saw = fmt.Sprintf("%d records", len(answer.Records))
	}
	return saw, text.String(), err
}

// unresolved is what a client sees of a name that does not exist.
const unresolved = "the name does not resolve"

// placeIn returns a place, with the whole names of a network's resources.
func placeIn(network, place string) string {
	words := strings.Fields(place)
	for i, word := range words {
		_, err := netip.ParseAddr(word)
		if err != nil && !slices.Contains([]string{"internet", "on-premises", "another-vpc"}, word) {
			words[i] = nameIn(network, word)
		}
	}
	return strings.Join(words, " ")
}

// nameIn returns the whole name of a network's resource.
func nameIn(network, role string) string {
	if strings.HasPrefix(role, Common+"-") {
		return role
	}
	return network + "-" + role
}

var namePattern = regexp.MustCompile(`\$\{([^}]+)\}`)

// namesIn returns a text with the whole names of a network's resources.
func namesIn(network, text string) string {
	return namePattern.ReplaceAllStringFunc(text, func(match string) string {
		return "${" + nameIn(network, namePattern.FindStringSubmatch(match)[1]) + "}"
	})
}

// sight returns what a client saw, without IDs.
func sight(r *live.Result) string {
	switch {
	case r.Outcome == live.NameNotResolved:
		return unresolved
	case r.Outcome != live.Answered && strings.Contains(r.Error, "timed out"):
		return "time-out" // Load balancers pass on the packets of TCP connections, which may be lost behind them.
	case r.Outcome == live.TLSFailed:
		return "TLS fails"
	case r.Outcome == live.NoAnswer:
		return "the connection ends without an answer"
	case r.Outcome == live.NotConnected:
		return "no connection"
	}
	text := fmt.Sprint(r.Response.Status)
	if kind := r.Response.Header.Get("X-Amzn-Errortype"); kind != "" {
		text += " " + kind
	}
	if encoding := r.Response.Header.Get("Content-Encoding"); encoding == "gzip" {
		reader, err := gzip.NewReader(strings.NewReader(r.Response.Body))
		if err == nil {
			_, err = io.Copy(io.Discard, reader)
		}
		if err != nil {
			text += " with a body that is not gzip"
		}
	}
	return text
}
