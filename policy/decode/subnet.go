package decode

import (
	"regexp"

	"private-api-blueprints/policy/model"
)

// zoneNames holds the two ways to name a subnet's zone. Names of zones differ
// between accounts and IDs do not. Within one account either will do.
// https://docs.aws.amazon.com/ram/latest/userguide/working-with-az-ids.html
type zoneNames struct{ name, id model.Known[string] }

func (b *builder) makeSubnet(n *node) {
	subnet := &model.Subnet{
		Element:    n.element(),
		Range:      n.get("cidrBlock").prefix(),
		Range6:     n.get("ipv6CidrBlock").prefix(),
		IsRegional: isRegional(n),

		MapsPublicIPv4: mapsPublicIPv4(n),
		// A subnet that the program only reads has no reference to its VPC.
		AssociationsComplete: n.isProgrammed("vpcId") == model.True,
	}
	b.stack.Subnets = b.subnets.add(n, subnet)
	put(&b.zoneNames, subnet, zoneNames{n.get("availabilityZone").str(), n.get("availabilityZoneId").str()})
}

// The names and the IDs of Availability Zones. Those of Local Zones and of
// Wavelength Zones have more parts.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html
var (
	zoneName         = regexp.MustCompile(`^[a-z]+(-[a-z]+)+-[0-9][a-z]$`)
	availabilityZone = regexp.MustCompile(`^[a-z]+[0-9]-az[0-9]+$`)
)

// isRegional asks whether a subnet is in an Availability Zone of the region. If
// the program names no zone, AWS chooses one of those.
func isRegional(n *node) model.Truth {
	name, id := n.get("availabilityZone").str(), n.get("availabilityZoneId").str()
	onOutpost := n.sets("outpostArn")
	text, known := name.Get()
	zone, identified := id.Get()
	switch {
	case known:
		return model.TruthOf(zoneName.MatchString(text)).And(onOutpost.Not())
	case identified:
		return model.TruthOf(availabilityZone.MatchString(zone)).And(onOutpost.Not())
	case name.IsAbsent() && id.IsAbsent():
		return onOutpost.Not()
	}
	return onOutpost.Not().AtMostMaybe()
}

// mapsPublicIPv4 asks whether a subnet gives public IPv4 addresses to its instances.
// A default subnet does, unless the program or its owner has changed that.
func mapsPublicIPv4(n *node) model.Truth {
	maps := n.get("mapPublicIpOnLaunch").boolean()
	isDefault := n.token() == "aws:ec2/defaultSubnet:DefaultSubnet"
	if maps.IsAbsent() && (isDefault || n.isProgrammed("vpcId") != model.True) {
		return model.Maybe
	}
	return maps.Or(false).Equals(true)
}

func (b *builder) linkSubnet(n *node) { elementOf(&b.subnets, n).VPC = b.vpcs.ref(n, "vpcId") }

// zoneID is a zone's ID as one provider's account sees it.
type zoneID struct{ provider, id string }

// chooseZones sets each subnet's zone to the name or the ID, so that the subnets
// of the stack can be compared.
func (b *builder) chooseZones() {
	names := map[zoneID]model.Known[string]{}
	providers := map[string]map[string]bool{} // The providers that use an ID.
	onlyNamed := false
	for _, subnet := range b.stack.Subnets {
		z := b.zoneNames[subnet]
		_, named := z.name.Get()
		id, identified := z.id.Get()
		if named && identified {
			names[zoneID{subnet.Provider, id}] = z.name
		}
		if providers[id] == nil {
			providers[id] = map[string]bool{}
		}
		providers[id][subnet.Provider] = true
		onlyNamed = onlyNamed || named && !identified
	}
	for _, subnet := range b.stack.Subnets {
		z := b.zoneNames[subnet]
		id, _ := z.id.Get()
		ambiguous := onlyNamed || len(providers[id]) > 1
		subnet.Zone = z.choose(names[zoneID{subnet.Provider, id}], ambiguous)
	}
}

// choose returns the zone's name, if necessary from another subnet of the account
// with the same zone ID. If no name is known, it returns the ID, unless the ID is
// ambiguous: another subnet may be in the same zone and have only a name, or a
// name from another account.
func (z zoneNames) choose(nameOfID model.Known[string], ambiguous bool) model.Known[string] {
	for _, name := range []model.Known[string]{z.name, nameOfID} {
		if _, known := name.Get(); known {
			return name
		}
	}
	if _, identified := z.id.Get(); identified && !ambiguous {
		return z.id
	}
	return model.Unknown[string]()
}
