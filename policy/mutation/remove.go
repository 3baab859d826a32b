package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// removal returns the mutant without a resource. What other resources take from
// it is absent: a property, or an element of a list. It is as if the program had
// never had the resource.
func (s *stack) removal(i int, t *tables) mutant {
	gone := s.resources[i]
	m := mutant{Type: string(gone.Type), Change: removed, Says: "removed", Name: shortName(gone.URN)}
	for j, r := range s.resources {
		if j == i {
			continue
		}
		for _, key := range s.taken(r, gone) {
			if t.isRequired(string(r.Type), string(key)) || slices.Contains(alsoRequired[string(r.Type)], key) {
				m.needed = append(m.needed, string(r.Type)+" "+string(key))
			}
		}
	}
	slices.Sort(m.needed)
	m.needed = slices.Compact(m.needed)
	m.build = func() []plugin.AnalyzerStackResource {
		var all []plugin.AnalyzerStackResource
		for j, r := range s.resources {
			if j != i {
				all = append(all, s.withoutReference(r, gone))
			}
		}
		return all
	}
	return m
}

// alsoRequired are optional inputs that a resource cannot be without once it has them. A route has exactly one target, and
// a public NAT gateway has an Elastic IP.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNatGateway.html
var alsoRequired = map[string][]resource.PropertyKey{
	"aws:ec2/natGateway:NatGateway": {"allocationId"},
	"aws:ec2/route:Route": {
		"carrierGatewayId", "coreNetworkArn", "egressOnlyGatewayId", "gatewayId", "localGatewayId", "natGatewayId",
		"networkInterfaceId", "transitGatewayId", "vpcEndpointId", "vpcPeeringConnectionId",
	},
}

// withoutReference returns a resource as it is if the program does not have
// another one.
func (s *stack) withoutReference(r, gone plugin.AnalyzerStackResource) plugin.AnalyzerStackResource {
	if !slices.Contains(r.Dependencies, gone.URN) && len(s.taken(r, gone)) == 0 && r.Parent != gone.URN {
		return r
	}
	r = copyOf(r)
	taken := s.taken(r, gone)
	if r.Parent == gone.URN {
		r.Parent = gone.Parent
	}
	r.Dependencies = without(r.Dependencies, gone.URN)
	for key, urns := range r.PropertyDependencies {
		r.PropertyDependencies[key] = without(urns, gone.URN)
	}
	for _, key := range taken {
		value := r.Properties[key]
		if !value.IsArray() || s.view == firstPreview && len(value.ArrayValue()) <= 1 {
			delete(r.Properties, key)
			continue
		}
		rest := slices.DeleteFunc(slices.Clone(value.ArrayValue()), func(v resource.PropertyValue) bool {
			return mentions(v, namesOf(gone))
		})
		if len(rest) == len(value.ArrayValue()) && len(rest) > 0 {
			rest = rest[1:] // The values are unknown, so each element may be the one.
		}
		r.Properties[key] = resource.NewProperty(rest)
	}
	return r
}

// taken returns the properties of a resource that have their value from another
// one, sorted. A property depends on everything in a remote component such as a
// VPC of awsx: then its value decides, and an unknown value comes from the first
// that could give it.
func (s *stack) taken(r, from plugin.AnalyzerStackResource) []resource.PropertyKey {
	var keys []resource.PropertyKey
	for _, key := range slices.Sorted(maps.Keys(r.PropertyDependencies)) {
		if key == "triggers" || !slices.Contains(r.PropertyDependencies[key], from.URN) {
			continue
		}
		value, has := r.Properties[key]
		switch {
		case !has || value.IsNull():
		case mentions(value, namesOf(from)):
			keys = append(keys, key)
		case s.view == firstPreview && value.ContainsUnknowns() && !s.fromComponent(r.PropertyDependencies[key]):
			keys = append(keys, key)
		}
	}
	return keys
}

// fromComponent reports whether one of the resources is a component.
func (s *stack) fromComponent(urns []resource.URN) bool {
	return slices.ContainsFunc(urns, func(urn resource.URN) bool {
		i, has := s.index[urn]
		return has && !strings.HasPrefix(string(s.resources[i].Type), "aws:")
	})
}

// namesOf returns the texts by which other resources refer to one: its ID, its
// ARNs, its names in DNS.
func namesOf(r plugin.AnalyzerStackResource) []string {
	var names []string
	for _, key := range identities {
		for _, l := range leavesOf("", r.Properties[key]) {
			if l.value.IsString() && len(l.value.StringValue()) > 3 {
				names = append(names, l.value.StringValue())
			}
		}
	}
	return names
}

// identities are the properties that identify a resource.
var identities = []resource.PropertyKey{
	"id", "arn", "invokeArn", "executionArn", "dnsName", "dnsEntries", "rootResourceId", "allocationId",
	"serviceName", "certificateArn", "stageName", "httpMethod", "domainName", "name", "zoneId", "bucket",
	"privateIp", "cidrBlock", "regionalDomainName", "resourceRecordName", "domainValidationOptions",
	"privateDnsNameConfigurations", "publicIp", "fqdn",
}

// mentions reports whether a value has one of the texts.
func mentions(v resource.PropertyValue, names []string) bool {
	return slices.ContainsFunc(leavesOf("", v), func(l leaf) bool {
		return l.value.IsString() && slices.ContainsFunc(names, func(name string) bool {
			return strings.Contains(l.value.StringValue(), name)
		})
	})
}
