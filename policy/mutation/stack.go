package main

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/types/known/structpb"

	"private-api-blueprints/policy/decode"
	"private-api-blueprints/policy/model"
)

// The views of a stack, in the names of the recordings.
const (
	firstPreview = "first preview"
	deployed     = "deployed"
)

// stack is the example stack of a blueprint as the engine sends it in a view.
type stack struct {
	blueprint, view string
	resources       []plugin.AnalyzerStackResource
	index           map[resource.URN]int
	// later is the same stack when it is deployed. It is nil for that stack itself.
	later *stack
	// laterMutants are the mutants of later, by key.
	laterMutants map[string]mutant
	decodeOnce   sync.Once
	decoded      *model.Stack
}

// model returns the model of the stack.
func (s *stack) model() *model.Stack {
	s.decodeOnce.Do(func() { s.decoded = decode.Stack(s.resources) })
	return s.decoded
}

// readStacks reads all recordings in a folder, in the order of their names.
func readStacks(folder string) ([]*stack, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.json.gz"))
	if err != nil || len(files) == 0 {
		return nil, errors.Join(fmt.Errorf("%s: want recordings; cmd/record writes them", folder), err)
	}
	slices.Sort(files)
	var all []*stack
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json.gz")
		s := &stack{view: deployed, index: map[resource.URN]int{}}
		if blueprint, ok := strings.CutSuffix(name, "_at_first_preview"); ok {
			s.blueprint, s.view = blueprint, firstPreview
		} else {
			s.blueprint = strings.TrimSuffix(name, "_when_deployed")
		}
		if s.resources, err = readRecording(file); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		for i, r := range s.resources {
			s.index[r.URN] = i
		}
		all = append(all, s)
	}
	for _, s := range all {
		for _, later := range all {
			if s.view == firstPreview && later.view == deployed && later.blueprint == s.blueprint {
				s.later = later
			}
		}
	}
	return all, nil
}

// readRecording reads the resources of a recorded request.
func readRecording(file string) ([]plugin.AnalyzerStackResource, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	compressed, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(compressed)
	if err != nil {
		return nil, err
	}
	var request pulumirpc.AnalyzeStackRequest
	if err := protojson.Unmarshal(text, &request); err != nil {
		return nil, err
	}
	var all []plugin.AnalyzerStackResource
	for _, r := range request.Resources {
		received, err := receive(r)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.Urn, err)
		}
		all = append(all, received)
	}
	return all, nil
}

// receive reads one resource with all its properties. The pack leaves out the
// properties of types that it does not read, but a mutant may change them.
func receive(r *pulumirpc.AnalyzerResource) (plugin.AnalyzerStackResource, error) {
	received := plugin.AnalyzerStackResource{Parent: resource.URN(r.GetParent())}
	received.URN, received.Type, received.Name = resource.URN(r.GetUrn()), tokens.Type(r.GetType()), r.GetName()
	received.Dependencies = urnsOf(r.GetDependencies())
	received.PropertyDependencies = map[resource.PropertyKey][]resource.URN{}
	for key, dependencies := range r.GetPropertyDependencies() {
		received.PropertyDependencies[resource.PropertyKey(key)] = urnsOf(dependencies.GetUrns())
	}
	received.Options.IgnoreChanges = r.GetOptions().GetIgnoreChanges()
	properties, err := unmarshal(r.GetProperties())
	if err != nil {
		return received, err
	}
	received.Properties = properties
	if p := r.GetProvider(); p != nil {
		inputs, err := unmarshal(p.GetProperties())
		if err != nil {
			return received, err
		}
		received.Provider = &plugin.AnalyzerProviderResource{
			URN: resource.URN(p.Urn), Type: tokens.Type(p.Type), Name: p.Name, Properties: inputs,
		}
	}
	return received, nil
}

// unmarshal reads properties.
func unmarshal(given *structpb.Struct) (resource.PropertyMap, error) {
	return plugin.UnmarshalProperties(given,
		plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, SkipInternalKeys: true})
}

// urnsOf returns texts as URNs.
func urnsOf(texts []string) []resource.URN {
	urns := make([]resource.URN, len(texts))
	for i, text := range texts {
		urns[i] = resource.URN(text)
	}
	return urns
}

// shortName returns the name of a resource in its program.
func shortName(urn resource.URN) string { return urn.Name() }
