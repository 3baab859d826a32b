package live

import (
	"context"
	"fmt"
	"io"
	"strings"

	miekg "github.com/miekg/dns"

	"private-api-blueprints/sandbox/live/dns"
)

// Answer is what a resolver answered.
type Answer struct {
	Question string    `json:"question"` // Name and type.
	Status   string    `json:"status"`   // Such as NOERROR or NXDOMAIN.
	Records  []string  `json:"records"`
	Hops     []dns.Hop `json:"hops"` // Who answered, one for each name on the way.
}

// Dig asks the resolver of a place about a name. The error says what is wrong with the question, or that nobody
// answers.
func (w *World) Dig(ctx context.Context, from, name string, kind uint16) (*Answer, error) {
	place, err := w.Place(from)
	if err != nil {
		return nil, err
	}
	found, err := w.Resolver(place).Lookup(ctx, name, kind)
	if err != nil {
		return nil, err
	}
	answer := &Answer{
		Question: miekg.Fqdn(name) + " " + miekg.TypeToString[kind], Status: miekg.RcodeToString[found.Rcode],
		Records: []string{}, Hops: found.Hops,
	}
	for _, record := range found.Records {
		answer.Records = append(answer.Records, strings.ReplaceAll(record.String(), "\t", " "))
	}
	return answer, nil
}

// Transcript prints an answer as dig would, and who answered.
func (a *Answer) Transcript(w io.Writer) error {
	var text strings.Builder
	fmt.Fprintf(&text, ";; %s: %s\n", a.Question, a.Status)
	for _, hop := range a.Hops {
		fmt.Fprintf(&text, ";; %s: %s\n", hop.Name, hop.Text)
	}
	for _, record := range a.Records {
		fmt.Fprintln(&text, record)
	}
	_, err := io.WriteString(w, text.String())
	return err
}
