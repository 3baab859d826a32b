package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/miekg/dns"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"private-api-blueprints/sandbox"
	"private-api-blueprints/sandbox/live"
)

// asked holds the flags of the commands that ask what is deployed.
type asked struct {
	call       live.Call
	headers    []string
	data       string
	hasData    bool // Whether --data is given, perhaps with an empty text.
	http2      bool
	ipv4, ipv6 bool
	json       bool
}

// calls returns the command `sandbox call`.
func (inv *invocation) calls() *cobra.Command {
	var a asked
	cmd := &cobra.Command{
		Use:   "call [URL]",
		Short: "Make a request to what is deployed, and show what happens to it",
		Long: `Call makes a request to what is deployed in the sandbox, and shows what happens to
it. What the network lets through is simulated; DNS, TLS, HTTP and the function
are real. Without a URL it makes the requests that the stack promises.

The exit status is 0 if the request is answered, or if all promises are kept, and
1 otherwise.`,
		Example: `  sandbox call
  sandbox call --from 'internet 192.0.2.128' https://api.example.com/hello
  sandbox call --data '{"size": 2}' --header 'Content-Type: application/json' https://api.example.com/orders
  sandbox call --from static-ip-vpc-private-1 --header 'Host: api.example.com' https://10.0.10.19/`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			a.hasData = cmd.Flags().Changed("data")
			if flag := ofOneRequest(cmd.Flags()); flag != "" && len(args) == 0 {
				return fmt.Errorf("--%s without a URL: want the URL of the one request that it is about", flag)
			}
			if err := a.complete(args, cmd.InOrStdin()); err != nil {
				return err
			}
			return inv.inWorld(cmd.Context(), func(ctx context.Context, w *live.World) error {
				if len(args) == 0 {
					return inv.callPromises(ctx, w, a.json)
				}
				return a.make(ctx, w, inv.options.Stdout)
			})
		},
	}
	a.addFlags(cmd)
	inv.addFailedZoneFlag(cmd)
	inv.addWorldFlags(cmd)
	return cmd
}

// ofOneRequest returns a flag that is given and is not about all requests of a stack, or nothing.
func ofOneRequest(flags *pflag.FlagSet) (name string) {
	flags.Visit(func(f *pflag.Flag) {
		if !slices.Contains([]string{"failed-zone", "json", "stack", "state"}, f.Name) {
			name = f.Name
		}
	})
	return name
}

// addFlags adds the flags that say which request to make.
func (a *asked) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&a.call.From, "from", "internet", "the `place` of the client: internet, which is a client whom no "+
		"list of ranges names, on-premises, an address, or the name or ID of a VPC, a subnet, an instance or a "+
		"function; addresses of the client and security groups may follow")
	flags.StringVar(&a.call.Method, "method", "", "the HTTP `method` (default GET, or POST with --data)")
	flags.StringArrayVar(&a.headers, "header", nil, "a `header`, such as 'Host: api.example.com'; repeatable")
	flags.StringVar(&a.data, "data", "",
		"the `body`; @FILE is the content of a file, and - or @- that of standard input")
	flags.StringVar(&a.call.ConnectTo, "connect-to", "", "the `object` to connect to without asking DNS")
	flags.BoolVar(&a.http2, "http2", false, "accept only HTTP/2")
	flags.StringVar(&a.call.TLSVersion, "tls", "", "the only `version` of TLS to speak, such as 1.2")
	flags.BoolVarP(&a.ipv4, "ipv4", "4", false, "use IPv4 only")
	flags.BoolVarP(&a.ipv6, "ipv6", "6", false, "use IPv6 only")
	flags.BoolVar(&a.call.Signed, "signed", false, "sign the request as a user of the account")
	flags.BoolVar(&a.call.Foreign, "foreign", false, "sign the request as a user of another account")
	flags.BoolVar(&a.json, "json", false, "print JSON")
	cmd.MarkFlagsMutuallyExclusive("ipv4", "ipv6")
	cmd.MarkFlagsMutuallyExclusive("signed", "foreign")
}

// addFailedZoneFlag adds the flag of the commands that ask about a failed zone.
func (inv *invocation) addFailedZoneFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&inv.failedZone, "failed-zone", "",
		"an Availability `zone` in which nothing answers, such as us-east-1a")
}

// addWorldFlags adds the flags of the commands that read what is deployed.
func (inv *invocation) addWorldFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&inv.options.Stack, "stack", "", "the stack's `name`, whose promises are meant")
	inv.addStateFlag(cmd)
}

// complete reads what flags and arguments say in other words.
func (a *asked) complete(args []string, stdin io.Reader) error {
	if len(args) > 0 {
		a.call.URL = args[0]
	}
	switch {
	case a.ipv4:
		a.call.IPVersion = 4
	case a.ipv6:
		a.call.IPVersion = 6
	}
	if a.http2 {
		a.call.Protocol = "h2"
	}
	a.call.Header = http.Header{}
	for _, header := range a.headers {
		name, value, found := strings.Cut(header, ":")
		if !found || strings.TrimSpace(name) == "" {
			return fmt.Errorf("--header %q: want NAME: VALUE", header)
		}
		a.call.Header.Add(strings.TrimSpace(name), strings.TrimSpace(value))
	}
	if !a.hasData {
		return nil
	}
	return a.completeBody(stdin)
}

// completeBody reads the body. As with curl, a request with one is a POST of a form unless flags say otherwise.
func (a *asked) completeBody(stdin io.Reader) (err error) {
	if a.call.Method == "" {
		a.call.Method = http.MethodPost
	}
	if a.call.Header.Get("Content-Type") == "" {
		a.call.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	file, isFile := strings.CutPrefix(a.data, "@")
	switch {
	case a.data == "-" || a.data == "@-":
		a.call.Body, err = io.ReadAll(stdin)
	case isFile:
		a.call.Body, err = os.ReadFile(file)
	default:
		a.call.Body = []byte(a.data)
	}
	if err != nil {
		err = fmt.Errorf("--data %q: %w", a.data, err)
	}
	return err
}

// inWorld opens the world of what is deployed, and calls do with it. Nothing that do prints shows a secret. It takes no
// lock, so that it can run during an up.
func (inv *invocation) inWorld(ctx context.Context, do func(context.Context, *live.World) error) (err error) {
	inv.began = true
	if err := inv.locate(); err != nil {
		return err
	}
	options := sandbox.World(inv.options.Root, inv.options.StateDir)
	options.FailedZone = inv.failedZone
	w, err := live.Open(ctx, options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	inv.options.Stdout = w.WithoutSecrets(inv.options.Stdout)
	return w.Redacted(do(ctx, w))
}

// make makes one call and prints it.
func (a *asked) make(ctx context.Context, w *live.World, out io.Writer) error {
	result, err := w.Call(ctx, a.call)
	if err != nil {
		return err
	}
	if err := show(out, result, a.json); err != nil {
		return err
	}
	if result.Outcome != live.Answered {
		return &sandbox.ExitError{Code: 1}
	}
	return nil
}

// show prints a result.
func show(out io.Writer, result *live.Result, asJSON bool) error {
	if asJSON {
		return printJSON(out, result)
	}
	return result.Transcript(out)
}

// printJSON prints a value as JSON.
func printJSON(out io.Writer, value any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}

// tried is a promise with what happened to its request.
type tried struct {
	Promise live.Promise `json:"promise"`
	Kept    bool         `json:"kept"`
	Result  *live.Result `json:"result,omitempty"`
	Error   string       `json:"error,omitempty"` // Why the request could not be made.
}

// callPromises makes the requests that the stack promises, and prints those that must arrive in full.
func (inv *invocation) callPromises(ctx context.Context, w *live.World, asJSON bool) error {
	promises, err := sandbox.Promises(inv.options.StateDir, inv.options.Stack)
	if err != nil {
		return err
	}
	var all []tried
	broken := 0
	for _, promise := range promises {
		t := tried{Promise: promise}
		if t.Result, err = w.Try(ctx, promise); err != nil {
			t.Error = err.Error()
		} else {
			t.Kept = promise.Kept(t.Result)
		}
		if !t.Kept && t.Error == "" {
			broken++
		}
		all = append(all, t)
	}
	if asJSON {
		err = printJSON(inv.options.Stdout, all)
	} else {
		err = printTried(inv.options.Stdout, all)
	}
	if err == nil && broken > 0 {
		err = &sandbox.ExitError{Code: 1}
	}
	return err
}

// printTried prints the transcripts of the requests that must arrive, and a line for each of the others.
func printTried(out io.Writer, all []tried) error {
	for _, t := range all {
		if !t.Promise.Delivered() || t.Result == nil {
			continue
		}
		fmt.Fprintf(out, "From %s:\n", t.Promise.From)
		if err := t.Result.Transcript(out); err != nil {
			return err
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintln(out, "What must not arrive, and what cannot be tried:")
	for _, t := range all {
		switch {
		case t.Error != "":
			fmt.Fprintf(out, "? %s from %s: %s\n", t.Promise.Request, t.Promise.From, t.Error)
		case !t.Promise.Delivered() || !t.Kept:
			fmt.Fprintf(out, "%s %s from %s: %s\n", mark(t.Kept), t.Result.Request, t.Promise.From, t.Result.Summary())
		}
	}
	return nil
}

// mark returns the sign of a promise that is kept or broken.
func mark(kept bool) string {
	if kept {
		return "*"
	}
	return "x"
}

// dig returns the command `sandbox dig`.
func (inv *invocation) dig() *cobra.Command {
	var from string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "dig NAME [TYPE]",
		Short: "Ask the resolver of a place about a name",
		Long: `Dig asks the resolver of a place about a name, and shows which zone or endpoint
answered. The exit status is 0 if there are records, and 1 otherwise.`,
		Example: `  sandbox dig api.example.com
  sandbox dig --from static-ip-vpc-private-1 api.example.com AAAA`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) error {
			kind := dns.TypeA
			if len(args) == 2 {
				var known bool
				if kind, known = dns.StringToType[strings.ToUpper(args[1])]; !known {
					return fmt.Errorf("TYPE = %q: want a type of DNS records, such as A, AAAA or TXT", args[1])
				}
			}
			return inv.inWorld(cmd.Context(), func(ctx context.Context, w *live.World) error {
				answer, err := w.Dig(ctx, from, args[0], kind)
				if err != nil {
					return err
				}
				if asJSON {
					err = printJSON(inv.options.Stdout, answer)
				} else {
					err = answer.Transcript(inv.options.Stdout)
				}
				if err == nil && len(answer.Records) == 0 {
					err = &sandbox.ExitError{Code: 1}
				}
				return err
			})
		},
	}
	cmd.Flags().StringVar(&from, "from", "internet", "the `place` of the client, as for sandbox call")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	inv.addFailedZoneFlag(cmd)
	inv.addWorldFlags(cmd)
	return cmd
}
