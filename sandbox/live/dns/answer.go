package dns

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/miekg/dns"
)

// Answer is what a resolver answers.
type Answer struct {
	Name string // The name that was asked for, without its last dot.
	Type uint16
	// Rcode is dns.RcodeSuccess, also if the name has no records of the type, dns.RcodeNameError for a name that does
	// not exist, or dns.RcodeServerFailure.
	Rcode     int
	Records   []dns.RR // The CNAMEs on the way come first.
	Authority []dns.RR // The SOA record of the zone that has no answer.
	Hops      []Hop    // Who answered, one for each name on the way.
}

// Hop is a zone or an object that answered for a name.
type Hop struct {
	Name string `json:"name"`
	// Source is the ID of the hosted zone, or of the endpoint whose private DNS answered. It may be empty.
	Source string `json:"source,omitempty"`
	// Text says what answered and what it knows: "private zone api.example.com: alias to vpce-…: 10.0.10.19".
	Text string `json:"text"`
}

// Addrs returns the addresses in an answer.
func (a *Answer) Addrs() []netip.Addr {
	var all []netip.Addr
	for _, rr := range a.Records {
		switch rr := rr.(type) {
		case *dns.A:
			addr, _ := netip.AddrFromSlice(rr.A.To4())
			all = append(all, addr)
		case *dns.AAAA:
			addr, _ := netip.AddrFromSlice(rr.AAAA)
			all = append(all, addr)
		}
	}
	return all
}

// found is what a zone knows about a name.
type found struct {
	records []dns.RR
	text    string
	exists  bool
	next    string // The target of a CNAME.
}

// find returns what a zone knows about records of a type.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
func (h *zone) find(z *Zones, name string, kind uint16, depth int) found {
	sets, source := h.sets[name], name
	if sets == nil && !h.parents[name] && name != h.name {
		source = h.wildcard(name)
		sets = h.sets[source]
	}
	f := found{exists: sets != nil || h.parents[name] || name == h.name}
	switch {
	case !f.exists:
		f.text = "no such name"
	case name == h.name && kind == dns.TypeSOA:
		f.records, f.text = []dns.RR{soa(h.name, h.servers)}, "start of the zone"
	case name == h.name && kind == dns.TypeNS && sets[kind] == nil:
		f.records, f.text = parseRecords(name, kind, h.nameServers()), "name servers"
	case sets[kind] != nil:
		f = h.answer(z, name, kind, sets[kind], depth)
	case sets[dns.TypeCNAME] != nil:
		f = h.answer(z, name, dns.TypeCNAME, sets[dns.TypeCNAME], depth)
		if len(f.records) > 0 {
			f.next = canonical(f.records[0].(*dns.CNAME).Target)
		}
	default:
		f.text = "no " + dns.TypeToString[kind] + " record"
	}
	if source != name && sets != nil {
		f.text = source + ": " + f.text
	}
	return f
}

// wildcard returns the name of the wildcard that may stand for a name: the one below the closest name that exists.
// https://www.rfc-editor.org/rfc/rfc4592
func (h *zone) wildcard(name string) string {
	for parent := name; parent != h.name; {
		_, parent, _ = strings.Cut(parent, ".")
		if parent == h.name || h.sets[parent] != nil || h.parents[parent] {
			return "*." + parent
		}
	}
	return ""
}

// answer returns the records of a set.
func (h *zone) answer(z *Zones, name string, kind uint16, set []record, depth int) found {
	f := found{exists: true}
	var texts []string
	for _, r := range z.choose(set) {
		records, text := z.resolve(name, kind, r, depth)
		f.records = append(f.records, records...)
		texts = append(texts, text)
	}
	f.text = strings.Join(texts, ", ")
	return f
}

// maxValues is how many records of a multivalue set answer.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-multivalue.html
const maxValues = 8

// choose returns the records of a set that answer. Records with identifiers take turns, each as often as the others,
// except weights of 0 and secondary records.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-policy-weighted.html
func (z *Zones) choose(set []record) []record {
	if len(set) == 1 || set[0].identifier == "" {
		return set
	}
	if set[0].multi {
		return set[:min(len(set), maxValues)]
	}
	var equal []record
	for _, r := range set {
		if !r.secondary && (r.weight == nil || *r.weight > 0) {
			equal = append(equal, r)
		}
	}
	if len(equal) == 0 {
		equal = set
	}
	return equal[(z.turn.Add(1)-1)%uint64(len(equal)):][:1]
}

// maxDepth is how many aliases and CNAMEs a resolver follows.
const maxDepth = 8

// resolve returns what a record says, under a name. Route 53 resolves an alias within the zone of its target.
func (z *Zones) resolve(name string, kind uint16, r record, depth int) (records []dns.RR, text string) {
	switch {
	case r.addrs.source != "":
		return addressRecords(name, kind, r.addrs), addressText(kind, r.addrs)
	case r.alias == "":
		records = parseRecords(name, kind, r)
		return records, recordText(records)
	case depth >= maxDepth:
		return nil, "alias to " + r.alias + ": a loop"
	}
	if h := z.hosted[r.aliasZone]; h != nil {
		f := h.find(z, r.alias, kind, depth+1)
		for _, rr := range f.records {
			rr.Header().Name = dns.Fqdn(name)
		}
		return f.records, "alias to " + r.alias + ": " + f.text
	}
	t, ok := z.named(r.alias)
	if !ok {
		return nil, "alias to " + r.alias + ", which does not exist"
	}
	return addressRecords(name, kind, t), fmt.Sprintf("alias to %s: %s", r.alias, addressText(kind, t))
}

// parseRecords returns the records of values as in a zone file.
func parseRecords(name string, kind uint16, r record) []dns.RR {
	var all []dns.RR
	for _, value := range r.values {
		if kind == dns.TypeTXT && !strings.HasPrefix(value, `"`) {
			value = `"` + value + `"` // As the provider does.
		}
		if kind == dns.TypeCNAME || kind == dns.TypeNS {
			value = dns.Fqdn(value)
		}
		rr, err := dns.NewRR(fmt.Sprintf(". %d IN %s %s", r.ttl, dns.TypeToString[kind], value))
		if err == nil && rr != nil {
			rr.Header().Name = dns.Fqdn(name)
			all = append(all, rr)
		}
	}
	return all
}

// addressRecords returns the records of the addresses of a target.
func addressRecords(name string, kind uint16, t target) []dns.RR {
	var all []dns.RR
	for _, addr := range t.addrs {
		header := dns.RR_Header{Name: dns.Fqdn(name), Rrtype: kind, Class: dns.ClassINET, Ttl: shortTTL}
		switch {
		case kind == dns.TypeA && addr.Is4():
			all = append(all, &dns.A{Hdr: header, A: addr.AsSlice()})
		case kind == dns.TypeAAAA && addr.Is6():
			all = append(all, &dns.AAAA{Hdr: header, AAAA: addr.AsSlice()})
		}
	}
	return all
}

// addressText describes the addresses of a target.
func addressText(kind uint16, t target) string {
	if records := addressRecords("", kind, t); len(records) > 0 {
		return t.text + " has " + recordText(records)
	}
	return t.text + " has no " + dns.TypeToString[kind] + " record"
}

// recordText returns the values of records.
func recordText(records []dns.RR) string {
	var all []string
	for _, rr := range records {
		all = append(all, strings.TrimPrefix(rr.String(), rr.Header().String()))
	}
	return strings.Join(all, " ")
}

// nameServers returns the NS record of a hosted zone.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html
func (h *zone) nameServers() record { return record{ttl: 172800, values: h.servers} }

// soa returns the SOA record of a zone of Route 53. Resolvers keep for 15 minutes that a name does not exist.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html
func soa(name string, servers []string) *dns.SOA {
	server := "ns-0.awsdns-00.com"
	if len(servers) > 0 {
		server = servers[0]
	}
	return &dns.SOA{Hdr: dns.RR_Header{Name: dns.Fqdn(name), Rrtype: dns.TypeSOA, Class: dns.ClassINET, Ttl: 900},
		Ns: dns.Fqdn(server), Mbox: "awsdns-hostmaster.amazon.com.", Serial: 1, Refresh: 7200, Retry: 900,
		Expire: 1209600, Minttl: 86400}
}
