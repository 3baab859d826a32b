package tests

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"private-api-blueprints/sandbox"
	"private-api-blueprints/tests/faults"
)

var reported = regexp.MustCompile(`\[severity: \w+\] +([a-z0-9-]+) +\(\S+ ([^)]+)\)`)

// reports are the rules that object, by the fault whose resources they object to.
func reports(printed string) map[string][]string {
	found := map[string]map[string]bool{}
	for _, match := range reported.FindAllStringSubmatch(printed, -1) {
		fault := "?"
		for _, f := range faults.All() {
			if strings.HasPrefix(match[2], f.Name+"-") {
				fault = f.Name
			}
		}
		if found[fault] == nil {
			found[fault] = map[string]bool{}
		}
		found[fault][match[1]] = true
	}
	lists := map[string][]string{}
	for fault, rules := range found {
		lists[fault] = slices.Sorted(maps.Keys(rules))
	}
	return lists
}

func TestFaultsTry(t *testing.T) {
	s := newStack(t)
	existing := &faults.Existing{}
	for _, o := range []faults.Options{{Faulty: true}, {}, {Faulty: true, Existing: existing}, {Existing: existing}} {
		s.options.Program = func(c *pulumi.Context, m map[string]string) error {
			existing.Account = s.box.Account()
			return faults.Program(faults.All(), o)(c, m)
		}
		s.close()
		printed, err := s.run(func(ctx context.Context, box *sandbox.Sandbox) error { _, err := box.Preview(ctx); return err })
		t.Log(err, "\n", printed)
		assert.Empty(t, reports(printed))
		t.Log(reports(printed))
	}
}
