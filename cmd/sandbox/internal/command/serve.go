package command

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"private-api-blueprints/sandbox"
	"private-api-blueprints/sandbox/live"
)

// serve returns the command `sandbox serve`.
func (inv *invocation) serve() *cobra.Command {
	var places []string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Let your own tools reach what is deployed, through DNS and a proxy on loopback",
		Long: `Serve starts a DNS server and an HTTP proxy for each place of a client, on
loopback only, and prints lines for dig and curl that use them. It answers what
the account holds now: it notices an up, which may run at the same time. It ends
on an interrupt (Ctrl-C).`,
		Example: `  sandbox serve
  sandbox serve --from 'internet 192.0.2.128' --from static-ip-vpc-private-1`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			inv.began = true
			if err := inv.locate(); err != nil {
				return err
			}
			return inv.serveAt(cmd.Context(), places)
		},
	}
	cmd.Flags().StringArrayVar(&places, "from", nil, "the `place` of the client, as for sandbox call; repeatable "+
		"(default the places whose requests must arrive, and the internet)")
	inv.addWorldFlags(cmd)
	return cmd
}

// serveAt serves places until the context ends.
func (inv *invocation) serveAt(ctx context.Context, places []string) error {
	promises, err := sandbox.Promises(inv.options.StateDir, inv.options.Stack)
	if err != nil {
		return err
	}
	promises = slices.DeleteFunc(promises, func(p live.Promise) bool { return !p.Delivered() || p.Foreign })
	if places == nil {
		places = placesOf(promises)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop() // After an error.
	current, err := live.Follow(ctx, sandbox.World(inv.options.Root, inv.options.StateDir),
		func(message string) { fmt.Fprintf(inv.options.Stderr, "sandbox: %s\n", message) })
	if err != nil {
		return err
	}
	defer current.Wait()
	defer stop()
	for _, place := range places {
		front, err := current.Serve(ctx, place)
		if err != nil {
			return err
		}
		defer front.Wait()
		defer stop()
		if err := inv.printLines(current, front, promises); err != nil {
			return err
		}
	}
	fmt.Fprintln(inv.options.Stdout, "Serving until you interrupt it (Ctrl-C). Use the lines in another terminal.")
	<-ctx.Done()
	return nil
}

// placesOf returns the places of the clients of promises, and the internet.
func placesOf(promises []live.Promise) []string {
	var places []string
	for _, p := range append(promises, live.Promise{From: "internet"}) {
		if !slices.Contains(places, p.From) {
			places = append(places, p.From)
		}
	}
	return places
}

// printLines prints the lines for a place: those of the first request that must arrive from there, otherwise of the
// first one at all.
func (inv *invocation) printLines(current *live.Current, front *live.Front, promises []live.Promise) error {
	w, done := current.Use()
	defer done()
	out := w.WithoutSecrets(inv.options.Stdout)
	fmt.Fprintf(out, "From %s, through DNS at %s and the proxy at %s:\n", front.From, front.DNS, front.Proxy)
	i := slices.IndexFunc(promises, func(p live.Promise) bool { return p.From == front.From })
	if i < 0 {
		fmt.Fprintln(out, "  (the stack promises no answer to clients from here)")
		i = 0
	}
	if len(promises) == 0 {
		_, err := fmt.Fprintln(out)
		return err
	}
	promise := promises[i]
	lines, err := w.Lines(promise, front, short(filepath.Join(inv.options.StateDir, "ca.pem")))
	if err != nil {
		return w.Redacted(err)
	}
	_, err = io.WriteString(out, "  "+strings.Join(lines, "\n  ")+"\n\n")
	return err
}

// short returns the path of a file relative to the working directory, if that is shorter.
func short(path string) string {
	here, err := os.Getwd()
	if err != nil {
		return path
	}
	relative, err := filepath.Rel(here, path)
	if err != nil || len(relative) >= len(path) {
		return path
	}
	return relative
}
