package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"

	"private-api-blueprints/sandbox/cloud"
)

// defaulted is the input that lists the inputs that the provider filled in.
const defaulted = "__defaults"

// check returns the inputs with defaults and the name filled in. It reports
// properties that are missing or that the type does not have, and values that the
// provider refuses.
func check(kind *cloud.Kind, r plugin.CheckRequest) (resource.PropertyMap, []plugin.CheckFailure) {
	inputs, failures := resource.PropertyMap{}, []plugin.CheckFailure(nil)
	for key, value := range r.News {
		switch {
		case key == defaulted || value.IsNull():
		case !kind.Accepts(string(key)):
			failures = append(failures, plugin.CheckFailure{Property: key, Reason: fmt.Sprintf(
				"%s has no property %q; it has %s", kind.Token, key, strings.Join(kind.Inputs(), ", "))})
		default:
			inputs[key] = value
		}
	}
	for _, key := range kind.Required {
		if _, ok := inputs[resource.PropertyKey(key)]; !ok {
			failures = append(failures,
				plugin.CheckFailure{Property: resource.PropertyKey(key), Reason: "Missing required property " + key})
		}
	}
	for _, problem := range kind.Problems(inputs) {
		failures = append(failures,
			plugin.CheckFailure{Property: resource.PropertyKey(problem.Input), Reason: problem.Reason})
	}
	filled := fillDefaults(kind, inputs)
	if named, err := autoname(kind, r, inputs); err != nil {
		failures = append(failures,
			plugin.CheckFailure{Property: resource.PropertyKey(kind.Autoname.Property), Reason: err.Error()})
	} else if named {
		filled = append(filled, kind.Autoname.Property)
	}
	slices.Sort(filled)
	inputs[defaulted] = resource.NewPropertyValue(filled)
	return inputs, failures
}

// fillDefaults adds the provider's defaults to inputs. It returns their names.
func fillDefaults(kind *cloud.Kind, inputs resource.PropertyMap) []string {
	filled := []string{}
	for _, key := range slices.Sorted(maps.Keys(kind.Defaults)) {
		if _, ok := inputs[resource.PropertyKey(key)]; !ok {
			inputs[resource.PropertyKey(key)] = resource.NewPropertyValue(kind.Defaults[key])
			filled = append(filled, key)
		}
	}
	return filled
}

// autoname names a resource that is given no name. It reports whether it did. The
// name is the old one, or ends in new random characters. If a name prefix is
// given, AWS makes the name.
func autoname(kind *cloud.Kind, r plugin.CheckRequest, inputs resource.PropertyMap) (bool, error) {
	key := resource.PropertyKey(kind.Autoname.Property)
	if key == "" {
		return false, nil
	}
	if _, given := inputs[key]; given {
		return false, nil
	}
	if _, prefixed := inputs[key+"Prefix"]; prefixed {
		return false, nil
	}
	if old, ok := r.Olds[key]; ok && wasDefaulted(r.Olds, key) {
		inputs[key] = old
		return true, nil
	}
	base := r.URN.Name()
	if kind.Autoname.Lower {
		base = strings.ToLower(base)
	}
	name, err := resource.NewUniqueName(r.RandomSeed, base+"-", 7, kind.Autoname.MaxLen, nil)
	if err != nil {
		return false, err
	}
	inputs[key] = resource.NewProperty(name)
	return true, nil
}

func wasDefaulted(inputs resource.PropertyMap, key resource.PropertyKey) bool {
	names := inputs[defaulted]
	return names.IsArray() && slices.ContainsFunc(names.ArrayValue(), func(v resource.PropertyValue) bool {
		return v.IsString() && v.StringValue() == string(key)
	})
}

// diff compares the inputs of a resource property by property.
func diff(kind *cloud.Kind, old, new resource.PropertyMap, ignored []string) plugin.DiffResult {
	old = asReadBack(kind, old, ignored)
	new = withKept(kind, old, new)
	replace := kind.Replace
	if kind.ReplaceIf != nil {
		replace = slices.Concat(replace, kind.ReplaceIf(old, new))
	}
	changes := map[string]plugin.PropertyDiff{}
	replaced := false
	for key := range union(old, new) {
		change, changed := changeOf(old[key], new[key], slices.Contains(kind.Sets, string(key)))
		if key == defaulted || !changed {
			continue
		}
		if slices.Contains(replace, string(key)) {
			change, replaced = change.AsReplace(), true
		}
		changes[string(key)] = plugin.PropertyDiff{Kind: change, InputDiff: true}
	}
	if len(changes) == 0 {
		return plugin.DiffResult{Changes: plugin.DiffNone}
	}
	return plugin.DiffResult{Changes: plugin.DiffSome, DetailedDiff: changes,
		DeleteBeforeReplace: replaced && (kind.DeleteBeforeReplace || nameFixed(kind, old, new))}
}

// withNeverRemoved returns old inputs with those that an update could not remove.
// The outputs still have them.
func withNeverRemoved(kind *cloud.Kind, old, outputs resource.PropertyMap) resource.PropertyMap {
	all := maps.Clone(old)
	for _, input := range kind.NeverRemoved {
		key := resource.PropertyKey(input)
		if value, shown := outputs[key]; shown && !value.IsNull() && old[key].IsNull() {
			all[key] = value
		}
	}
	return all
}

// withKept returns new inputs with the old ones that AWS keeps if they are no
// longer given.
func withKept(kind *cloud.Kind, old, new resource.PropertyMap) resource.PropertyMap {
	all := maps.Clone(new)
	changed := func(input string) bool {
		key := resource.PropertyKey(input)
		return !old[key].DeepEquals(new[key])
	}
	for _, input := range kind.Kept(changed) {
		key := resource.PropertyKey(input)
		if value, had := old[key]; had && new[key].IsNull() && !slices.Contains(kind.NeverRemoved, input) {
			all[key] = value
		}
	}
	return all
}

// dropKept removes inputs that AWS keeps although the program no longer gives them.
func dropKept(kind *cloud.Kind, inputs, given resource.PropertyMap) {
	for _, input := range kind.Kept(func(string) bool { return false }) {
		if _, ok := given[resource.PropertyKey(input)]; !ok {
			delete(inputs, resource.PropertyKey(input))
		}
	}
}

// asReadBack returns inputs as the provider reads them back, without what it loses.
// It keeps inputs whose changes the program ignores.
func asReadBack(kind *cloud.Kind, inputs resource.PropertyMap, ignored []string) resource.PropertyMap {
	read := maps.Clone(inputs)
	for key, member := range kind.NotReadBack {
		if slices.Contains(ignored, key) || !read[resource.PropertyKey(key)].IsArray() {
			continue
		}
		items := slices.Clone(read[resource.PropertyKey(key)].ArrayValue())
		for i, item := range items {
			if item.IsObject() {
				object := item.ObjectValue().Copy()
				delete(object, resource.PropertyKey(member))
				items[i] = resource.NewProperty(object)
			}
		}
		read[resource.PropertyKey(key)] = resource.NewProperty(items)
	}
	return read
}

// nameFixed reports whether the program gave the name and keeps it. The new
// resource then cannot exist at the same time as the old one.
func nameFixed(kind *cloud.Kind, old, new resource.PropertyMap) bool {
	key := resource.PropertyKey(kind.Autoname.Property)
	name, ok := new[key]
	return ok && key != "" && !wasDefaulted(new, key) && name.DeepEquals(old[key])
}

func union(a, b resource.PropertyMap) resource.PropertyMap {
	all := maps.Clone(a)
	if all == nil {
		all = resource.PropertyMap{}
	}
	maps.Copy(all, b)
	return all
}

func changeOf(old, new resource.PropertyValue, set bool) (plugin.DiffKind, bool) {
	switch {
	case old.IsNull() && new.IsNull():
		return 0, false
	case old.IsNull():
		return plugin.DiffAdd, true
	case new.IsNull():
		return plugin.DiffDelete, true
	case set && old.IsArray() && new.IsArray():
		return plugin.DiffUpdate, !sameElements(old.ArrayValue(), new.ArrayValue())
	default:
		return plugin.DiffUpdate, !old.DeepEquals(new)
	}
}

func sameElements(a, b []resource.PropertyValue) bool {
	if len(a) != len(b) {
		return false
	}
	rest := slices.Clone(a)
	for _, v := range b {
		at := slices.IndexFunc(rest, v.DeepEquals)
		if at < 0 {
			return false
		}
		rest = slices.Delete(rest, at, at+1)
	}
	return true
}

// keptOutputs returns the old outputs that an update does not invalidate.
func keptOutputs(kind *cloud.Kind, r plugin.UpdateRequest) resource.PropertyMap {
	before := maps.Clone(r.OldOutputs)
	for input, outputs := range kind.Invalidates {
		key := resource.PropertyKey(input)
		if r.OldInputs[key].DeepEquals(r.NewInputs[key]) {
			continue
		}
		for _, output := range outputs {
			delete(before, resource.PropertyKey(output))
		}
	}
	return before
}

// expected returns the outputs as far as a preview can know them. Outputs that
// AWS has not decided yet are unknown. Outputs that it decided before stay.
func expected(kind *cloud.Kind, before, inputs resource.PropertyMap) resource.PropertyMap {
	out := resource.PropertyMap{}
	for _, key := range append([]string{"id", kind.Autoname.Property}, kind.Outputs()...) {
		if old, ok := before[resource.PropertyKey(key)]; ok {
			out[resource.PropertyKey(key)] = old
		} else {
			out[resource.PropertyKey(key)] = resource.MakeComputed(resource.NewProperty(""))
		}
	}
	maps.Copy(out, inputs)
	delete(out, defaulted)
	delete(out, "") // The entry of kinds without a name.
	if before == nil {
		delete(out, "id")
	}
	if kind.Accepts("tags") {
		out["tagsAll"] = resource.NewProperty(resource.PropertyMap{})
		if tags, ok := inputs["tags"]; ok {
			out["tagsAll"] = tags
		}
	}
	return out
}
