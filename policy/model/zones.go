package model

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Zones are the Availability Zones of a set of subnets. An interface endpoint or
// a load balancer has at most one subnet per zone, so the number of subnets is
// the number of zones.
// https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
type Zones struct {
	subnets Refs[Subnet]
	sure    map[string]bool
	unsure  []choice // One for each subnet whose zone is not certain.
	rest    *choice  // The zones of an unknown number of further subnets.
}

// choice holds the zones that one subnet may be in.
type choice struct {
	zones map[string]bool
	open  bool // It may also be in another zone.
}

// ZonesOf returns the zones of a set of subnets.
func ZonesOf(subnets Refs[Subnet]) Zones {
	z := Zones{subnets: subnets, sure: map[string]bool{}}
	for _, item := range subnets.Items {
		c := zonesFor(item)
		if len(c.zones) == 1 && !c.open {
			maps.Copy(z.sure, c.zones)
		} else {
			z.unsure = append(z.unsure, c)
		}
	}
	if subnets.Rest != nil {
		c := zonesFor(*subnets.Rest)
		z.rest = &c
	}
	return z
}

// settled returns the set of zones, and whether it is certain: each subnet's
// zone is known, or there are as many subnets as possible zones.
func (z Zones) settled() (zones map[string]bool, certain bool) {
	possible, open := z.possible()
	switch {
	case open:
		return nil, false
	case len(possible) == len(z.sure):
		return possible, true
	}
	return possible, z.rest == nil && len(possible) == len(z.subnets.Items)
}

// certain reports whether each subnet's zone is known.
func (z Zones) certain() bool { return len(z.unsure) == 0 && z.rest == nil }

// includes reports whether every zone of y is certainly a zone of z.
func (z Zones) includes(y Zones) bool {
	possible, open := y.possible()
	for zone := range possible {
		open = open || !z.sure[zone]
	}
	return !open
}

// zonesFor returns the zones that a subnet may be in.
func zonesFor(subnet Ref[Subnet]) choice {
	c := choice{zones: map[string]bool{}, open: subnet.Open}
	for _, candidate := range subnet.Candidates {
		if zone, known := candidate.Zone.Get(); known {
			c.zones[zone] = true
		} else {
			c.open = true
		}
	}
	return c
}

// AtLeast asks whether the subnets are in n or more zones.
func (z Zones) AtLeast(n int) Truth {
	switch most, bounded := z.most(); {
	case z.least() >= n:
		return True
	case bounded && most < n:
		return False
	}
	return Maybe
}

// least returns the smallest number of zones that the subnets may be in.
func (z Zones) least() int {
	if len(z.sure) == 0 && len(z.unsure) > 0 {
		return 1
	}
	return len(z.sure)
}

// most returns the largest number of zones that the subnets may be in, and
// whether there is such a limit.
func (z Zones) most() (n int, bounded bool) {
	possible, open := z.possible()
	if z.rest == nil {
		n = len(z.sure) + len(z.unsure)
		if !open {
			n = min(n, len(possible))
		}
		return n, true
	}
	return len(possible), !open
}

// possible returns the zones that the subnets may be in, and whether they may
// also be in others.
func (z Zones) possible() (zones map[string]bool, open bool) {
	zones = maps.Clone(z.sure)
	choices := z.unsure
	if z.rest != nil {
		choices = append(slices.Clone(choices), *z.rest)
	}
	for _, c := range choices {
		maps.Copy(zones, c.zones)
		open = open || c.open
	}
	return zones, open
}

// Within asks whether each of the zones is also a zone of y.
func (z Zones) Within(y Zones) Truth {
	mine, certain := z.settled()
	theirs, alsoCertain := y.settled()
	switch {
	case sameSubnets(z.subnets, y.subnets):
		return True
	case certain && alsoCertain:
		return TruthOf(subset(mine, theirs))
	case y.excludes(z), z.rest == nil && y.rest == nil && len(z.subnets.Items) > len(y.subnets.Items):
		return False
	}
	return Maybe
}

// Apart asks whether the two sets have no zone in common.
func (z Zones) Apart(y Zones) Truth {
	if sameSubnets(z.subnets, y.subnets) {
		return TruthOf(z.subnets.IsEmpty())
	}
	mine, certain := z.settled()
	theirs, alsoCertain := y.settled()
	if certain && alsoCertain {
		return TruthOf(disjoint(mine, theirs))
	}
	mine, open := z.possible()
	theirs, alsoOpen := y.possible()
	switch {
	case !disjoint(z.sure, y.sure):
		return False
	case !open && !alsoOpen && disjoint(mine, theirs):
		return True
	}
	return Maybe
}

// subset reports whether b has all zones of a.
func subset(a, b map[string]bool) bool {
	for zone := range a {
		if !b[zone] {
			return false
		}
	}
	return true
}

// disjoint reports whether two sets of zones have none in common.
func disjoint(a, b map[string]bool) bool {
	for zone := range a {
		if b[zone] {
			return false
		}
	}
	return true
}

// sameSubnets reports whether two sets certainly have the same subnets.
func sameSubnets(a, b Refs[Subnet]) bool {
	if a.Rest != nil || b.Rest != nil || len(a.Items) != len(b.Items) {
		return false
	}
	for _, item := range a.Items {
		if b.Any(item.Same) != True {
			return false
		}
	}
	return true
}

// excludes reports whether y is in a zone in which z is not, or in more zones
// than z can be in.
func (z Zones) excludes(y Zones) bool {
	possible, open := z.possible()
	for zone := range y.sure {
		if !open && !possible[zone] {
			return true
		}
	}
	most, bounded := z.most()
	return bounded && y.least() > most
}

// String returns the list of zones for messages.
func (z Zones) String() string {
	names := slices.Sorted(maps.Keys(z.sure))
	if len(z.unsure) > 0 {
		names = append(names, fmt.Sprintf("%d not known yet", len(z.unsure)))
	}
	if z.rest != nil {
		names = append(names, "others not known yet")
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
