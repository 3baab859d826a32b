package trace

import (
	"net/netip"
	"strings"

	"private-api-blueprints/policy/model"
)

// recordIndex finds the records that may be for a name.
type recordIndex struct {
	byHost map[string][]*model.Record // Records for all names of a domain are under the domain.
	others []*model.Record            // Their names are not known.
}

func newRecordIndex(all []*model.Record) recordIndex {
	x := recordIndex{byHost: map[string][]*model.Record{}}
	for _, r := range all {
		host, known := r.Host.Get()
		if !known {
			x.others = append(x.others, r)
			continue
		}
		host = strings.TrimPrefix(host, "*.")
		x.byHost[host] = append(x.byHost[host], r)
	}
	return x
}

// candidates returns the records that may be for a name.
func (x recordIndex) candidates(host string) []*model.Record {
	all := append([]*model.Record(nil), x.byHost[host]...)
	for domain := parentOf(host); domain != ""; domain = parentOf(domain) {
		all = append(all, x.byHost[domain]...)
	}
	return append(all, x.others...)
}

// answer goes on with the records that were found for a name. The client takes IPv4
// addresses, or otherwise IPv6 addresses. none ends the walk if there is no record
// with addresses.
func (w walk) answer(c call, host string, records []foundRecord, none func(walk) []Trace) []Trace {
	for _, family := range families(c.request) {
		var certain []Trace
		var possible [][]Trace
		for _, r := range records {
			c.ipv6 = family == model.RecordAAAA
			of := r.Type.Equals(family).Or(r.Type.Equals(model.RecordCNAME))
			switch of.And(r.certain) {
			case model.True:
				certain = append(certain, w.record(c, host, r.Record)...)
			case model.Maybe:
				possible = append(possible, w.record(c, host, r.Record))
			}
		}
		switch {
		case len(certain) > 0 && len(possible) == 0:
			return certain
		case len(certain) > 0:
			return w.oneOf(records[0].Origin, "which record answers for "+host, append(possible, certain)...)
		case len(possible) > 0:
			return w.oneOf(records[0].Origin, "which record answers for "+host, append(possible, none(w))...)
		}
	}
	return none(w)
}

// families returns the types of the records that the client asks for, in order.
func families(r model.Request) []model.RecordType {
	switch r.IPVersion {
	case 4:
		return []model.RecordType{model.RecordA}
	case 6:
		return []model.RecordType{model.RecordAAAA}
	}
	return []model.RecordType{model.RecordA, model.RecordAAAA}
}

// record goes to where a record leads.
func (w walk) record(c call, host string, r *model.Record) []Trace {
	w = w.pass(r.Origin, "record %s (%s) answers for %s", r.Name, textOf(r.Type), host)
	if r.IsAlias == model.False && !r.Type.Is(model.RecordCNAME) {
		return w.values(c, r)
	}
	return w.destination(c, r)
}

// values goes to each address of a record.
func (w walk) values(c call, r *model.Record) []Trace {
	var all []Trace
	for _, v := range r.Values.Items {
		text, _ := v.Get()
		address, err := netip.ParseAddr(text)
		if err != nil {
			return w.sourcesOf(c, r)
		}
		all = append(all, w.toAddress(c, address)...)
	}
	if len(all) == 0 || !r.Values.Complete {
		return append(all, w.sourcesOf(c, r)...)
	}
	return all
}

// sourcesOf goes to the elements whose addresses a record has, if the addresses
// themselves are not known yet.
func (w walk) sourcesOf(c call, r *model.Record) []Trace {
	var alternatives [][]Trace
	for _, urn := range r.ValuesFrom.AWS {
		for _, lb := range w.balancersAt(urn) {
			alternatives = append(alternatives, w.toBalancer(c, lb))
		}
		for _, e := range w.stack.Endpoints {
			if e.URN == urn {
				alternatives = append(alternatives, w.toEndpoint(c, e))
			}
		}
	}
	if len(alternatives) == 0 || len(r.ValuesFrom.Other) > 0 {
		alternatives = append(alternatives, w.giveUp(r.At("records"),
			"the addresses of record %s are not known yet", r.Name))
	}
	return w.oneOf(r.At("records"), "where the addresses of record "+r.Name+" are", alternatives...)
}

// balancersAt returns the load balancers that are a resource, or that have an
// Elastic IP which is that resource.
func (w walk) balancersAt(urn string) []*model.LoadBalancer {
	var found []*model.LoadBalancer
	for _, lb := range w.stack.LoadBalancers {
		has := lb.URN == urn
		for _, n := range lb.Nodes {
			for _, ip := range n.ElasticIP.Candidates {
				has = has || ip.URN == urn
			}
		}
		if has {
			found = append(found, lb)
		}
	}
	return found
}

// destination goes to where an alias or a CNAME record leads.
func (w walk) destination(c call, r *model.Record) []Trace {
	d := r.Destination
	const what = "where the record leads"
	at := r.At("aliases")
	if r.Type.Is(model.RecordCNAME) {
		at = r.At("records")
	}
	switch {
	case d.LoadBalancer.IsClosed():
		return follow(w, at, what, d.LoadBalancer, func(lb *model.LoadBalancer) []Trace { return w.toBalancer(c, lb) })
	case d.Endpoint.IsClosed():
		return follow(w, at, what, d.Endpoint, func(e *model.Endpoint) []Trace {
			if _, zone := cutZone(textOf(d.Host)); zone != "" {
				return w.toZone(c, e, zone)
			}
			return w.toEndpoint(c, e)
		})
	case d.Domain.IsClosed():
		return w.toPublicGateway(c)
	}
	host, known := d.Host.Get()
	switch {
	case known:
		return w.lookUp(c, host)
	case d.IsRegionalDomain == model.True:
		return w.toPublicGateway(c)
	case len(d.LoadBalancer.Candidates)+len(d.Endpoint.Candidates) > 0:
		return w.oneOfElements(c, at, d)
	}
	return w.giveUp(at, "it is not known yet where record %s leads", r.Name)
}

// oneOfElements goes to each of the elements to which a record may lead.
func (w walk) oneOfElements(c call, at model.Origin, d model.Destination) []Trace {
	var alternatives [][]Trace
	for _, lb := range d.LoadBalancer.Candidates {
		alternatives = append(alternatives, w.toBalancer(c, lb))
	}
	for _, e := range d.Endpoint.Candidates {
		alternatives = append(alternatives, w.toEndpoint(c, e))
	}
	if d.LoadBalancer.Open || d.Endpoint.Open {
		alternatives = append(alternatives, w.giveUp(at, "the record may also lead elsewhere"))
	}
	return w.oneOf(at, "where the record leads", alternatives...)
}

// toPublicGateway goes to API Gateway over the internet.
func (w walk) toPublicGateway(c call) []Trace {
	w, ended := w.toInternet(c)
	if ended != nil {
		return ended
	}
	return w.atGateway(c, nil)
}
