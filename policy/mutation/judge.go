package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/policy/pack"
	"private-api-blueprints/policy/rules"
)

// The verdicts on a mutant.
const (
	caught     = "caught"
	harmless   = "harmless"
	impossible = "impossible"
	missed     = "missed"
)

// result is what the pack makes of a mutant.
type result struct {
	mutant
	verdict string
	// mandatory is whether a violation of the mutant stops the deployment.
	mandatory bool
	// rules are the rules that the mutant violates.
	rules []string
}

// newPack returns the pack as this repository runs it.
func newPack(configuration string) (*pack.Pack, error) {
	p, err := pack.New(pack.About{Version: "1.0.0", Website: "https://example.com/rules"}, rules.All())
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(configuration)
	if errors.Is(err, fs.ErrNotExist) {
		return p, nil // The policy folder is also published alone.
	}
	var levels map[string]apitype.EnforcementLevel
	if err := errors.Join(err, json.Unmarshal(text, &levels)); err != nil {
		return nil, fmt.Errorf("%s: %w", configuration, err)
	}
	given := map[string]plugin.AnalyzerPolicyConfig{}
	for rule, level := range levels {
		given[rule] = plugin.AnalyzerPolicyConfig{EnforcementLevel: level}
	}
	return p, p.Configure(context.Background(), given)
}

// judge returns what the pack makes of each mutant of a stack. An error says that
// the stack itself is not compliant.
func (s *stack) judge(p *pack.Pack, t *tables) ([]result, error) {
	healthy, err := p.AnalyzeStack(context.Background(), s.resources)
	if err != nil {
		return nil, err
	}
	if len(healthy.Diagnostics) > 0 {
		return nil, fmt.Errorf("%s, %s: the unchanged stack violates %s: %s", s.blueprint, s.view,
			healthy.Diagnostics[0].PolicyName, healthy.Diagnostics[0].Message)
	}
	mutants := s.mutants(t)
	s.pair(t)
	results := make([]result, len(mutants))
	var group sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for i := range next {
				results[i] = judgeOne(p, mutants[i])
			}
		})
	}
	for i := range mutants {
		next <- i
	}
	close(next)
	group.Wait()
	for i := range results {
		t.classify(s, &results[i])
	}
	return results, nil
}

// pair finds the mutants of the same stack when it is deployed.
func (s *stack) pair(t *tables) {
	s.laterMutants = map[string]mutant{}
	if s.later == nil {
		return
	}
	for _, later := range s.later.mutants(t) {
		s.laterMutants[later.key()] = later
	}
}

// judgeOne returns what the pack makes of a mutant.
func judgeOne(p *pack.Pack, m mutant) result {
	r := result{mutant: m, verdict: missed}
	answer, err := p.AnalyzeStack(context.Background(), m.build())
	if err != nil {
		return r
	}
	for _, d := range answer.Diagnostics {
		if strings.HasPrefix(d.Message, "internal error") {
			continue
		}
		r.verdict = caught
		r.mandatory = r.mandatory || d.EnforcementLevel == apitype.Mandatory
		r.rules = append(r.rules, d.PolicyName)
	}
	return r
}

// classify gives a mutant that no rule reports the verdict of its class, if the
// table has one. A mutant that leaves a required property without a value is
// impossible.
func (t *tables) classify(s *stack, r *result) {
	both := sync.OnceValue(func() sides { return sidesOf(s, r.mutant) })
	for _, c := range t.classes {
		if c.Where != "" && c.Verdict == harmless && r.verdict == caught {
			continue // The condition costs time and changes nothing.
		}
		if c.matches(s, r.mutant, both) {
			c.used++
			if r.verdict == missed || c.Verdict == impossible {
				r.verdict = c.Verdict
			}
			return
		}
	}
	if len(r.needed) > 0 {
		r.verdict = impossible
	}
}
