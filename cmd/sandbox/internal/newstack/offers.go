package newstack

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/cmd/sandbox/internal/account"
	"private-api-blueprints/config"
)

// offers returns what can be proposed for a key, and whether the first offer is a good answer for everybody. What
// only the owner of a stack can know, such as the ranges of clients, has no offers.
func (d *draft) offers(k *key) (list []offer, preferred bool) {
	if len(k.choices()) > 0 {
		return d.choiceOffers(k)
	}
	propose := proposals[k.name]
	if propose == nil {
		propose = enumOffers
	}
	return propose(d, k)
}

// proposals holds what proposes values of a key, by the last part of its path.
var proposals = map[string]func(*draft, *key) ([]offer, bool){
	"service":            halfOffers,
	"cidrBlock":          rangeOffers,
	"availabilityZones":  zoneOffers,
	"vpcId":              vpcOffers,
	"privateSubnetIds":   subnetOffers,
	"publicSubnetIds":    subnetOffers,
	"dualstackSubnetIds": subnetOffers,
	"clientCidrs":        clientOffers,
	"natGateways":        natOffers,
	"name":               nameOffers,
	"publicZoneId":       hostedZoneOffers,
	"certificateArn":     certificateOffers,
	"cloudwatchRole":     roleOffers,
	"allowedPrincipals":  principalOffers,
}

// offer returns the offer of one value of a key.
func (k *key) offer(name string, value any, note string) offer {
	return offer{name: name, note: note, settings: []setting{{k.path, value}}}
}

// sibling returns the path of a key in the same group.
func (k *key) sibling(name string) string { return strings.TrimSuffix(k.path, k.name) + name }

// preferredChoices are the choices that need nothing that exists already.
var preferredChoices = []string{"create", "launch"}

// choiceOffers offers the keys of which a group takes exactly one.
func (d *draft) choiceOffers(k *key) (list []offer, preferred bool) {
	for _, choice := range k.choices() {
		o := offer{name: choice.name, note: choice.tag.Get("oneOf"), next: choice}
		if choice.isGroup() { // The next questions are about what it lacks.
			o.next, o.settings = nil, []setting{{choice.path, map[string]any{}}}
		}
		if slices.Contains(preferredChoices, choice.name) {
			list, preferred = slices.Insert(list, 0, o), true
			continue
		}
		list = append(list, o)
	}
	if d.blueprint == "shared-vpc-apis" && preferred {
		withNat := list[0]
		withNat.name = "create with NAT"
		withNat.note = "a new VPC whose clients reach the regional API through a NAT gateway"
		withNat.settings = []setting{{k.path + ".create", map[string]any{"natGateways": "Single"}}}
		list = slices.Insert(list, 0, withNat)
	}
	return list, preferred
}

// preferredValues are the values of keys with a list of them that suit most stacks.
var preferredValues = map[string]string{"authorization": "AWS_IAM", "endpointType": "regional"}

// enumOffers offers the values of a key that has a list of them.
func enumOffers(_ *draft, k *key) (list []offer, preferred bool) {
	for _, value := range k.enum() {
		o := k.offer(value, value, "")
		if value == preferredValues[k.name] {
			list, preferred = slices.Insert(list, 0, o), true
			continue
		}
		list = append(list, o)
	}
	return list, preferred
}

// halfOffers offers the halves of an endpoint service.
func halfOffers(_ *draft, k *key) ([]offer, bool) {
	service := setting{k.path, map[string]any{}}
	consumer := setting{k.sibling("consumer"), map[string]any{}}
	return []offer{
		{name: "service", note: "the stack offers a service", settings: []setting{service}},
		{name: "consumer", note: "the stack uses a service that another one offers", settings: []setting{consumer}},
		{name: "both", note: "two networks in one stack", settings: []setting{service, consumer}},
	}, true
}

// rangeOffers offers a range for a VPC that no other one has.
func rangeOffers(d *draft, k *key) ([]offer, bool) {
	var taken []netip.Prefix
	add := func(text string) {
		if prefix, err := netip.ParsePrefix(text); err == nil {
			taken = append(taken, prefix)
		}
	}
	for _, vpc := range d.found.VPCs {
		add(vpc.CIDR)
	}
	for _, path := range d.reference.named("cidrBlock") {
		add(d.text(path))
	}
	for i := range 256 {
		free := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i), 0, 0}), 16)
		if !slices.ContainsFunc(taken, free.Overlaps) {
			return []offer{k.offer(free.String(), free.String(), "")}, true
		}
	}
	return nil, false
}

// zoneOffers offers two zones of the region.
func zoneOffers(d *draft, k *key) ([]offer, bool) {
	if len(d.found.Zones) < 2 {
		return nil, false
	}
	zones := d.found.Zones[:2]
	note := ""
	if others := d.found.Zones[2:]; len(others) > 0 {
		note = "the region also has " + strings.Join(others, " ")
	}
	return []offer{k.offer(strings.Join(zones, " "), zones, note)}, true
}

// vpcOffers offers the VPCs in which private DNS names can be on.
func vpcOffers(d *draft, k *key) (list []offer, preferred bool) {
	for _, vpc := range d.found.VPCs {
		if vpc.Hostnames {
			list = append(list, k.offer(vpc.ID, vpc.ID, strings.TrimSpace(vpc.Name+" "+vpc.CIDR)))
		}
	}
	return list, false
}

// subnetOffers offers a subnet in each zone of the VPC.
func subnetOffers(d *draft, k *key) ([]offer, bool) {
	vpc := d.found.VPC(d.text(k.sibling("vpcId")))
	if vpc == nil {
		return nil, false
	}
	byZone := map[string]account.Subnet{}
	for _, subnet := range vpc.Subnets {
		suits := subnet.Public == (k.name == config.Public.IdsKey()) &&
			(subnet.IPv6 || k.name != config.Dualstack.IdsKey())
		if _, found := byZone[subnet.Zone]; suits && !found {
			byZone[subnet.Zone] = subnet
		}
	}
	var ids, zones []string
	for _, zone := range d.found.Zones {
		if subnet, found := byZone[zone]; found {
			ids, zones = append(ids, subnet.ID), append(zones, zone)
		}
	}
	if len(ids) < 2 {
		return nil, false
	}
	return []offer{k.offer(strings.Join(ids, " "), ids, "in "+strings.Join(zones, " "))}, true
}

// clientOffers offers the range of the network that the clients are in.
func clientOffers(d *draft, k *key) ([]offer, bool) {
	network := k.sibling("network")
	if d.reference.find(network) == nil {
		network = config.Namespace + ":network"
	}
	cidr := d.text(network + ".create.cidrBlock")
	if vpc := d.found.VPC(d.text(network + ".existing.vpcId")); vpc != nil {
		cidr = vpc.CIDR
	}
	if cidr == "" {
		return nil, false
	}
	return []offer{k.offer(cidr, []string{cidr}, "the network itself")}, true
}

// natOffers offers what gives launched servers a way to their packages.
func natOffers(_ *draft, k *key) ([]offer, bool) {
	return []offer{
		k.offer("Single", "Single", "one NAT gateway"),
		k.offer("OnePerAz", "OnePerAz", "one NAT gateway in each zone"),
		{name: "s3Gateway", note: "no NAT gateway, and an endpoint for the repositories only",
			settings: []setting{{k.sibling("s3Gateway"), true}}},
	}, true
}

// nameOffers offers a name in each public zone of the account.
func nameOffers(d *draft, k *key) (list []offer, preferred bool) {
	for _, zone := range d.found.PublicZones() {
		list = append(list, k.offer("api."+zone, "api."+zone, ""))
	}
	return list, len(list) == 1
}

// zoneOf returns the public zone of the name that the group of a key is about.
func (d *draft) zoneOf(k *key) *account.HostedZone {
	name := d.text(k.sibling("name"))
	if simulated := config.Namespace + ":backend.simulated."; strings.HasPrefix(k.path, simulated) {
		name = d.text(config.Namespace + ":backend.hostName")
	}
	return d.found.PublicZone(name)
}

// hostedZoneOffers offers the public zone of the name.
func hostedZoneOffers(d *draft, k *key) ([]offer, bool) {
	zone := d.zoneOf(k)
	if zone == nil {
		return nil, false
	}
	return []offer{k.offer(zone.ID, zone.ID, "the public zone "+zone.Name)}, true
}

// certificateOffers offers a new certificate, validated through the public zone of the name.
func certificateOffers(d *draft, k *key) ([]offer, bool) {
	zone := d.zoneOf(k)
	if zone == nil {
		return nil, false
	}
	settings := []setting{{k.sibling("publicZoneId"), zone.ID}, {k.sibling("createCertificate"), true}}
	if d.has(k.sibling("publicZoneId")) {
		settings = settings[1:]
	}
	return []offer{{
		name: "create", settings: settings,
		note: fmt.Sprintf("a new certificate, validated through the public zone %s (%s)", zone.Name, zone.ID),
	}}, true
}

// roleOffers offers what the account needs so that API Gateway can write logs.
func roleOffers(d *draft, k *key) ([]offer, bool) {
	create := k.offer("create", "create", "the account has no role for the logs of API Gateway yet")
	existing := k.offer("existing", "existing", "the account has a role for the logs of API Gateway")
	switch d.found.LogsRole {
	case account.LogsRoleSet:
		create.note = ""
		return []offer{existing, create}, true
	case account.LogsRoleUnset:
		existing.note = ""
		return []offer{create, existing}, true
	default:
		create.note, existing.note = "", ""
		return []offer{create, existing}, false
	}
}

// principalOffers offers the account itself.
func principalOffers(d *draft, k *key) ([]offer, bool) {
	if d.found.ID == "" {
		return nil, false
	}
	root := fmt.Sprintf("arn:%s:iam::%s:root", d.found.Partition, d.found.ID)
	return []offer{k.offer(root, []string{root}, "the account itself")}, true
}
