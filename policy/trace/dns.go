package trace

import (
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
)

// endpointHost returns the name of an endpoint that leads to its addresses in all
// zones, or a placeholder.
func endpointHost(e *model.Endpoint) string {
	for _, item := range e.DNSNames.Items {
		if name, known := item.Get(); known && name.Zone == "" && strings.Contains(name.Host, ".vpce.") {
			return name.Host
		}
	}
	return idOf(e.Element) + ".vpce" + amazonaws
}

// lbHost returns the DNS name of a load balancer, or a placeholder.
func lbHost(lb *model.LoadBalancer) string {
	if name, known := lb.DNSName.Get(); known {
		return name
	}
	return idOf(lb.Element) + ".elb" + amazonaws
}

// call resolves the host of a request and goes to each of its addresses.
func (w walk) call(c call) []Trace {
	if c.request.ConnectTo != "" && !c.from.gateway {
		return w.connectTo(c)
	}
	if address, err := netip.ParseAddr(c.sni); err == nil {
		return w.toAddress(c, address)
	}
	return w.lookUp(c, c.sni)
}

// connectTo goes to the element that the request names, without a lookup in DNS.
func (w walk) connectTo(c call) []Trace {
	if c.request.ConnectTo == fromInternet {
		return w.toOutside(c)
	}
	found := w.names.find(c.request.ConnectTo, connectKinds...)
	if len(found) != 1 { // Tracer.begin has already found exactly one.
		return w.giveUp(model.Origin{}, "connectTo = %q names no load balancer, endpoint or instance",
			c.request.ConnectTo)
	}
	e := found[0]
	w = w.enter("resolver", model.Element{}).pass(e.element.Origin,
		"the client connects to %s %s without a lookup", e.kind, e.element.Name)
	switch to := e.pointer.(type) {
	case *model.LoadBalancer:
		return w.toBalancer(c, to)
	case *model.Instance:
		return w.toInstance(c, to, instancePlace(to).address)
	default:
		return w.toEndpoint(c, to.(*model.Endpoint))
	}
}

// maxNames is the largest number of names that a lookup follows, one after the other.
const maxNames = 8

// lookUp resolves a name as the resolver at the call's vantage point does: first in
// the private DNS of the VPC, otherwise in public DNS.
func (w walk) lookUp(c call, host string) []Trace {
	if c.depth++; c.depth > maxNames+maxDepth {
		return w.giveUp(model.Origin{}, "the name leads to more than %d others", maxNames)
	}
	w = w.enter("resolver", model.Element{})
	if c.from.internet || c.from.gateway {
		return w.inPublic(c, host)
	}
	return w.inVPC(c, host)
}

// inVPC resolves a name in a VPC. Of all private zones that cover the name, the
// most specific one answers. The private DNS of an endpoint acts as such a zone.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
func (w walk) inVPC(c call, host string) []Trace {
	if vpc, certain := c.from.vpc.Sole(); certain && vpc.DNSSupport.Is(false) {
		return w.resolverOff(vpc)
	}
	sources := w.privateSources(c.from, host)
	if len(sources) == 0 {
		return w.inPublic(c, host)
	}
	var alternatives [][]Trace
	at := sources[0].element.Origin
	for _, source := range sources {
		alternatives = append(alternatives, source.answer(w, c, host))
		if source.applies == model.True {
			return w.oneOf(at, "which private zone answers", alternatives...)
		}
	}
	alternatives = append(alternatives, w.inPublic(c, host))
	return w.oneOf(at, "which zone answers for "+host, alternatives...)
}

// source is a private zone, or the private DNS of an endpoint, that covers a name.
type source struct {
	element model.Element
	domain  string
	applies model.Truth // Whether it answers in the VPC of the client.
	answer  func(w walk, c call, host string) []Trace
}

// privateSources returns what may answer for a name in a VPC, the most specific
// first. What comes after a certain one counts for nothing.
func (t *Tracer) privateSources(from place, host string) []source {
	var sources []source
	for domain := host; domain != ""; domain = parentOf(domain) {
		for _, z := range t.zones[domain] {
			if applies := t.answersIn(z, from.vpc); applies != model.False {
				sources = append(sources, source{z.Element, domain, applies, func(w walk, c call, host string) []Trace {
					return w.inZone(c, z, host)
				}})
			}
		}
	}
	for _, e := range t.stack.Endpoints {
		domain, applies := t.privateDomain(e, from.vpc, host)
		if applies != model.False {
			sources = append(sources, source{e.Element, domain, applies, func(w walk, c call, host string) []Trace {
				w = w.pass(e.At("privateDnsEnabled"), "private DNS of endpoint %s leads %s to it", e.Name, host)
				return w.toEndpoint(c, e)
			}})
		}
	}
	sortSources(sources)
	return sources
}

// sortSources puts the most specific source first. A private zone comes before the
// private DNS of an endpoint with the same domain.
func sortSources(sources []source) {
	for i := 1; i < len(sources); i++ {
		for j := i; j > 0 && len(sources[j].domain) > len(sources[j-1].domain); j-- {
			sources[j], sources[j-1] = sources[j-1], sources[j]
		}
	}
}

// liesIn reports whether a name lies in a domain.
func liesIn(domain, name string) bool { return name == domain || strings.HasSuffix(name, "."+domain) }

// answersIn asks whether a private zone answers in a VPC: it is associated with the
// VPC, whose DNS attributes are on.
// https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
func (t *Tracer) answersIn(z *model.HostedZone, vpc model.Ref[model.VPC]) model.Truth {
	if z.IsPrivate() == model.False {
		return model.False
	}
	associated := z.VPCs.Any(func(r model.Ref[model.VPC]) model.Truth { return r.Same(vpc) })
	return associated.And(hasPrivateNames(vpc))
}

// hasPrivateNames asks whether the DNS attributes of a VPC let private zones and
// the private DNS of endpoints work. A VPC that is not in the stack counts as one
// with the attributes on.
func hasPrivateNames(vpc model.Ref[model.VPC]) model.Truth {
	if !vpc.IsClosed() {
		return model.True
	}
	return vpc.Ask(func(v *model.VPC) model.Truth {
		return v.DNSSupport.Or(true).Equals(true).And(v.DNSHostnames.Or(false).Equals(true))
	})
}

// privateDomain returns the domain that the private DNS of an endpoint answers for,
// and asks whether it answers for a name in a VPC.
func (t *Tracer) privateDomain(e *model.Endpoint, vpc model.Ref[model.VPC], host string) (string, model.Truth) {
	if e.PrivateDNS == model.False {
		return "", model.False
	}
	domain, known := e.PrivateName().Get()
	applies := model.Maybe
	switch {
	case known && e.IsExecuteAPI() == model.True:
		applies = model.TruthOf(liesIn(domain, host)).Or(sameText(parentOf(host), domain))
	case known && strings.HasPrefix(domain, "*."):
		applies = model.TruthOf(liesIn(domain[2:], host))
	case known:
		applies = model.TruthOf(domain == host)
	case e.PrivateName().IsAbsent(), e.IsForEndpointService() == model.False && !mayBeAWSName(host):
		return "", model.False
	default:
		applies = model.TruthOf(isAWSName(host)).Not().And(model.Maybe)
	}
	if applies == model.False {
		return "", model.False
	}
	return strings.TrimPrefix(domain, "*."), applies.And(e.PrivateDNS).And(e.VPC.Same(vpc)).And(hasPrivateNames(vpc))
}

// parentOf returns a name without its first label.
func parentOf(host string) string {
	_, parent, _ := strings.Cut(host, ".")
	return parent
}

// isAWSName reports whether a name is in AWS's own domains.
func isAWSName(host string) bool {
	return strings.HasSuffix(host, amazonaws) || strings.HasSuffix(host, amazonaws+".cn")
}

// mayBeAWSName reports whether a name may be the private name of one of AWS's own services. A few of them are in the
// domain aws, such as those of SageMaker, or in amazon.com, such as those of QuickSight and the console.
// https://aws.amazon.com/blogs/security/access-accounts-with-aws-management-console-private-access
func mayBeAWSName(host string) bool {
	return isAWSName(host) || strings.HasSuffix(host, ".aws") || strings.HasSuffix(host, ".amazon.com")
}

// inPublic resolves a name in public DNS: a name that AWS gives to an element, or a
// record in a public zone of the stack or in one that the stack names.
func (w walk) inPublic(c call, host string) []Trace {
	if isAWSName(host) {
		return w.awsName(c, host)
	}
	for domain := host; domain != ""; domain = parentOf(domain) {
		for _, z := range w.zones[domain] {
			if z.IsPrivate() != model.False {
				continue
			}
			here := w.inZone(c, z, host)
			if !w.hasOtherRecord(host) {
				return here
			}
			return w.oneOf(z.Origin, "to which zone the NS records of the domain above lead", here,
				w.inOtherZones(c, host))
		}
	}
	return w.inOtherZones(c, host)
}

// hasOtherRecord reports whether the stack has a record for a name in a zone that is not in the stack. That zone
// answers unless its NS records lead on to another one.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-routing-traffic-for-subdomains.html
func (w walk) hasOtherRecord(host string) bool {
	return slices.ContainsFunc(w.records.candidates(host), func(r *model.Record) bool {
		_, matches := matchRecord(r, host)
		return matches == model.True && len(r.Zone.Candidates) == 0 && r.ValidatesCertificate != model.True &&
			w.stack.IsPublic(r) != model.False
	})
}

// zonesByDomain returns the zones of a stack whose domains are known.
func zonesByDomain(s *model.Stack) map[string][]*model.HostedZone {
	zones := map[string][]*model.HostedZone{}
	for _, z := range s.HostedZones {
		if domain, known := z.Domain.Get(); known {
			zones[domain] = append(zones[domain], z)
		}
	}
	return zones
}

// inZone resolves a name with the records of a zone of the stack.
func (w walk) inZone(c call, z *model.HostedZone, host string) []Trace {
	w = w.pass(z.Origin, "zone %s answers for %s", textOf(z.Domain), host)
	records := w.recordsIn(func(r *model.Record) model.Truth { return r.Zone.Names(z) }, host)
	return w.answer(c, host, records, func(w walk) []Trace {
		return w.stop(end{NameNotResolved, z.Element, z.Origin,
			"add a record for " + host + " to the zone, or associate the zone with other VPCs only"},
			"the zone has no record for %s", host)
	})
}

// inOtherZones resolves a name with records of zones that are not in the stack. A
// record of a zone that may be private does not certainly answer.
func (w walk) inOtherZones(c call, host string) []Trace {
	records := w.recordsIn(func(r *model.Record) model.Truth {
		if len(r.Zone.Candidates) > 0 {
			return r.Zone.Ask((*model.HostedZone).IsPrivate).Not()
		}
		if w.stack.IsPublic(r) == model.False {
			return model.False
		}
		return w.answersAmong(w.rivals(r, host), r, c.from)
	}, host)
	return w.answer(c, host, records, func(w walk) []Trace {
		return w.stop(end{disposition: NameNotInStack,
			fix: "add a record for " + host + ", or say where the client connects to"},
			"no record and no element of the stack has the name %s", host)
	})
}

// rivals returns the records with the name and the type of another one that are in
// other zones, which are not in the stack either. One of the zones may be private.
func (w walk) rivals(r *model.Record, host string) []*model.Record {
	var others []*model.Record
	for _, other := range w.records.candidates(host) {
		sameKind := textOf(other.Host) == textOf(r.Host) && textOf(other.Type) == textOf(r.Type)
		if sameKind && len(other.Zone.Candidates) == 0 && other.Zone.Same(r.Zone) != model.True && other != r {
			others = append(others, other)
		}
	}
	return others
}

// answersAmong asks whether a record of a zone that is not in the stack answers at a
// place. Without rivals it does: the stack writes it somewhere, and nothing says that
// the zone is private. Outside VPCs, a record of a zone that is certainly public comes
// before its rivals.
func (w walk) answersAmong(rivals []*model.Record, r *model.Record, from place) model.Truth {
	if len(rivals) == 0 {
		return model.True
	}
	if !from.internet && !from.gateway {
		return model.Maybe
	}
	for _, other := range rivals {
		if w.stack.IsPublic(other) == model.True {
			return model.False
		}
	}
	return w.stack.IsPublic(r)
}

// recordsIn returns the records for a name that are, or may be, in a zone. in asks
// whether a record is. A record with the name itself comes before one for all names
// of a domain.
func (w walk) recordsIn(in func(*model.Record) model.Truth, host string) []foundRecord {
	var found []foundRecord
	longest := -1
	for _, r := range w.records.candidates(host) {
		if r.ValidatesCertificate == model.True {
			continue
		}
		certain := in(r)
		specific, matches := matchRecord(r, host)
		certain = certain.And(matches)
		if certain == model.False || specific < longest {
			continue
		}
		if specific > longest && certain == model.True {
			found, longest = nil, specific
		}
		found = append(found, foundRecord{r, certain})
	}
	return found
}

// foundRecord is a record that answers, or may answer, for a name.
type foundRecord struct {
	*model.Record
	certain model.Truth
}

// matchRecord asks whether a record is for a name, and returns how specific it is.
func matchRecord(r *model.Record, host string) (specific int, matches model.Truth) {
	name, known := r.Host.Get()
	if !known {
		return 0, writtenFor(r, host)
	}
	if name == host {
		return len(name) + 1, model.True
	}
	domain, wild := strings.CutPrefix(name, "*.")
	return len(domain), model.TruthOf(wild && host != domain && liesIn(domain, host))
}

// writtenFor asks whether a record, of whose name only the beginning is known, is
// for a name.
func writtenFor(r *model.Record, host string) model.Truth {
	written, known := r.Written.Get()
	switch {
	case !known:
		return model.Maybe
	case written == host:
		return model.True
	}
	return model.TruthOf(written == "" || strings.HasPrefix(host, written+".")).And(model.Maybe)
}

// textOf returns a value, or words for one that is not known.
func textOf[T ~string](k model.Known[T]) string {
	if text, known := k.Get(); known {
		return string(text)
	}
	return "(not known yet)"
}
