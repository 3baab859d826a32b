package rules

import (
	"net/netip"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var endpointPinnedAddresses = &rule.Rule{
	ID:    "endpoint-pinned-addresses",
	Title: "Each pinned address of an endpoint is a free one of a subnet of the endpoint",
	Why: `AWS takes a pinned address (subnetConfigurations) only in a subnet that subnetIds names
too, inside that subnet's range, none of its first four or its last, and once. Anything
else fails with InvalidParameter when the endpoint is created, after everything that does
not depend on it; a load balancer is then there with targets that nobody answers at.`,
	Fix: `Name every subnet in both subnetIds and subnetConfigurations, and pin one address in
each, beginning with the fifth of the subnet's range.`,
	Severity: rule.High,
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
		"https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
		"https://www.pulumi.com/registry/packages/aws/api-docs/ec2/vpcendpoint/",
	},
	Tags:  []string{"vpc-endpoint"},
	Check: checkEndpointPinnedAddresses,
}

func checkEndpointPinnedAddresses(s *model.Stack, r *rule.Report) {
	for i, e := range s.Endpoints {
		var faults []rule.Fault
		for j, a := range e.Addresses {
			faults = append(faults, misplaced(e, a)...)
			faults = append(faults, doubled(e, a, e.Name, pins(e.Addresses[:j], a)))
			for _, other := range s.Endpoints[:i] {
				faults = append(faults, doubled(e, a, other.Name, holds(other, a).And(e.VPC.Same(other.VPC))))
			}
		}
		if !e.PinsComplete {
			faults = append(faults, rule.FaultIf(model.Maybe, e.Origin, "%s pins other addresses", e.Name))
		}
		r.Judge(e.Origin, faults...)
	}
}

// misplaced are the faults of one address and its subnet.
func misplaced(e *model.Endpoint, a model.Address) []rule.Fault {
	subnet := subnetName(a.Subnet)
	faults := []rule.Fault{rule.FaultIf(a.Listed.Not(), e.At("subnetConfigurations"),
		"%s: subnetConfigurations names %s, which subnetIds does not; want it in both", e.Name, subnet)}
	text, _ := a.IP.Get()
	ip, err := netip.ParseAddr(text)
	if err != nil {
		return faults
	}
	return append(faults, rule.FaultIf(a.Subnet.Ask(func(s *model.Subnet) model.Truth { return s.Offers(ip).Not() }), e.At("subnetConfigurations"),
		"%s: %s is not an address that %s has to give; want one inside its range, from the fifth to the last but one", e.Name, ip, subnet))
}

// doubled is the fault of an address that the same network has pinned already.
func doubled(e *model.Endpoint, a model.Address, by string, twice model.Truth) rule.Fault {
	ip, _ := a.IP.Get()
	return rule.FaultIf(twice, e.At("subnetConfigurations"),
		"%s: %s is pinned already, by %s; want each address once", e.Name, ip, by)
}

// pins asks whether one of the addresses is the same as another.
func pins(addresses []model.Address, another model.Address) model.Truth {
	answer := model.False
	for _, a := range addresses {
		switch ip, known := a.IP.Get(); {
		case known:
			answer = answer.Or(another.IP.Equals(ip))
		case a.IP.IsUnknown() && !another.IP.IsAbsent():
			answer = answer.Or(model.Maybe)
		}
	}
	return answer
}

// holds asks whether an endpoint has an address too.
func holds(e *model.Endpoint, a model.Address) model.Truth {
	ip, known := a.IP.Get()
	switch {
	case known:
		return e.Holds(ip)
	case a.IP.IsAbsent():
		return model.False
	}
	return model.Maybe
}

// subnetName is how a message calls a subnet.
func subnetName(subnet model.Ref[model.Subnet]) string {
	if id, known := subnet.Value.Get(); known {
		return "subnet " + id
	}
	if sole, certain := subnet.Sole(); certain {
		return "subnet " + sole.Name
	}
	return "a subnet"
}
