package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"private-api-blueprints/sandbox/cloud"
	"private-api-blueprints/sandbox/live"
	"private-api-blueprints/tests/faults"
)

// assertUpdatesSeen deploys two versions of the networks about whose updates clients ask, and checks what they see.
func assertUpdatesSeen(t *testing.T, faulty bool) {
	n := newNetworks(t, faulty)
	n.options.NoPolicy = true
	n.list = slices.DeleteFunc(n.list, func(f faults.Fault) bool { return !slices.ContainsFunc(f.Clients, updated) })
	for _, later := range []bool{false, true} {
		n.later = later
		printed, err := n.run(up)
		require.NoError(t, err, printed)
	}
	n.assertClientsSee(true)
}

// updated reports whether a client asks after an update.
func updated(q faults.Question) bool { return q.Updated }

// assertClientsSee asks the questions of clients about the network of each fault, either those after an update or the
// others, and checks what they see. Each network is alone in its world, next to what all networks share.
func (n *networks) assertClientsSee(afterUpdate bool) {
	n.t.Helper()
	text, err := os.ReadFile(filepath.Join(n.options.StateDir, "aws.json"))
	require.NoError(n.t, err)
	var all []cloud.Object
	require.NoError(n.t, json.Unmarshal(text, &all))
	file := filepath.Join(n.t.TempDir(), "aws.json") // The worlds share a certificate authority.
	for _, f := range n.list {
		var objects []cloud.Object
		for _, o := range all {
			named := func(network string) bool { return strings.Contains(o.URN, "::"+network+"-") }
			if o.URN == "" || named(f.Name) || named(faults.Common) {
				objects = append(objects, o)
			}
		}
		text, err := json.Marshal(objects)
		require.NoError(n.t, err)
		require.NoError(n.t, os.WriteFile(file, text, 0o600))
		for _, q := range f.Clients {
			if q.Updated == afterUpdate {
				n.assertClientSees(f, q, file)
			}
		}
	}
}

// assertClientSees asks one question in the world of an account.
func (n *networks) assertClientSees(f faults.Fault, q faults.Question, account string) {
	n.t.Helper()
	w, err := live.Open(n.t.Context(),
		live.Options{Account: account, Built: absolute(n.t, "bin"), FailedZone: q.FailedZone})
	require.NoError(n.t, err)
	defer func() { assert.NoError(n.t, w.Close()) }()
	want := map[bool]string{true: q.Sees, false: q.Compliant}[n.faulty]
	saw, told, err := q.Ask(n.t.Context(), w, f.Name)
	if assert.NoError(n.t, err, "%s: %s", f.Name, q) {
		assert.Equal(n.t, want, saw, "%s, faulty: %t: %s\n%s", f.Name, n.faulty, q, told)
	}
}

// TestEveryFaultSaysWhatClientsSee also checks that its clients see another answer than those of the compliant twin.
func TestEveryFaultSaysWhatClientsSee(t *testing.T) {
	for _, f := range faults.All() {
		said := 0
		for _, says := range []bool{len(f.Clients) > 0, f.Invisible != "", f.Refused != ""} {
			if says {
				said++
			}
		}
		assert.Equal(t, 1, said, "%s: want questions of clients, why they see nothing, or why AWS refuses it", f.Name)
		for _, q := range f.Clients {
			assert.NotEqual(t, q.Compliant, q.Sees, "%s: %s", f.Name, q)
		}
	}
}

// clientsTable returns the second part of docs/faults.md: what clients see of the compliant twins, and of the faults.
func clientsTable(list []faults.Fault) string {
	text := "| fault | question | compliant twin | fault |\n| --- | --- | --- | --- |\n"
	why := map[faults.Reason]string{}
	visible, deployed := 0, 0
	for _, f := range list {
		if f.Refused != "" {
			continue
		}
		deployed++
		if f.Invisible != "" {
			why[f.Invisible] += "- " + f.Says + "\n"
			continue
		}
		visible++
		for i, q := range f.Clients {
			says := f.Says
			if i > 0 {
				says = ""
			}
			text += fmt.Sprintf("| %s | %s | %s | %s |\n", says, q, q.Compliant, q.Sees)
		}
	}
	text += fmt.Sprintf("\nClients see %d of %d faults.\n\n### Not seen by clients\n", visible, deployed)
	for _, reason := range faults.Reasons {
		if why[reason] != "" {
			text += fmt.Sprintf("\nBecause %s:\n\n%s", reason, why[reason])
		}
	}
	return clientsPreface + text
}

const clientsPreface = `
## What clients see

The same test deploys each fault and its compliant twin, and asks both the same question. [live.md](live.md) says how to
ask your own. "at nlb" is a client that connects with the load balancer of that name, whatever the host of the URL.
${name} stands for the DNS name of a resource, or for its ID. All networks share a private API, ${common-api}, which
answers everyone who has a private address. A client in another VPC has an execute-api endpoint there, and most policies
admit that VPC. Faults that AWS refuses to deploy have no clients.

`
