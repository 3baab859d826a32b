package decode

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/policy/model"
)

// Promises is the property in which a component lists its promises.
const Promises = "promises"

// MayPromise reports whether a resource of a type may make promises: it is neither
// a resource of the AWS provider nor a provider. [Stack] reads no other property
// of such a resource than [Promises].
func MayPromise(resourceType string) bool {
	return !strings.HasPrefix(resourceType, "aws:") && !strings.HasPrefix(resourceType, "pulumi:")
}

// addPromises adds the promises of components, in the order of their URNs.
func (b *builder) addPromises(resources []plugin.AnalyzerStackResource) {
	var components []plugin.AnalyzerStackResource
	for _, r := range resources {
		if _, makes := r.Properties[Promises]; makes && MayPromise(string(r.Type)) {
			components = append(components, r)
		}
	}
	slices.SortStableFunc(components, func(a, b plugin.AnalyzerStackResource) int {
		return strings.Compare(string(a.URN), string(b.URN))
	})
	for _, r := range components {
		b.stack.Promises = append(b.stack.Promises, promisesOf(r)...)
	}
}

// ownPrefix begins the types of this project's components.
const ownPrefix = "private-api-blueprints:"

// promisesOf returns the promises of a component. Promises that are not known yet
// are one unknown promise. The property of another project's component may mean
// something else, so it counts only if it can be read.
func promisesOf(r plugin.AnalyzerStackResource) []*model.Promise {
	made := newValue(r.Properties[Promises], Promises).list()
	var all []*model.Promise
	own := strings.HasPrefix(string(r.Type), ownPrefix)
	add := func(p model.Promise, property string) {
		if !own && (p.Unknown || p.Problem != "") {
			return
		}
		p.Element = model.Element{
			Origin: model.Origin{URN: string(r.URN), Property: property}, Name: r.Name, NameInProgram: r.Name,
			ID: model.Unknown[string](), Placement: model.Placement{Global: true},
		}
		all = append(all, &p)
	}
	for _, item := range made.items {
		p, known := promiseOf(item)
		p.Unknown = !known
		add(p, item.path)
	}
	if made.open {
		add(model.Promise{Unknown: true}, Promises)
	}
	return all
}

// promiseOf reads a promise. It also returns whether all of it is known.
func promiseOf(v value) (p model.Promise, known bool) {
	given, known := v.plain()
	if !known {
		return p, false
	}
	p, err := model.ParsePromise(given)
	if err != nil {
		p = model.Promise{Problem: fmt.Sprintf("%s: %v", v.path, err)}
	}
	return p, true
}

// plain returns a value in the shape that JSON decoding gives it, and whether all
// of it is known. Members and items that are absent are left out.
func (v value) plain() (plain any, known bool) {
	switch {
	case v.hidden:
		return nil, false
	case v.raw.IsObject():
		members := map[string]any{}
		for _, key := range slices.Sorted(maps.Keys(v.raw.ObjectValue())) {
			if member := v.field(string(key)); !member.absent {
				if members[string(key)], known = member.plain(); !known {
					return nil, false
				}
			}
		}
		return members, true
	case v.raw.IsArray():
		items := []any{}
		for _, item := range v.list().items {
			plain, known := item.plain()
			if !known {
				return nil, false
			}
			items = append(items, plain)
		}
		return items, true
	case v.raw.IsString(), v.raw.IsBool(), v.raw.IsNumber():
		return v.raw.V, true
	}
	return fmt.Sprintf("a value of the type %s", v.raw.TypeString()), true
}
