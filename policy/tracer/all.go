package main

import (
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/trace"
)

// printAll prints who can reach which name of a stack: one line for each name and
// group of vantage points.
func printAll(out io.Writer, stack *model.Stack, asJSON bool) (status int, err error) {
	lines := reachability(stack)
	if asJSON {
		return exitDelivered, printJSON(out, lines)
	}
	for _, l := range lines {
		fmt.Fprintln(out, l)
	}
	return exitDelivered, nil
}

// reach is what clients at some vantage points reach by a name.
type reach struct {
	From    []string `json:"from"`
	Name    string   `json:"name"`
	Reached []string `json:"reached"`
	// Unknown is whether the state does not say what becomes of some requests.
	Unknown bool `json:"unknown,omitempty"`
	// Ends are how the other requests end.
	Ends []string `json:"ends,omitempty"`
}

// String returns the line for a name.
func (r reach) String() string {
	text := fmt.Sprintf("from %s: %s → ", strings.Join(r.From, ", "), r.Name)
	if len(r.Reached) == 0 {
		text += "nothing"
		if len(r.Ends) > 0 {
			text += " (" + strings.Join(r.Ends, ", ") + ")"
		}
	} else {
		text += strings.Join(r.Reached, ", ") + "; nothing else"
	}
	if r.Unknown {
		text = strings.TrimSuffix(text, "; nothing else") + "; the rest is not known"
	}
	return text
}

// reachability follows requests from every vantage point to every name.
func reachability(stack *model.Stack) []reach {
	var all []reach
	tracer, paths := trace.Of(stack), pathsOf(stack)
	for _, name := range namesOf(stack) {
		var ofName []reach
		for _, from := range vantagesOf(stack) {
			found := reachFrom(tracer, from, name, paths)
			same := slices.IndexFunc(ofName, func(r reach) bool {
				return slices.Equal(r.Reached, found.Reached) && slices.Equal(r.Ends, found.Ends) &&
					r.Unknown == found.Unknown
			})
			if same >= 0 {
				ofName[same].From = append(ofName[same].From, found.From...)
			} else {
				ofName = append(ofName, found)
			}
		}
		all = append(all, ofName...)
	}
	return all
}

// vantage is a place from which requests come: how a request names it, and how
// people do.
type vantage struct{ from, text string }

// vantagesOf returns the internet, each range of it that a security group admits,
// and each subnet of a stack.
func vantagesOf(stack *model.Stack) []vantage {
	all := []vantage{{"internet", "the internet"}}
	for _, r := range admittedRanges(stack) {
		all = append(all, vantage{"internet " + r.Addr().String(), r.String() + " on the internet"})
	}
	for _, s := range stack.Subnets {
		all = append(all, vantage{idOr(s.Element, s.NameInProgram), s.NameInProgram})
	}
	return all
}

// mostRanges limits the ranges from which requests are followed.
const mostRanges = 16

// admittedRanges returns the public ranges from which security groups admit
// clients, except the whole internet.
func admittedRanges(stack *model.Stack) []netip.Prefix {
	var ranges []netip.Prefix
	for _, g := range stack.SecurityGroups {
		for _, rule := range stack.RulesOf(g, model.Inbound) {
			for _, from := range rule.Sources {
				r, known := from.Range.Get()
				if known && r.Bits() > 0 && !r.Addr().IsPrivate() && !slices.Contains(ranges, r) {
					ranges = append(ranges, r)
				}
			}
		}
	}
	slices.SortFunc(ranges, func(a, b netip.Prefix) int { return a.Addr().Compare(b.Addr()) })
	return ranges[:min(len(ranges), mostRanges)]
}

// idOr returns the ID of an element, or another text if it has none yet.
func idOr(e model.Element, otherwise string) string {
	if id, known := e.ID.Get(); known {
		return id
	}
	return otherwise
}

// host is a name that clients may call: how a URL writes it, and how people do.
type host struct{ inURL, text string }

// namesOf returns the names that clients may call, each once: those of records,
// custom domains, endpoint services, APIs, endpoints and load balancers.
func namesOf(stack *model.Stack) []host {
	var all []host
	add := func(name model.Known[string]) {
		if text, known := name.Get(); known && text != "" {
			all = append(all, host{strings.ReplaceAll(text, "*", "any"), text})
		}
	}
	for _, r := range stack.Records {
		isHost := r.Type.Is(model.RecordA) || r.Type.Is(model.RecordAAAA) || r.Type.Is("CNAME")
		if isHost && r.ValidatesCertificate != model.True {
			add(r.Host)
		}
	}
	for _, d := range stack.Domains {
		add(d.Host)
	}
	for _, s := range stack.EndpointServices {
		add(s.PrivateName)
	}
	addElement := func(kind string, e model.Element) {
		all = append(all, host{"${" + idOr(e, e.NameInProgram) + "}", kind + " " + e.Name})
	}
	for _, api := range stack.RestAPIs {
		addElement("the default name of API", api.Element)
	}
	for _, api := range stack.HTTPAPIs {
		addElement("the default name of API", api.Element)
	}
	for _, e := range stack.Endpoints {
		addElement("the name of endpoint", e.Element)
	}
	for _, lb := range stack.LoadBalancers {
		addElement("the name of load balancer", lb.Element)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(h host) bool {
		had := seen[h.inURL]
		seen[h.inURL] = true
		return had
	})
}

// call is a method and a path.
type call struct{ method, path string }

// mostCalls limits the calls that are tried for each name.
const mostCalls = 64

// pathsOf returns the calls that the APIs of a stack may answer, with and without
// the names of stages, and the call of the root.
func pathsOf(stack *model.Stack) []call {
	prefixes := []string{""}
	for _, s := range stack.Stages {
		if name, known := s.StageName.Get(); known && name != "$default" {
			prefixes = append(prefixes, "/"+name)
		}
	}
	calls := []call{{"GET", "/"}}
	add := func(verb, path string) {
		if verb == "ANY" || verb == "" {
			verb = "GET"
		}
		path = "/" + strings.TrimPrefix(strings.NewReplacer("{", "", "}", "", "+", "").Replace(path), "/")
		for _, prefix := range prefixes {
			if c := (call{verb, prefix + path}); len(calls) < mostCalls && !slices.Contains(calls, c) {
				calls = append(calls, c)
			}
		}
	}
	for _, m := range stack.Methods {
		verb, knownVerb := m.Verb.Get()
		if path, known := m.Path.Get(); known && knownVerb {
			add(verb, path)
		}
	}
	for _, r := range stack.Routes {
		if key, known := r.Key.Get(); known && !strings.HasPrefix(key, "$") {
			verb, path, _ := strings.Cut(key, " ")
			add(verb, path)
		}
	}
	return calls
}

// reachFrom follows the calls from a vantage point to a name. The requests are
// signed and have a key, and the endpoints' own names are called over HTTPS.
func reachFrom(tracer *trace.Tracer, from vantage, to host, calls []call) reach {
	found := reach{From: []string{from.text}, Name: to.text, Reached: []string{}}
	for _, c := range calls {
		ways, err := tracer.Trace(model.Request{
			From: from.from, Method: c.method, URL: "https://" + to.inURL + c.path, Signed: true, APIKey: true,
		})
		if err != nil {
			found.Unknown = true
			continue
		}
		for _, way := range ways {
			found.add(way)
		}
	}
	slices.Sort(found.Reached)
	slices.Sort(found.Ends)
	return found
}

// add adds how a way ends.
func (r *reach) add(way trace.Trace) {
	switch way.Disposition {
	case trace.Delivered:
		if !slices.Contains(r.Reached, way.By.Name) {
			r.Reached = append(r.Reached, way.By.Name)
		}
	case trace.InsufficientInfo:
		r.Unknown = true
	default:
		if end := string(way.Disposition); !slices.Contains(r.Ends, end) {
			r.Ends = append(r.Ends, end)
		}
	}
}
