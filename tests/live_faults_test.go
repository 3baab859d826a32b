package tests

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/catalog"
	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live"
	"private-api-blueprints/tests/faults"
)

// sights are what clients of one network saw, by question.
type sights map[string]string

// look asks the questions of clients about the network of each fault, by the fault's name. Each network is alone in its
// world, because the networks use the same names.
func (n *networks) look() map[string]sights {
	n.t.Helper()
	text, err := os.ReadFile(filepath.Join(n.options.StateDir, "aws.json"))
	require.NoError(n.t, err)
	var objects []cloud.Object
	require.NoError(n.t, json.Unmarshal(text, &objects))
	seen := map[string]sights{}
	for _, f := range n.list {
		seen[f.Name] = lookAt(n.t, f.Name, objects)
	}
	return seen
}

// lookAt asks the questions about one network.
func lookAt(t *testing.T, network string, all []cloud.Object) sights {
	t.Helper()
	var objects []cloud.Object
	for _, o := range all {
		if o.URN == "" || strings.Contains(o.URN, "::"+network+"-") {
			objects = append(objects, o)
		}
	}
	text, err := json.Marshal(objects)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "aws.json")
	require.NoError(t, os.WriteFile(file, text, 0o600))
	w, err := live.Open(t.Context(), live.Options{Account: file, Built: absolute(t, "bin")})
	require.NoError(t, err)
	defer func() { assert.NoError(t, w.Close()) }()
	account, err := cloud.Open(file, catalog.New())
	require.NoError(t, err)
	seen := sights{}
	for _, q := range questions(network, account.Objects()) {
		result, err := w.Call(t.Context(), q.Call)
		if assert.NoError(t, err, q.text) {
			seen[q.text] = sight(result)
		}
	}
	return seen
}

// question is a call of a client, in words without IDs.
type question struct {
	live.Call
	text string
}

// questions returns what clients in the internet and in each subnet of a network ask: everything that has a name, by
// HTTP/1.1 and HTTP/2, without and with a signature.
func questions(network string, objects []cloud.Object) (all []question) {
	places := map[string]string{"the internet": "internet"}
	for _, o := range objects {
		if name, own := strings.CutPrefix(o.URN[strings.LastIndex(o.URN, ":")+1:], network+"-"); own &&
			o.Type == "aws:ec2/subnet:Subnet" {
			places["subnet "+name] = o.ID
		}
	}
	urls := urlsOf(network, objects)
	for _, place := range slices.Sorted(maps.Keys(places)) {
		for _, name := range slices.Sorted(maps.Keys(urls)) {
			call := live.Call{From: places[place], URL: urls[name]}
			ask := func(how string, c live.Call) {
				all = append(all, question{c, fmt.Sprintf("from %s, %s%s", place, name, how)})
			}
			ask("", call)
			signed, http2 := call, call
			signed.Signed, http2.Protocol = true, "h2"
			ask(", signed", signed)
			ask(", by HTTP/2 only", http2)
		}
	}
	return all
}

// urlsOf returns the URLs that clients of a network may call, by a text without IDs.
func urlsOf(network string, objects []cloud.Object) map[string]string {
	urls, paths := map[string]string{}, map[string]string{}
	for _, o := range objects {
		if out := o.Outputs(); o.Type == "aws:apigateway/resource:Resource" && paths[out.String("restApi")] == "" {
			paths[out.String("restApi")] = out.String("path")
		}
	}
	for _, o := range objects {
		out, name := o.Outputs(), strings.TrimPrefix(o.URN[strings.LastIndex(o.URN, ":")+1:], network+"-")
		if o.URN == "" {
			continue
		}
		add := func(text, host, path string) {
			if host != "" && !strings.HasPrefix(host, "_") {
				urls[text] = "https://" + strings.Replace(host, "*", "any", 1) + path
			}
		}
		switch o.Type {
		case "aws:route53/record:Record":
			if slices.Contains([]string{"A", "AAAA", "CNAME"}, out.String("type")) {
				add(out.String("fqdn"), out.String("fqdn"), "/")
			}
		case "aws:apigateway/domainName:DomainName":
			add(out.String("domainName"), out.String("domainName"), "/")
		case "aws:ec2/vpcEndpointService:VpcEndpointService":
			add(out.String("privateDnsName"), out.String("privateDnsName"), "/")
		case "aws:lb/loadBalancer:LoadBalancer":
			add("the name of the load balancer "+name, out.String("dnsName"), "/")
		case "aws:ec2/vpcEndpoint:VpcEndpoint":
			for _, entry := range out.Objects("dnsEntries")[:min(1, len(out.Objects("dnsEntries")))] {
				add("the name of the endpoint "+name, entry.String("dnsName"), "/")
			}
		case "aws:apigateway/stage:Stage":
			api := out.String("restApi")
			add("the API of the stage "+name, api+".execute-api."+o.Region+".amazonaws.com",
				"/"+out.String("stageName")+paths[api])
		}
	}
	return urls
}

// sight returns what a client saw, without IDs.
func sight(r *live.Result) string {
	switch {
	case r.Outcome == live.NameNotResolved:
		return "the name does not resolve"
	case r.Outcome == live.TLSFailed:
		return "TLS fails"
	case r.Outcome == live.NoAnswer:
		return "the connection ends without an answer"
	case r.Outcome == live.NotConnected && strings.Contains(r.Error, "timed out"):
		return "time-out"
	case r.Outcome == live.NotConnected:
		return "no connection"
	}
	text := fmt.Sprintf("%d by %s", r.Response.Status, r.Response.Protocol)
	if kind := r.Response.Header.Get("X-Amzn-Errortype"); kind != "" {
		text += ", " + kind
	}
	return text
}

// clientsTable returns the second part of docs/faults.md: what clients saw of the compliant twins, and of the faults.
func clientsTable(list []faults.Fault, compliant, faulty map[string]sights) string {
	text := "| fault | question | compliant twin | fault |\n| --- | --- | --- | --- |\n"
	var unseen []string
	count := 0
	for _, f := range list {
		if f.Refused != "" {
			continue
		}
		count++
		asked, differ := difference(compliant[f.Name], faulty[f.Name])
		if !differ {
			unseen = append(unseen, "- "+f.Says+"\n")
			continue
		}
		text += fmt.Sprintf("| %s | %s | %s | %s |\n", f.Says, asked, compliant[f.Name][asked], faulty[f.Name][asked])
	}
	return clientsPreface + text + fmt.Sprintf("\nClients see %d of %d faults.\n\n### Not seen by clients\n\n%s\n%s",
		count-len(unseen), count, unseenPreface, strings.Join(unseen, ""))
}

// difference returns the first question that clients of two networks saw answered differently, and whether there is
// one. Names that only one network has do not count.
func difference(compliant, faulty sights) (asked string, differ bool) {
	for _, q := range slices.Sorted(maps.Keys(compliant)) {
		if saw, asked := faulty[q]; asked && saw != compliant[q] {
			return q, true
		}
	}
	return "", false
}

const clientsPreface = `
## What clients see

The same test asks what is deployed: clients in the internet and in each subnet call every name of the network, with and
without a signature, and by HTTP/2 only. Each line is the first question of which a client saw another answer than with
the compliant twin. Faults that AWS refuses to deploy have no clients.

`

const unseenPreface = `These faults change what is logged, who else may call, what happens when a zone fails or at the
next deployment, or their network has no server that answers in either form.
`
