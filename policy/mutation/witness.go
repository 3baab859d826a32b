package main

import (
	"encoding/json"
	"errors"
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

// witnessed is a stack about which two witnesses are asked, as it is or with one change. This command tells what
// differs in the stack. Another program deploys it, asks the other witness, and tells what AWS decided. Then this
// command tells what the trace says.
type witnessed struct {
	Mutant string `json:"mutant,omitempty"` // Empty for the stack as it is.
	// Needed are the required properties that the change leaves without a value. The engine refuses such a stack.
	Needed []string `json:"needed,omitempty"`
	// Changes are the differences of the mutant.
	Changes []difference `json:"changes,omitempty"`
	// Outputs are, by URN, the outputs of the deployed mutant that differ from those of the stack as it is. They are
	// null if they are absent.
	Outputs map[resource.URN]map[string]any `json:"outputs,omitempty"`
	// Arrives says of each promise, in the order of the component, whether its request arrives: true, false or maybe.
	Arrives []string `json:"arrives,omitempty"`
}

// difference is how a resource differs in a mutant.
type difference struct {
	URN  resource.URN `json:"urn"`
	Gone bool         `json:"gone,omitempty"`
	// Inputs are the inputs with other values. They are null if they are absent.
	Inputs map[string]any `json:"inputs,omitempty"`
	// Dependencies are what the resource depends on.
	Dependencies []resource.URN `json:"dependencies,omitempty"`
}

// witness writes how each mutant of a stack with an exported state differs from it. If asked names a file with deployed
// mutants, it writes instead what the trace says about those.
func witness(out io.Writer, folder, exported, asked string) error {
	t, err := readTables(folder)
	if err != nil {
		return err
	}
	s, err := readExported(exported)
	if err != nil {
		return err
	}
	mutants := map[string]mutant{}
	encoder := json.NewEncoder(out)
	for _, m := range s.mutants(t) {
		if mutants[m.key()] = m; asked != "" {
			continue
		}
		one := witnessed{Mutant: m.key(), Needed: m.needed, Changes: s.differences(m.build(), t)}
		if err := encoder.Encode(one); err != nil {
			return err
		}
	}
	if asked == "" {
		return nil
	}
	return s.tell(encoder, asked, mutants)
}

// readExported reads the stack of an exported state, in a fixed order: the engine works in parallel, so the order of a
// state, and of what its resources depend on, differs each time.
func readExported(exported string) (*stack, error) {
	file, err := os.Open(exported)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	read, err := state.Read(file)
	if err != nil {
		return nil, err
	}
	s := &stack{view: deployed, index: map[resource.URN]int{}, resources: read.Resources}
	slices.SortFunc(s.resources, func(a, b plugin.AnalyzerStackResource) int {
		return strings.Compare(string(a.URN), string(b.URN))
	})
	for i, r := range s.resources {
		s.index[r.URN] = i
		slices.Sort(r.Dependencies)
		for _, urns := range r.PropertyDependencies {
			slices.Sort(urns)
		}
	}
	return s, nil
}

// tell writes what the trace says about the stacks of a file.
func (s *stack) tell(encoder *json.Encoder, asked string, mutants map[string]mutant) error {
	file, err := os.Open(asked)
	if err != nil {
		return err
	}
	defer file.Close()
	for decoder := json.NewDecoder(file); ; {
		var one witnessed
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		resources := s.resources
		if m, known := mutants[one.Mutant]; known {
			resources = m.build()
		}
		told := witnessed{Mutant: one.Mutant, Arrives: arrivals(withOutputs(resources, one.Outputs))}
		if err := encoder.Encode(told); err != nil {
			return err
		}
	}
}

// withOutputs returns resources with other outputs.
func withOutputs(
	resources []plugin.AnalyzerStackResource, outputs map[resource.URN]map[string]any,
) []plugin.AnalyzerStackResource {
	all := slices.Clone(resources)
	for i, r := range all {
		if len(outputs[r.URN]) == 0 {
			continue
		}
		all[i] = copyOf(r)
		for key, value := range outputs[r.URN] {
			if all[i].Properties[resource.PropertyKey(key)] = resource.NewPropertyValue(value); value == nil {
				delete(all[i].Properties, resource.PropertyKey(key))
			}
		}
	}
	return all
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

// answered asks whether the element that must answer does so on all ways. It is not known of a way that is left open.
func answered(p model.Promise, ways []trace.Trace) model.Truth {
	by := model.True
	for _, way := range ways {
		isIt := model.TruthOf(p.By == "" || way.By.NameInProgram == p.By)
		by = by.And(isIt.OrMaybeIf(way.Arrives() == model.Maybe))
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
			all = append(all, difference{URN: old.URN, Gone: true})
			continue
		}
		inputs := map[string]any{}
		for _, key := range append(old.Properties.StableKeys(), r.Properties.StableKeys()...) {
			if t.isInput(string(r.Type), string(key)) && !old.Properties[key].DeepEquals(r.Properties[key]) {
				inputs[string(key)] = r.Properties[key].Mappable()
			}
		}
		if len(inputs) > 0 {
			all = append(all, difference{URN: old.URN, Inputs: inputs, Dependencies: r.Dependencies})
		}
	}
	return all
}
