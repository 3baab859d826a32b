package rules

import (
	"net/netip"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var endpointPinnedAddresses = &rule.Rule{
	ID:    "endpoint-pinned-addresses",
	Title: "Each pinned address of an endpoint is a free address of one of its subnets",
	Why: `AWS accepts a pinned address (subnetConfigurations) only if subnetIds names its subnet,
too. The address must be inside the subnet's range, must not be one of the first four or
the last, and can be pinned once. AWS refuses anything else with InvalidParameter when it
creates the endpoint, after everything that does not depend on it. A load balancer then
exists with targets at which nobody answers.`,
	Fix: `Name every subnet in both subnetIds and subnetConfigurations, and pin one address in
each, from the fifth of the subnet's range on.`,
	Severity: rule.High,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
		"https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
		"https://www.pulumi.com/registry/packages/aws/api-docs/ec2/vpcendpoint/",
	},
	Tags:      []string{"vpc-endpoint"},
	FormerIDs: []string{"vpce-subnetcfg-consistent"},
	Defects:   []*rule.Defect{pinOutsideSubnets, pinNotOffered, pinTwice},
	Check:     checkEndpointPinnedAddresses,
}

var pinOutsideSubnets = &rule.Defect{
	ID: "subnet-not-listed", Outcome: rule.Refused,
	Summary: "An endpoint pins an address in a subnet that subnetIds does not name.",
	Effect:  "AWS refuses the endpoint with InvalidParameter.",
}

var pinNotOffered = &rule.Defect{
	ID: "not-offered", Outcome: rule.Refused,
	Summary: "An endpoint pins an address outside of its subnet's range, or one that AWS keeps.",
	Effect:  "AWS refuses the endpoint with InvalidParameter.",
}

var pinTwice = &rule.Defect{
	ID: "pinned-twice", Outcome: rule.Refused,
	Summary: "An address is pinned twice in a network.",
	Effect:  "AWS gives an address to one network interface, and refuses the second endpoint.",
}

func checkEndpointPinnedAddresses(s *model.Stack, r *rule.Report) {
	for i, e := range s.Endpoints {
		var faults []rule.Fault
		for j, a := range e.Addresses {
			faults = append(faults, outsideSubnet(e, a)...)
			faults = append(faults, pinnedTwice(e, a, e.Name, areAmong(e.Addresses[:j], a)))
			for _, other := range s.Endpoints[:i] {
				twice := e.SharesVPC(other)
				if twice != model.False {
					twice = twice.And(holdsAddress(other, a))
				}
				if twice != model.False {
					faults = append(faults, pinnedTwice(e, a, other.Name, twice))
				}
			}
		}
		if !e.PinsComplete {
			faults = append(faults, pinNotOffered.If(model.Maybe, e.Origin, "%s pins other addresses", e.Name))
		}
		r.Judge(e.Origin, faults...)
	}
}

// outsideSubnet returns the faults of one address and its subnet.
func outsideSubnet(e *model.Endpoint, a model.Address) []rule.Fault {
	subnet := subnetName(a.Subnet)
	faults := []rule.Fault{pinOutsideSubnets.If(a.Listed.Not(), e.At("subnetConfigurations"),
		"%s: subnetConfigurations names %s, which subnetIds does not; want it in both", e.Name, subnet)}
	text, _ := a.IP.Get()
	ip, err := netip.ParseAddr(text)
	if err != nil {
		return faults
	}
	notOffered := a.Subnet.Ask(func(s *model.Subnet) model.Truth { return s.Offers(ip).Not() })
	return append(faults, pinNotOffered.If(notOffered, e.At("subnetConfigurations"),
		"%s: %s is not an address that %s offers; want one inside its range, from the fifth to the last but one",
		e.Name, ip, subnet))
}

// pinnedTwice returns the fault of an address that is already pinned in the same
// network.
func pinnedTwice(e *model.Endpoint, a model.Address, by string, twice model.Truth) rule.Fault {
	ip, _ := a.IP.Get()
	return pinTwice.If(twice, e.At("subnetConfigurations"),
		"%s: %s is pinned already, by %s; want each address once", e.Name, ip, by)
}

// areAmong asks whether one of the addresses is the same as another.
func areAmong(addresses []model.Address, another model.Address) model.Truth {
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

// holdsAddress asks whether an endpoint has an address, too.
func holdsAddress(e *model.Endpoint, a model.Address) model.Truth {
	ip, known := a.IP.Get()
	switch {
	case known:
		return e.Holds(ip)
	case a.IP.IsAbsent():
		return model.False
	}
	return model.Maybe
}

// subnetName returns the name of a subnet for messages.
func subnetName(subnet model.Ref[model.Subnet]) string {
	if id, known := subnet.Value.Get(); known {
		return "subnet " + id
	}
	if sole, certain := subnet.Sole(); certain {
		return "subnet " + sole.Name
	}
	return "a subnet"
}
