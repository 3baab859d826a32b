package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// unsetInputs returns the mutants in which a property that the program leaves out
// has a value. values.yaml lists these properties.
func (s *stack) unsetInputs(i int, t *tables) []mutant {
	r := s.resources[i]
	var all []mutant
	for _, line := range t.values {
		key := resource.PropertyKey(line.Property)
		if !line.Absent || line.Type != string(r.Type) || !r.Properties[key].IsNull() ||
			len(r.PropertyDependencies[key]) > 0 || !t.isInput(string(r.Type), line.Property) {
			continue
		}
		for _, value := range line.Values {
			if value == nil {
				continue
			}
			v := resource.NewPropertyValue(value)
			all = append(all, mutant{
				Type: string(r.Type), Property: line.Property, Change: otherValue, Name: shortName(r.URN),
				Says: "absent → " + show(v),
				build: func() []plugin.AnalyzerStackResource {
					return s.edit(i, func(r *plugin.AnalyzerStackResource) { r.Properties[key] = v })
				},
			})
		}
	}
	return all
}

// openings returns the mutant in which a rule of a security group is for all IPv6
// addresses instead of an IPv4 range.
func (s *stack) openings(i int) []mutant {
	r := s.resources[i]
	if !strings.HasPrefix(string(r.Type), "aws:vpc/securityGroup") || !r.Properties["cidrIpv4"].IsString() {
		return nil
	}
	return []mutant{{
		Type: string(r.Type), Property: "cidrIpv4", Change: otherValue, Name: shortName(r.URN),
		Says: fmt.Sprintf("%s → ::/0", show(r.Properties["cidrIpv4"])),
		build: func() []plugin.AnalyzerStackResource {
			return s.edit(i, func(r *plugin.AnalyzerStackResource) {
				unset(r, "cidrIpv4")
				r.Properties["cidrIpv6"] = resource.NewProperty("::/0")
			})
		},
	}}
}

// aliasTypes are the types of resources to which the blueprints' alias records lead.
var aliasTypes = []string{"aws:lb/loadBalancer:LoadBalancer", "aws:ec2/vpcEndpoint:VpcEndpoint"}

// aliases returns the mutants in which an alias record leads to a resource of
// another type: to an endpoint instead of a load balancer, or the reverse.
func (s *stack) aliases(i int) []mutant {
	const key = resource.PropertyKey("aliases")
	r := s.resources[i]
	if r.Type != "aws:route53/record:Record" || !r.Properties[key].IsArray() {
		return nil
	}
	var all []mutant
	for _, urn := range r.PropertyDependencies[key] {
		old, has := s.index[urn]
		if !has || !slices.Contains(aliasTypes, string(s.resources[old].Type)) {
			continue
		}
		for other, to := range s.resources {
			if to.Type == s.resources[old].Type || !slices.Contains(aliasTypes, string(to.Type)) {
				continue
			}
			all = append(all, mutant{
				Type: string(r.Type), Property: string(key), Change: turned, Name: shortName(r.URN),
				Says:  fmt.Sprintf("%s instead of %s", shortName(to.URN), shortName(urn)),
				build: func() []plugin.AnalyzerStackResource { return s.realias(i, old, other) },
			})
		}
	}
	return all
}

// realias returns the resources of a stack in which an alias record leads to
// another resource.
func (s *stack) realias(i, old, other int) []plugin.AnalyzerStackResource {
	const key = resource.PropertyKey("aliases")
	return s.edit(i, func(r *plugin.AnalyzerStackResource) {
		to := s.resources[other]
		name, zone := to.Properties["dnsName"], to.Properties["zoneId"]
		if entries := to.Properties["dnsEntries"]; entries.IsArray() && len(entries.ArrayValue()) > 0 {
			first := entries.ArrayValue()[0].ObjectValue()
			name, zone = first["dnsName"], first["hostedZoneId"]
		}
		if s.view == deployed {
			r.Properties[key] = resource.NewProperty([]resource.PropertyValue{resource.NewProperty(resource.PropertyMap{
				"name": name, "zoneId": zone, "evaluateTargetHealth": resource.NewProperty(true),
			})})
		}
		replaceURN(r, key, s.resources[old].URN, to.URN)
	})
}

// elsewhere returns a text with another region in it, and whether it has one.
func elsewhere(text string) (string, bool) {
	const here, there = "us-east-1.", "us-west-2."
	if strings.HasSuffix(text, strings.TrimSuffix(here, ".")) {
		return strings.TrimSuffix(text, strings.TrimSuffix(here, ".")) + strings.TrimSuffix(there, "."), true
	}
	return strings.ReplaceAll(text, here, there), strings.Contains(text, here)
}
