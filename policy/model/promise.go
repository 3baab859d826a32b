package model

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Promise says what must happen to a request, or what must not. A component of a
// program makes promises about its own network.
type Promise struct {
	// Element is the component that makes the promise. It is the zero Element for a promise in a configuration.
	Element
	Request
	// Expect is how the request must end: delivered, refused, or a disposition of package trace.
	Expect string
	// By is the name of the element that must answer or refuse the request. If it is empty, any element may.
	By string
	// Stacks are the stacks that the promise is about: their names, or PROJECT/STACK. If there are none, it is about
	// every stack.
	Stacks []string
	// Unknown is whether a part of the promise is not known yet. Then the other fields say nothing.
	Unknown bool
	// Problem is what is wrong with the promise. If it is not empty, the other fields say nothing.
	Problem string
}

// Request is what a client asks for, and from where. URL and Headers may name
// resources of the stack: ${NAME} stands for the ID of the resource with that name
// in the program, or for its DNS name if it is the whole host of the URL.
type Request struct {
	// From is the vantage point: internet; internet and an address; the name or the ID of a subnet, a VPC, a
	// function or an instance; an address; or api-gateway.
	From string
	// Groups are names or IDs of the security groups of a client in a subnet or a VPC.
	Groups []string
	// Private is whether a client in a subnet or a VPC has no public IPv4 address. Otherwise it may have one.
	Private bool
	// Method is the HTTP method. If it is empty, it is GET.
	Method string
	// URL begins with https:// or http://.
	URL     string
	Headers map[string]string
	// ConnectTo is the name of the element to which the client connects without a lookup in DNS. If it is internet,
	// the client connects to a server on the internet that is not in the stack.
	ConnectTo string
	// Server is what the servers of the stack speak: https or http, with [WithProxy] at the end if each connection to
	// them begins with a PROXY header. The stack does not say that. If Server is empty, they understand everything.
	Server string
	// ServerMethod is the HTTP method with which the server behind API Gateway must get the request, in upper case. If
	// it is empty, any will do.
	ServerMethod string
	// Protocol is the only version of HTTP that will do: h2 or http/1.1. If it is empty, the client offers both.
	Protocol string
	// IPVersion is 4 or 6. If it is 0, the client takes every address that it finds.
	IPVersion int
	// Signed is whether an IAM identity of the stack's account has signed the request.
	Signed bool
	// Foreign is whether an IAM identity of another account has signed it. It is of an account that the resource policy
	// admits, if the policy admits one. If the policy admits only some identities of that account, such as a role,
	// it is not known whether it is one of them.
	Foreign bool
	// APIKey is whether the request has a valid API key.
	APIKey bool
}

// WithProxy ends the Server of a request whose servers want a PROXY header.
const WithProxy = "+proxy"

// String returns the request in a line that tells it from other requests.
func (r Request) String() string {
	var with, over []string
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		with = append(with, name+" "+r.Headers[name])
	}
	if r.Signed {
		with = append(with, "a signature")
	}
	if r.Foreign {
		with = append(with, "a signature of another account")
	}
	if r.APIKey {
		with = append(with, "an API key")
	}
	if r.Protocol != "" {
		over = append(over, r.Protocol)
	}
	if r.IPVersion != 0 {
		over = append(over, fmt.Sprintf("IPv%d", r.IPVersion))
	}
	from := r.From
	if r.Private {
		from += " without a public address"
	}
	text := r.Verb() + " " + r.URL
	for _, part := range []struct{ word, of string }{
		{"with", strings.Join(with, ", ")}, {"connected to", r.ConnectTo}, {"from", from},
		{"in group", strings.Join(r.Groups, ", ")}, {"over", strings.Join(over, " and ")},
	} {
		if part.of != "" {
			text += " " + part.word + " " + part.of
		}
	}
	if r.Server != "" {
		text += ", where servers speak " + r.Server
	}
	if r.ServerMethod != "" {
		text += ", as " + r.ServerMethod + " at the server"
	}
	return text
}

// Verb returns the HTTP method in upper case.
func (r Request) Verb() string {
	if r.Method == "" {
		return "GET"
	}
	return strings.ToUpper(r.Method)
}

// Words of a promise for how a request ends.
const (
	ExpectDelivered = "delivered"
	ExpectRefused   = "refused" // Anything but delivered.
)

// promiseShape shows what a promise looks like, for messages.
const promiseShape = `{"from": "internet", "request": "GET https://api.example.com/hello", "expect": "delivered"}`

// promiseKeys reads each key of a promise. An error says what would be accepted.
var promiseKeys = map[string]func(*Promise, any) error{
	"from":      func(p *Promise, v any) error { return readText(&p.From, v) },
	"groups":    func(p *Promise, v any) error { return readTexts(&p.Groups, v) },
	"request":   (*Promise).readRequest,
	"headers":   (*Promise).readHeaders,
	"connectTo": func(p *Promise, v any) error { return readText(&p.ConnectTo, v) },
	"server": func(p *Promise, v any) error {
		return readOneOf(&p.Server, v, "https", "http", "https"+WithProxy, "http"+WithProxy)
	},
	"serverMethod": func(p *Promise, v any) error {
		err := readText(&p.ServerMethod, v)
		p.ServerMethod = strings.ToUpper(p.ServerMethod)
		return err
	},
	"protocol":  func(p *Promise, v any) error { return readOneOf(&p.Protocol, v, "h2", "http/1.1") },
	"private":   func(p *Promise, v any) error { return readFlag(&p.Private, v) },
	"signed":    func(p *Promise, v any) error { return readFlag(&p.Signed, v) },
	"foreign":   func(p *Promise, v any) error { return readFlag(&p.Foreign, v) },
	"apiKey":    func(p *Promise, v any) error { return readFlag(&p.APIKey, v) },
	"ipVersion": func(p *Promise, v any) error { return readVersion(&p.IPVersion, v) },
	"expect":    func(p *Promise, v any) error { return readText(&p.Expect, v) },
	"by":        func(p *Promise, v any) error { return readText(&p.By, v) },
	"stack":     (*Promise).readStacks,
}

// ParsePromise reads a promise in the shape that JSON decoding gives it. The error
// names the key, the value and what would be accepted. It does not ask whether
// Expect is a disposition.
func ParsePromise(given any) (Promise, error) {
	var p Promise
	members, isObject := given.(map[string]any)
	if !isObject {
		return p, fmt.Errorf("is %v; want an object such as %s", given, promiseShape)
	}
	for _, key := range slices.Sorted(maps.Keys(members)) {
		read, known := promiseKeys[key]
		if !known {
			return p, fmt.Errorf("%s = %s: want one of the keys %s", key, quoted(members[key]),
				strings.Join(slices.Sorted(maps.Keys(promiseKeys)), ", "))
		}
		if err := read(&p, members[key]); err != nil {
			return p, fmt.Errorf("%s = %s: %w", key, quoted(members[key]), err)
		}
	}
	for _, key := range []string{"expect", "from", "request"} {
		if _, given := members[key]; !given {
			return p, fmt.Errorf("%s is missing; want an object such as %s", key, promiseShape)
		}
	}
	if p.By != "" && p.Expect == ExpectRefused {
		return p, fmt.Errorf("by = %q: want it only if expect is %s or a disposition", p.By, ExpectDelivered)
	}
	return p, nil
}

// quoted returns a value for messages.
func quoted(v any) string {
	if text, isText := v.(string); isText {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprint(v)
}

// readText reads a text that is not empty.
func readText(to *string, v any) error {
	text, isText := v.(string)
	if !isText || text == "" {
		return fmt.Errorf("want a text")
	}
	*to = text
	return nil
}

// readOneOf reads one of several texts.
func readOneOf(to *string, v any, accepted ...string) error {
	text, isText := v.(string)
	if !isText || !slices.Contains(accepted, text) {
		return fmt.Errorf("want %s", strings.Join(accepted, " or "))
	}
	*to = text
	return nil
}

// readTexts reads a list of texts.
func readTexts(to *[]string, v any) error {
	items, isList := v.([]any)
	if !isList {
		return fmt.Errorf("want a list of texts")
	}
	for _, item := range items {
		text := ""
		if err := readText(&text, item); err != nil {
			return fmt.Errorf("want a list of texts")
		}
		*to = append(*to, text)
	}
	return nil
}

// readFlag reads true or false.
func readFlag(to *bool, v any) error {
	flag, isFlag := v.(bool)
	if !isFlag {
		return fmt.Errorf("want true or false")
	}
	*to = flag
	return nil
}

// readVersion reads an IP version.
func readVersion(to *int, v any) error {
	if v != 4.0 && v != 6.0 {
		return fmt.Errorf("want 4 or 6")
	}
	*to = int(v.(float64))
	return nil
}

// readRequest reads a URL, with or without a method before it.
func (p *Promise) readRequest(v any) error {
	text, _ := v.(string)
	words := strings.Fields(text)
	switch {
	case len(words) == 2 && strings.Contains(words[1], "://"):
		p.Method, p.URL = words[0], words[1]
	case len(words) == 1 && strings.Contains(words[0], "://"):
		p.URL = words[0]
	default:
		return fmt.Errorf("want a URL, or a method and a URL such as %q", "GET https://api.example.com/hello")
	}
	return nil
}

// readHeaders reads the headers of a request.
func (p *Promise) readHeaders(v any) error {
	members, isObject := v.(map[string]any)
	if !isObject {
		return fmt.Errorf("want an object with the texts of headers, such as %s", `{"Host": "api.example.com"}`)
	}
	p.Headers = map[string]string{}
	for name, value := range members {
		text, isText := value.(string)
		if !isText {
			return fmt.Errorf("want a text for %s", name)
		}
		p.Headers[name] = text
	}
	return nil
}

// readStacks reads the name of a stack, or a list of names.
func (p *Promise) readStacks(v any) error {
	if _, isText := v.(string); isText {
		v = []any{v}
	}
	if readTexts(&p.Stacks, v) != nil || len(p.Stacks) == 0 {
		return fmt.Errorf("want a stack such as dev or shop/dev, or a list of stacks")
	}
	for _, name := range p.Stacks {
		if strings.Count(name, "/") > 1 {
			return fmt.Errorf("want STACK or PROJECT/STACK, without an organization")
		}
	}
	return nil
}

// IsAbout reports whether the promise is about a stack.
func (p Promise) IsAbout(s *Stack) bool {
	if len(p.Stacks) == 0 {
		return true
	}
	if len(s.order.urns) == 0 {
		return false
	}
	parts := strings.Split(strings.TrimPrefix(s.order.urns[0], "urn:pulumi:"), "::")
	return slices.Contains(p.Stacks, parts[0]) ||
		len(parts) > 1 && slices.Contains(p.Stacks, parts[1]+"/"+parts[0])
}
