package main

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// propertyMutants returns the mutants of a resource in which a property, or a
// part of it, has another value.
func (s *stack) propertyMutants(i int, key resource.PropertyKey, t *tables) []mutant {
	r := s.resources[i]
	if key == "toPort" && r.Properties[key].DeepEquals(r.Properties["fromPort"]) {
		return nil // The mutants of fromPort move both ports of a range of one.
	}
	var all []mutant
	referred := s.referred(r, key)
	for _, l := range leavesOf(string(key), r.Properties[key]) {
		policy := isPolicy(l.value)
		if policy {
			for _, p := range policyMutants(l.value.StringValue()) {
				all = append(all, s.set(i, key, l, resource.NewProperty(p.text), statementEdit, p.says))
			}
			continue
		}
		for _, value := range t.alternatives(string(r.Type), l, referred) {
			all = append(all, s.set(i, key, l, value, otherValue, fmt.Sprintf("%s → %s", show(l.value), show(value))))
		}
	}
	if v := r.Properties[key]; v.IsArray() {
		for n := range v.ArrayValue() {
			all = append(all, s.removeElement(i, key, n))
		}
	}
	return all
}

// referred reports whether a property has its value from another resource.
func (s *stack) referred(r plugin.AnalyzerStackResource, key resource.PropertyKey) bool {
	for _, urn := range r.PropertyDependencies[key] {
		if i, has := s.index[urn]; has && slices.Contains(s.taken(r, s.resources[i]), key) {
			return true
		}
	}
	return false
}

// set returns the mutant in which a part of a property has another value. Other
// resources that take the old value from the property get the new one.
func (s *stack) set(
	i int, key resource.PropertyKey, l leaf, value resource.PropertyValue, change, says string,
) mutant {
	r := s.resources[i]
	return mutant{
		Type: string(r.Type), Property: l.path, Change: change, Says: says, Name: shortName(r.URN),
		build: func() []plugin.AnalyzerStackResource {
			all := s.edit(i, func(r *plugin.AnalyzerStackResource) {
				if value.IsNull() {
					delete(r.Properties, key)
					delete(r.PropertyDependencies, key)
				} else {
					r.Properties[key] = l.with(value)
				}
				if key == "fromPort" && r.Properties["toPort"].DeepEquals(l.value) {
					r.Properties["toPort"] = value
				}
				if echo := r.Properties[echoes[key]]; !echo.IsNull() && l.value.IsString() && value.IsString() {
					swap := strings.NewReplacer(l.value.StringValue(), value.StringValue()).Replace
					r.Properties[echoes[key]] = rewrite(echo, swap)
				}
			})
			if l.value.IsString() && value.IsString() && len(l.value.StringValue()) > 1 {
				follow(all, r.URN, l.value.StringValue(), value.StringValue())
			}
			return all
		},
	}
}

// echoes are properties in which AWS repeats another one.
var echoes = map[resource.PropertyKey]resource.PropertyKey{
	"name": "fqdn", "domainName": "subjectAlternativeNames",
}

// follow gives the new value of a property to the resources that take it from there.
func follow(all []plugin.AnalyzerStackResource, urn resource.URN, old, value string) {
	for i, r := range all {
		changed := false
		for key, urns := range r.PropertyDependencies {
			v := r.Properties[key]
			if !slices.Contains(urns, urn) || !v.IsString() || v.StringValue() != old {
				continue
			}
			if !changed {
				all[i], changed = copyOf(r), true
			}
			all[i].Properties[key] = resource.NewProperty(value)
		}
	}
}

// removeElement returns the mutant in which a list has one element less.
func (s *stack) removeElement(i int, key resource.PropertyKey, n int) mutant {
	r := s.resources[i]
	element := r.Properties[key].ArrayValue()[n]
	return mutant{
		Type: string(r.Type), Property: string(key), Change: elementGone, Name: shortName(r.URN),
		Says: fmt.Sprintf("without %s", show(element)),
		build: func() []plugin.AnalyzerStackResource {
			return s.edit(i, func(r *plugin.AnalyzerStackResource) {
				urns := r.PropertyDependencies[key]
				if len(urns) == len(r.Properties[key].ArrayValue()) && !s.fromComponent(urns) {
					r.PropertyDependencies[key] = slices.Delete(urns, n, n+1)
				}
				drop(r, key, n)
				if key == "subnetIds" || key == "subnetConfigurations" {
					drop(r, "subnetIds", n)
					drop(r, "subnetConfigurations", n)
					// The first call has removed one of them already.
					r.Properties[key] = withoutElement(s.resources[i].Properties[key], n)
				}
				if key == "subnetMappings" {
					drop(r, "subnets", n)
				}
			})
		},
	}
}

// drop removes an element of a property.
func drop(r *plugin.AnalyzerStackResource, key resource.PropertyKey, n int) {
	r.Properties[key] = withoutElement(r.Properties[key], n)
}

// withoutElement returns a list without an element. Any other value stays.
func withoutElement(v resource.PropertyValue, n int) resource.PropertyValue {
	if !v.IsArray() || len(v.ArrayValue()) <= n {
		return v
	}
	return resource.NewProperty(slices.Delete(slices.Clone(v.ArrayValue()), n, n+1))
}

var (
	hostName = regexp.MustCompile(`^(\*\.)?([a-z0-9_-]+\.)+(com|net|org)\.?$`)
	webURL   = regexp.MustCompile(`^(https?)://([^/:]+)(:\d+)?(/.*)?$`)
)

// alternatives returns the other values that a leaf may plausibly have.
func (t *tables) alternatives(token string, l leaf, referred bool) []resource.PropertyValue {
	if line := t.valuesOf(token, l.path, show(l.value)); line != nil {
		return line.others(l.value)
	}
	switch {
	case l.value.IsBool():
		return []resource.PropertyValue{resource.NewProperty(!l.value.BoolValue())}
	case l.value.IsNumber():
		return numbers(l.path, l.value.NumberValue())
	}
	text, others := l.value.StringValue(), []string(nil)
	prefix, notPrefix := netip.ParsePrefix(text)
	address, notAddress := netip.ParseAddr(text)
	switch u := webURL.FindStringSubmatch(text); {
	case text == "true":
		others = []string{"false"}
	case text == "false":
		others = []string{"true"}
	case text == "on":
		others = []string{"off"}
	case text == "off" && strings.HasPrefix(l.path, "enforce"):
		others = []string{"on"}
	case notPrefix == nil && prefix.Addr().Is4():
		others = []string{"172.31.64.0/20", "0.0.0.0/0", "198.51.100.0/24"}
	case notPrefix == nil:
		others = []string{"2001:db8:77::/48", "::/0"}
	case notAddress == nil:
		others = []string{address.Next().String()}
	case u != nil:
		others = []string{
			"https://other.example.net" + u[3] + u[4], u[1] + "://" + u[2] + ":8443" + u[4],
			"http://" + u[2] + u[3] + u[4], u[1] + "://" + u[2] + u[3] + "/other" + u[4],
		}
	case hostName.MatchString(text) && !referred:
		_, domain, _ := strings.Cut(text, ".")
		others = []string{"other." + domain, "other.example.net"}
	}
	var all []resource.PropertyValue
	for _, other := range others {
		if other != text {
			all = append(all, resource.NewProperty(other))
		}
	}
	return all
}

// others returns the values of a line except the present one.
func (v *values) others(present resource.PropertyValue) []resource.PropertyValue {
	var all []resource.PropertyValue
	for _, value := range v.Values {
		other := resource.NewPropertyValue(value)
		if !other.DeepEquals(present) {
			all = append(all, other)
		}
	}
	return all
}

// numbers returns other numbers: for a port its neighbors and the ports of HTTP
// and HTTPS, otherwise the smallest and the double.
func numbers(path string, n float64) []resource.PropertyValue {
	others := []float64{1, 2 * n}
	if strings.HasSuffix(strings.ToLower(path), "port") {
		others = []float64{n - 1, n + 1, 80, 443}
	}
	var all []resource.PropertyValue
	for _, other := range others {
		if other != n && other > 0 {
			all = append(all, resource.NewProperty(other))
		}
	}
	return all
}

// show returns a value as a reader knows it.
func show(v resource.PropertyValue) string {
	switch {
	case v.IsNull():
		return "absent"
	case v.IsString():
		return v.StringValue()
	case v.ContainsUnknowns():
		return "unknown"
	}
	text, err := json.Marshal(v.Mappable())
	if err != nil {
		return "?"
	}
	return string(text)
}
