package rules

import (
	"fmt"
	"net/netip"

	"private-api-blueprints/policy/model"
)

var vpceSubnetcfgConsistent = &Rule{
	ID:    "vpce-subnetcfg-consistent",
	Title: "Each pinned address of an endpoint is a free one of a subnet of the endpoint",
	Why: `AWS takes a pinned address (subnetConfigurations) only in a subnet that subnetIds names
too, inside that subnet's range, none of its first four or its last, and once. Anything
else fails with InvalidParameter when the endpoint is created, after everything that does
not depend on it; a load balancer is then there with targets that nobody answers at.`,
	Fix: `Name every subnet in both subnetIds and subnetConfigurations, and pin one address in
each, beginning with the fifth of the subnet's range.`,
	Severity: High,
	Level:    Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html",
		"https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
		"https://www.pulumi.com/registry/packages/aws/api-docs/ec2/vpcendpoint/",
	},
	Tags:  []string{"vpc-endpoint"},
	Check: checkSubnetConfigurations,
}

func checkSubnetConfigurations(s *model.Stack, r *Report) {
	for i, e := range s.Endpoints {
		var faults []fault
		for j, a := range e.Addresses {
			faults = append(faults, misplaced(e, a)...)
			faults = append(faults, doubled(e, a, e.Name, pins(e.Addresses[:j], a)))
			for _, other := range s.Endpoints[:i] {
				faults = append(faults, doubled(e, a, other.Name, holds(other, a).And(e.VPC.Same(other.VPC))))
			}
		}
		if !e.PinsComplete {
			faults = append(faults, fault{model.Maybe, e.Origin, e.Name + " pins other addresses"})
		}
		r.judge(e.Origin, faults)
	}
}

// misplaced are the faults of one address and its subnet.
func misplaced(e *model.Endpoint, a model.Address) []fault {
	subnet := subnetName(a.Subnet)
	faults := []fault{{
		a.Listed.Not(), e.At("subnetConfigurations"),
		fmt.Sprintf("%s: subnetConfigurations names %s, which subnetIds does not; want it in both", e.Name, subnet),
	}}
	text, _ := a.IP.Get()
	ip, err := netip.ParseAddr(text)
	if err != nil {
		return faults
	}
	return append(faults, fault{
		a.Subnet.Ask(func(s *model.Subnet) model.Truth { return s.Offers(ip).Not() }), e.At("subnetConfigurations"),
		fmt.Sprintf("%s: %s is not an address that %s has to give; want one inside its range, from the fifth to the last but one", e.Name, ip, subnet),
	})
}

// doubled is the fault of an address that the same network has pinned already.
func doubled(e *model.Endpoint, a model.Address, by string, twice model.Truth) fault {
	ip, _ := a.IP.Get()
	return fault{
		twice, e.At("subnetConfigurations"),
		fmt.Sprintf("%s: %s is pinned already, by %s; want each address once", e.Name, ip, by),
	}
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
