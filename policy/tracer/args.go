package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"

	"private-api-blueprints/policy/model"
)

const usage = `Usage:
  trace [flags] URL                follow a request
  trace [flags] --all              list who can reach which name of the stack
  trace [flags] explain RULE URN   say what a rule says about a resource; URN may be its name

Flags:
`

// command is what a command line asks for.
type command struct {
	state     string
	request   model.Request
	all, json bool
	rule, urn string
}

// parseArgs reads a command line. It returns nil if that only asks for help, which
// is then printed.
func parseArgs(args []string, help io.Writer) (*command, error) {
	c := &command{request: model.Request{Headers: map[string]string{}}}
	v4, v6 := false, false
	flags := c.flags(&v4, &v6)
	var words []string
	for rest := args; ; {
		if err := flags.Parse(rest); errors.Is(err, flag.ErrHelp) {
			fmt.Fprint(help, usage)
			flags.SetOutput(help)
			flags.PrintDefaults()
			return nil, nil
		} else if err != nil {
			return nil, err
		}
		if flags.NArg() == 0 {
			break
		}
		words, rest = append(words, flags.Arg(0)), flags.Args()[1:]
	}
	if v4 && v6 {
		return nil, errors.New("want -4 or -6, not both")
	}
	if v4 {
		c.request.IPVersion = 4
	} else if v6 {
		c.request.IPVersion = 6
	}
	return c, c.take(words)
}

// take reads the words of a command line that are no flags.
func (c *command) take(words []string) error {
	explains := len(words) > 0 && words[0] == "explain"
	switch {
	case explains && len(words) == 3:
		c.rule, c.urn = words[1], words[2]
	case explains:
		return errors.New("explain: want a rule and the URN or the name of a resource")
	case c.all && len(words) > 0:
		return fmt.Errorf("--all: want no URL, and got %s", strings.Join(words, " "))
	case c.all:
	case len(words) == 1:
		c.request.URL = words[0]
	default:
		return fmt.Errorf("want one URL, --all, or explain RULE URN; got %q (--help lists the flags)",
			strings.Join(words, " "))
	}
	return nil
}

// flags returns the flags of the command.
func (c *command) flags(v4, v6 *bool) *flag.FlagSet {
	flags := flag.NewFlagSet("trace", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	r := &c.request
	flags.StringVar(&c.state, "state", "-", "the `file` that pulumi stack export wrote, or - for the standard input")
	flags.StringVar(&r.From, "from", "internet", "where the client is: internet, \"internet 192.0.2.1\", an address, "+
		"api-gateway, or the name or ID of a subnet, a VPC or a function")
	flags.StringVar(&r.Method, "method", "GET", "the HTTP `method`")
	flags.Func("header", "a header such as `'Host: api.example.com'`; may be repeated", func(text string) error {
		name, value, found := strings.Cut(text, ":")
		if !found || strings.TrimSpace(name) == "" {
			return errors.New(`want a header such as "Host: api.example.com"`)
		}
		r.Headers[strings.TrimSpace(name)] = strings.TrimSpace(value)
		return nil
	})
	flags.Func("group", "the name or ID of a security `group` of the client; may be repeated", func(text string) error {
		r.Groups = append(r.Groups, text)
		return nil
	})
	flags.StringVar(&r.ConnectTo, "connect-to", "", "the `name` of the resource to connect to without asking DNS, or "+
		"internet for a server that is not in the stack")
	flags.BoolFunc("http2", "only HTTP/2 will do", func(string) error { r.Protocol = "h2"; return nil })
	flags.BoolFunc("http1.1", "only HTTP/1.1 will do", func(string) error { r.Protocol = "http/1.1"; return nil })
	flags.BoolVar(v4, "4", false, "use only IPv4")
	flags.BoolVar(v6, "6", false, "use only IPv6")
	flags.BoolVar(&r.Signed, "signed", false, "an IAM identity of the stack's account signs the request")
	flags.BoolVar(&r.Foreign, "foreign", false, "an IAM identity of another account signs the request")
	flags.BoolVar(&r.APIKey, "api-key", false, "the request has a valid API key")
	flags.BoolVar(&c.all, "all", false, "list who can reach which name of the stack")
	flags.BoolVar(&c.json, "json", false, "print JSON")
	return flags
}
