package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// maxOthers is to how many other resources each reference is turned.
const maxOthers = 4

// references returns the mutants of a resource of which a reference leads to
// another resource of the same type.
func (s *stack) references(i int, t *tables) []mutant {
	var all []mutant
	r := s.resources[i]
	for _, key := range slices.Sorted(maps.Keys(r.PropertyDependencies)) {
		if key == "triggers" || !t.isInput(string(r.Type), string(key)) {
			continue
		}
		for _, urn := range r.PropertyDependencies[key] {
			old, has := s.index[urn]
			if !has || !slices.Contains(s.taken(r, s.resources[old]), key) {
				continue
			}
			for _, other := range s.others(i, old) {
				all = append(all, s.turn(i, key, old, other))
			}
		}
	}
	return all
}

// others returns other resources of the type of one.
func (s *stack) others(user, of int) []int {
	var all []int
	for i, r := range s.resources {
		if i != user && i != of && r.Type == s.resources[of].Type {
			all = append(all, i)
		}
	}
	// Take some from all over the list, because neighbors are in the same VPC.
	for len(all) > maxOthers {
		all = slices.Delete(all, len(all)/2, len(all)/2+1)
	}
	return all
}

// turn returns the mutant in which a property refers to another resource.
func (s *stack) turn(i int, key resource.PropertyKey, old, other int) mutant {
	from, to := s.resources[old], s.resources[other]
	r := s.resources[i]
	return mutant{
		Type: string(r.Type), Property: string(key), Change: turned, Name: shortName(r.URN),
		Says: fmt.Sprintf("%s instead of %s", shortName(to.URN), shortName(from.URN)),
		build: func() []plugin.AnalyzerStackResource {
			return s.edit(i, func(r *plugin.AnalyzerStackResource) {
				swap := renamer(from, to)
				for k := range r.Properties {
					_, set := r.PropertyDependencies[k]
					if k == key || !set && k != "id" || sameReferences(string(r.Type), string(key), string(k)) {
						r.Properties[k] = rewrite(r.Properties[k], swap)
					}
				}
				replaceURN(r, key, from.URN, to.URN)
			})
		},
	}
}

// sameReferences reports whether two properties hold the same references.
func sameReferences(token, one, other string) bool {
	same := []string{"subnetIds", "subnetConfigurations"}
	return token == "aws:ec2/vpcEndpoint:VpcEndpoint" && slices.Contains(same, one) && slices.Contains(same, other)
}

// replaceURN replaces a dependency of a property.
func replaceURN(r *plugin.AnalyzerStackResource, key resource.PropertyKey, from, to resource.URN) {
	replaced := without(r.PropertyDependencies[key], from)
	if !slices.Contains(replaced, to) {
		replaced = append(replaced, to)
	}
	slices.Sort(replaced)
	r.PropertyDependencies[key] = replaced
	r.Dependencies = append(without(r.Dependencies, from), to)
	slices.Sort(r.Dependencies)
	r.Dependencies = slices.Compact(r.Dependencies)
}

// renamer returns a function that replaces what identifies a resource by what
// identifies another one.
func renamer(from, to plugin.AnalyzerStackResource) func(string) string {
	var pairs [][2]string
	for _, key := range identities {
		old, other := leavesOf("", from.Properties[key]), leavesOf("", to.Properties[key])
		for i := range min(len(old), len(other)) {
			if old[i].value.IsString() && other[i].value.IsString() && len(old[i].value.StringValue()) > 2 {
				pairs = append(pairs, [2]string{old[i].value.StringValue(), other[i].value.StringValue()})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b [2]string) int { return len(b[0]) - len(a[0]) })
	var flat []string
	for _, pair := range pairs {
		flat = append(flat, pair[0], pair[1])
	}
	return strings.NewReplacer(flat...).Replace
}
