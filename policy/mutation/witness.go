package main

import (
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/state"
	"private-api-blueprints/policy/trace"
)

// testimony is what the trace says about the promises of a deployed stack, as it is or with one change. Another witness
// makes the same change to what is deployed.
type testimony struct {
	Mutant string `json:"mutant,omitempty"` // Empty for the stack as it is.
	// Changes are the differences of the mutant.
	Changes []difference `json:"changes,omitempty"`
	// Arrives says of each promise, in the order of the component, whether its request arrives: true, false or maybe.
	Arrives []string `json:"arrives"`
}

// difference is how a resource differs in a mutant.
type difference struct {
	URN  string `json:"urn"`
	Gone bool   `json:"gone,omitempty"`
	// Inputs are the inputs with other values. They are null if they are absent.
	Inputs map[string]any `json:"inputs,omitempty"`
}

// witness writes what the trace says about a stack with an exported state, and about every n-th of its mutants.
func witness(out io.Writer, folder, exported string, n int) error {
	t, err := readTables(folder)
	if err != nil {
		return err
	}
	s := &stack{view: deployed, index: map[resource.URN]int{}}
	file, err := os.Open(exported)
	if err != nil {
		return err
	}
	defer file.Close()
	read, err := state.Read(file)
	if err != nil {
		return err
	}
	s.resources = read.Resources
	sortResources(s.resources)
	for i, r := range s.resources {
		s.index[r.URN] = i
	}
	encoder := json.NewEncoder(out)
	if err := encoder.Encode(testimony{Arrives: arrivals(s.resources)}); err != nil {
		return err
	}
	for i, m := range s.mutants(t) {
		if i%n != 0 || len(m.needed) > 0 {
			continue
		}
		changed := m.build()
		told := testimony{Mutant: m.key(), Changes: s.differences(changed, t), Arrives: arrivals(changed)}
		if len(told.Changes) == 0 {
			continue // It changes what no input says.
		}
		if err := encoder.Encode(told); err != nil {
			return err
		}
	}
	return nil
}

// sortResources brings the resources of a state, and what they depend on, into a fixed order. The engine works
// in parallel, so the order of a state differs each time.
func sortResources(resources []plugin.AnalyzerStackResource) {
	slices.SortFunc(resources, func(a, b plugin.AnalyzerStackResource) int {
		return strings.Compare(string(a.URN), string(b.URN))
	})
	for _, r := range resources {
		slices.Sort(r.Dependencies)
		for _, urns := range r.PropertyDependencies {
			slices.Sort(urns)
		}
	}
}

// arrivals asks of each promise of a stack whether its request arrives where it must.
func arrivals(resources []plugin.AnalyzerStackResource) []string {
	s := decode.Stack(resources)
	var all []string
	for _, p := range s.Promises {
		arrives := model.Maybe
		if ways, err := trace.Of(s).TracePromise(*p); err == nil && !p.Unknown && p.Problem == "" {
			arrives = trace.Arrives(ways).And(speaks(p.Request, ways)).And(answered(*p, ways))
		}
		all = append(all, arrives.String())
	}
	return all
}

// answered asks whether the element that must answer does so on all ways.
func answered(p model.Promise, ways []trace.Trace) model.Truth {
	by := model.True
	for _, way := range ways {
		by = by.And(model.TruthOf(p.By == "" || way.By.NameInProgram == p.By))
	}
	return by
}

// speaks asks whether all ways speak the version of HTTP that the request wants.
func speaks(r model.Request, ways []trace.Trace) model.Truth {
	all := model.True
	for _, way := range ways {
		all = all.And(model.TruthOf(r.Protocol == "" || way.Protocol == r.Protocol).OrMaybeIf(way.Protocol == ""))
	}
	return all
}

// differences returns how the inputs of a mutant's resources differ from those of its stack.
func (s *stack) differences(changed []plugin.AnalyzerStackResource, t *tables) []difference {
	left := map[resource.URN]plugin.AnalyzerStackResource{}
	for _, r := range changed {
		left[r.URN] = r
	}
	var all []difference
	for _, old := range s.resources {
		r, has := left[old.URN]
		if !has {
			all = append(all, difference{URN: string(old.URN), Gone: true})
			continue
		}
		inputs := map[string]any{}
		for _, key := range append(old.Properties.StableKeys(), r.Properties.StableKeys()...) {
			if t.isInput(string(r.Type), string(key)) && !old.Properties[key].DeepEquals(r.Properties[key]) {
				inputs[string(key)] = r.Properties[key].Mappable()
			}
		}
		if len(inputs) > 0 {
			all = append(all, difference{URN: string(old.URN), Inputs: inputs})
		}
	}
	return all
}
