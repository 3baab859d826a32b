// Package dns answers what a resolver answers at a place: the Route 53 Resolver of
// a VPC, which knows the VPC's private zones and the private DNS of its endpoints,
// or public DNS. It says which zone or endpoint decided the answer.
//
// A hosted zone's alias record is resolved by Route 53 itself, in the zone of its
// target. A CNAME record is resolved again by the resolver that the client asked.
// So a CNAME to a name that a private zone captures leads into the VPC, and an
// alias does not:
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html
package dns

import (
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/miekg/dns"

	"private-api-blueprints/sandbox/live/inventory"
)

// Zones are the hosted zones of an account and the names that AWS gives its objects. Its methods may be called
// concurrently.
type Zones struct {
	inv     *inventory.Inventory
	hosted  map[string]*zone // By ID.
	public  []*zone
	private map[string][]*zone // By VPC: hosted zones and those of endpoints.
	names   awsNames
	nodes   Nodes
	turn    atomic.Uint64 // Which of several equal records is next.
}

// Nodes returns the private addresses of those nodes of a load balancer, by its ARN, to which its name leads.
type Nodes func(loadBalancer string) []netip.Addr

// zone is a hosted zone, or what an endpoint's private DNS adds to its VPC.
type zone struct {
	id, name string
	text     string // What it is, in a transcript.
	servers  []string
	sets     map[string]map[uint16][]record // By name and type.
	parents  map[string]bool                // Names that exist because names below them do.
}

// record is a record of a set. A set has several only if they have identifiers.
type record struct {
	ttl        uint32
	values     []string // As in a zone file. None for an alias.
	alias      string   // The name of the target.
	aliasZone  string   // The ID of the target's zone.
	addrs      target   // The addresses of an endpoint, in its own zone.
	weight     *int     // Nil for a record that is not weighted.
	multi      bool     // All values of the set answer.
	secondary  bool     // It answers only if the primary record does not.
	identifier string
}

// New returns the zones of an account. The names of load balancers lead to some of their nodes, or to all if nodes is
// nil.
func New(inv *inventory.Inventory, nodes Nodes) *Zones {
	z := &Zones{inv: inv, hosted: map[string]*zone{}, private: map[string][]*zone{}, names: namesOf(inv), nodes: nodes}
	associated := map[string][]string{}
	for _, o := range inv.All("aws:route53/zoneAssociation:ZoneAssociation") {
		associated[o.Out.String("zoneId")] = append(associated[o.Out.String("zoneId")], o.Out.String("vpcId"))
	}
	for _, o := range inv.All("aws:route53/zone:Zone") {
		vpcs := append(o.Out.StringsAt("vpcs[].vpcId"), associated[o.ID]...)
		h := newZone(o.ID, canonical(o.Out.String("name")))
		h.servers = o.Out.Strings("nameServers")
		h.text = "public zone " + h.name
		if len(vpcs) > 0 {
			h.text = "private zone " + h.name
		} else {
			z.public = append(z.public, h)
		}
		z.hosted[o.ID] = h
		for _, vpc := range vpcs {
			z.private[vpc] = append(z.private[vpc], h)
		}
	}
	for _, o := range inv.All("aws:route53/record:Record") {
		if h := z.hosted[o.Out.String("zoneId")]; h != nil {
			h.add(canonical(o.Out.String("fqdn")), dns.StringToType[o.Out.String("type")], recordOf(o))
		}
	}
	z.addEndpointZones()
	return z
}

func newZone(id, name string) *zone {
	return &zone{id: id, name: name, sets: map[string]map[uint16][]record{}, parents: map[string]bool{}}
}

// add adds a record, and the names above it.
func (h *zone) add(name string, kind uint16, r record) {
	name = strings.ReplaceAll(name, `\052`, "*") // As Route 53 writes a wildcard.
	if h.sets[name] == nil {
		h.sets[name] = map[uint16][]record{}
	}
	h.sets[name][kind] = append(h.sets[name][kind], r)
	for parent := name; parent != h.name && parent != ""; {
		_, parent, _ = strings.Cut(parent, ".")
		h.parents[parent] = true
	}
}

// recordOf returns a record of the account.
func recordOf(o *inventory.Object) record {
	r := record{ttl: uint32(o.Out.Int("ttl")), values: o.Out.Strings("records"),
		identifier: o.Out.String("setIdentifier"), multi: o.Out.Bool("multivalueAnswerRoutingPolicy")}
	for _, alias := range o.Out.Objects("aliases") {
		r.alias, r.aliasZone = canonical(alias.String("name")), alias.String("zoneId")
	}
	for _, policy := range o.Out.Objects("weightedRoutingPolicies") {
		weight := policy.Int("weight")
		r.weight = &weight
	}
	for _, policy := range o.Out.Objects("failoverRoutingPolicies") {
		r.secondary = policy.String("type") == "SECONDARY"
	}
	return r
}

// addEndpointZones adds the private DNS of interface endpoints to their VPCs. AWS's services have a wildcard
// below the name, which is a CNAME to it.
// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
func (z *Zones) addEndpointZones() {
	for _, o := range z.inv.All(endpointType) {
		if !o.Out.Bool("privateDnsEnabled") || o.Out.String("state") != "available" {
			continue
		}
		addrs := endpointTarget(z.inv, o, "", true)
		var private *zone
		for _, entry := range o.Out.Objects("dnsEntries") {
			name := canonical(entry.String("dnsName"))
			base := strings.TrimPrefix(name, "*.")
			if strings.HasSuffix(base, ".vpce.amazonaws.com") || strings.HasSuffix(base, ".vpce.amazonaws.com.cn") {
				continue
			}
			if private == nil {
				private = newZone(o.ID, base)
				private.text = "private DNS of " + o.ID
				vpc := o.Out.String("vpcId")
				z.private[vpc] = append(z.private[vpc], private)
			}
			if name != base && private.sets[base] != nil {
				private.add(name, dns.TypeCNAME, record{ttl: shortTTL, values: []string{base + "."}})
				continue
			}
			private.add(name, dns.TypeA, record{ttl: shortTTL, addrs: addrs})
			private.add(name, dns.TypeAAAA, record{ttl: shortTTL, addrs: addrs})
		}
	}
}

// closest returns the zone with the longest name that contains a name, or nil.
func closest(zones []*zone, name string) *zone {
	var best *zone
	for _, h := range zones {
		if within(name, h.name) && (best == nil || len(h.name) > len(best.name)) {
			best = h
		}
	}
	return best
}

// delegated returns the public zone that answers for a name, or nil. The registrar delegates to the zone with the
// shortest name. A zone below it is found only through NS records that name its servers. foreign is the name servers
// outside of the account to which such records lead instead.
func (z *Zones) delegated(name string) (h *zone, foreign []string) {
	for _, top := range z.public {
		if within(name, top.name) && (h == nil || len(top.name) < len(h.name)) {
			h = top
		}
	}
	for h != nil {
		child := h.cut(name)
		if child == "" {
			break
		}
		var servers []string
		for _, r := range h.sets[child][dns.TypeNS] {
			servers = append(servers, r.values...)
		}
		if h = z.served(child, servers); h == nil {
			return nil, servers
		}
	}
	return h, nil
}

// cut returns the domain that a zone delegates and that contains a name. It is empty if there is none.
func (h *zone) cut(name string) string {
	found := ""
	for ; name != h.name; _, name, _ = strings.Cut(name, ".") {
		if h.sets[name][dns.TypeNS] != nil {
			found = name
		}
	}
	return found
}

// served returns the public zone of a name that has one of some servers, or nil.
func (z *Zones) served(name string, servers []string) *zone {
	for _, h := range z.public {
		if h.name == name && slices.ContainsFunc(servers, func(s string) bool {
			return slices.Contains(h.servers, canonical(s))
		}) {
			return h
		}
	}
	return nil
}

// within reports whether a name is a domain or lies below it.
func within(name, domain string) bool { return name == domain || strings.HasSuffix(name, "."+domain) }

// canonical returns a name in lower case without its last dot.
func canonical(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }
