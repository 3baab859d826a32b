package decode

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

func (b *builder) makeRecord(n *node) {
	b.stack.Records = b.records.add(n, &model.Record{
		Element:      n.element(),
		Written:      n.get("name").host(),
		Type:         typeOfRecord(n),
		IsAlias:      hasItems(n.get("aliases").list()),
		Destination:  noDestination,
		OneOfSeveral: model.TruthOf(!n.get("setIdentifier").absent),
	})
}

// typeOfRecord reads the type of a record. AWS itself says which type a proof must
// have, once the certificate or the endpoint service exists. AWS documents one type for
// each of the two.
// https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
// https://docs.aws.amazon.com/vpc/latest/privatelink/manage-dns-names.html
func typeOfRecord(n *node) model.Known[model.RecordType] {
	written := mapped(text[model.RecordType](n.get("type")), strings.ToUpper)
	from := n.sources("type")
	if !written.IsUnknown() || len(from) != 1 || !from[0].IsValid() {
		return written
	}
	switch canonical(string(from[0].Type())) {
	case "aws:acm/certificate:Certificate":
		return model.Of(model.RecordCNAME)
	case "aws:ec2/vpcEndpointService:VpcEndpointService":
		return model.Of(model.RecordTXT)
	}
	return written
}

// aliasRecord lets other records find a record by its full name.
func (b *builder) aliasRecord(n *node) {
	record := elementOf(&b.records, n)
	record.Zone = b.hostedZones.ref(n, "zoneId")
	record.Host = b.fullName(n, record.Zone)
	b.records.addName(record, record.Host)
}

// linkRecord reads where a record leads. If the record validates a certificate,
// its value is for ACM only. Such a record leads nowhere, even while its value is
// unknown.
func (b *builder) linkRecord(n *node) {
	record, values := elementOf(&b.records, n), n.get("records").list()
	record.Values, record.ValuesFrom = recordValues(values, record.Type), n.sourcesOf("records")
	record.ValidatesCertificate = b.validatesCertificate(values, n.sources("records"))
	if record.ValidatesCertificate != model.True {
		record.Destination = b.recordDestination(n, record.Type)
		record.ProvesNameOf = b.provenServices(n, record, values)
	}
}

// provenServices returns the endpoint services whose proof a record has. A record of another type than TXT may lead to
// a service instead, such as a CNAME to its name. As long as its value is unknown, its name shows which of the two it
// is.
func (b *builder) provenServices(n *node, record *model.Record, values list) model.Refs[model.EndpointService] {
	all := b.endpointServices.refsIn(values, "", n.sources("records"))
	isService := func(urn resource.URN) bool { return b.endpointServices.byURN[urn] != nil }
	if record.Type.Is(model.RecordTXT) || record.HasProofName() || slices.ContainsFunc(n.sources("name"), isService) {
		return all
	}
	sure := model.Refs[model.EndpointService]{Rest: all.Rest}
	for _, item := range all.Items {
		if item.Value.IsUnknown() {
			sure = sure.WithMaybe(item)
		} else {
			sure.Items = append(sure.Items, item)
		}
	}
	return sure
}

// recordValues reads the addresses or the names in a record of type A, AAAA or
// CNAME.
func recordValues(values list, recordType model.Known[model.RecordType]) model.List[string] {
	if kind, known := recordType.Get(); known && !kind.HasHosts() {
		return model.List[string]{Complete: true}
	}
	all := model.List[string]{Complete: !values.open}
	for _, item := range values.items {
		all.Items = append(all.Items, mapped(item.host(), func(host string) string {
			if address, err := netip.ParseAddr(host); err == nil {
				return address.String()
			}
			return host
		}))
	}
	return all
}

// validations ends the names to which ACM's validation records lead.
// https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
const validations = ".acm-validations.aws"

// validatesCertificate asks whether ACM issues a certificate because of a
// record. The record's value decides. If it is unknown, a certificate from which
// the value comes decides.
func (b *builder) validatesCertificate(values list, from []resource.URN) model.Truth {
	if hasItems(values) == model.False {
		return model.False
	}
	if len(values.items) > 0 {
		if name, known := values.items[0].str().Get(); known {
			return model.TruthOf(strings.HasSuffix(strings.TrimSuffix(name, "."), validations))
		}
	}
	isService := func(urn resource.URN) bool { return b.endpointServices.byURN[urn] != nil }
	if len(from) > 0 && !slices.ContainsFunc(from, func(urn resource.URN) bool { return !isService(urn) }) {
		return model.False
	}
	isCertificate := func(urn resource.URN) bool { return b.certificates.byURN[urn] != nil }
	if slices.ContainsFunc(from, isCertificate) {
		return model.True
	}
	return model.Maybe
}

// fullName returns the name of a record including the name of its zone. The
// provider adds the zone's name if the record's name does not end in it.
// https://www.pulumi.com/registry/packages/aws/api-docs/route53/record/
func (b *builder) fullName(n *node, zone model.Ref[model.HostedZone]) model.Known[string] {
	if full := n.get("fqdn").host(); !full.IsAbsent() && !full.IsUnknown() {
		return full
	}
	name, known := n.get("name").host().Get()
	switch {
	case !known && !n.get("name").absent:
		return model.Unknown[string]()
	case !zone.IsClosed():
		return b.nameInOtherZone(name)
	}
	full := nameInZone(name, zone.Candidates[0])
	for _, z := range zone.Candidates[1:] {
		if nameInZone(name, z) != full {
			return model.Unknown[string]()
		}
	}
	return full
}

// nameInZone returns the full name of a record in a zone of the stack.
func nameInZone(name string, z *model.HostedZone) model.Known[string] {
	domain, known := z.Domain.Get()
	switch {
	case !known:
		return model.Unknown[string]()
	case strings.HasSuffix(name, domain):
		return model.Of(name)
	}
	return model.Of(strings.TrimPrefix(name+"."+domain, "."))
}

// nameInOtherZone returns the full name of a record in a zone whose name the
// stack does not say. A name that ends in another zone's name is a full name.
func (b *builder) nameInOtherZone(name string) model.Known[string] {
	for _, z := range b.stack.HostedZones {
		if domain, known := z.Domain.Get(); known && (name == domain || strings.HasSuffix(name, "."+domain)) {
			return model.Of(name)
		}
	}
	return model.Unknown[string]()
}

// recordDestination returns where an alias or a CNAME record leads to.
func (b *builder) recordDestination(n *node, recordType model.Known[model.RecordType]) model.Destination {
	aliases, values := n.get("aliases").list(), n.get("records").list()
	switch {
	case len(aliases.items) > 0:
		return b.destination(aliases.items[0].field("name"), n.sources("aliases"))
	case aliases.open:
		return b.destination(value{hidden: true}, n.sources("aliases"))
	case recordType.IsNot(model.RecordCNAME):
		return noDestination
	case len(values.items) > 0:
		return b.destination(values.items[0], n.sources("records"))
	case values.open:
		return b.destination(value{hidden: true}, n.sources("records"))
	}
	return noDestination
}

// noDestination is the destination of a record that leads nowhere.
var noDestination = model.Destination{IsRegionalDomain: model.False}

// destination finds the element that has a DNS name: by the name if it is known,
// otherwise by the URNs that it comes from. A component may give any name, also
// one of something that the model does not hold.
func (b *builder) destination(name value, from []resource.URN) model.Destination {
	d := model.Destination{Host: name.host()}
	if d.Host.IsAbsent() {
		return noDestination
	}
	d.LoadBalancer = b.loadBalancers.resolve(mapped(d.Host, withoutDualstack), from)
	d.Endpoint = b.endpoints.resolve(d.Host, from)
	d.Domain = b.domains.resolve(targetName(d.Host), from)
	d.Record = b.records.resolve(d.Host, from)
	d.IsRegionalDomain, d.Placement = b.regionalDomain(d, from)
	if d.Host.IsUnknown() && slices.ContainsFunc(from, isComponent) {
		d.LoadBalancer.Open, d.Endpoint.Open, d.Domain.Open, d.Record.Open = true, true, true, true
		return d
	}
	if record, certain := d.Record.Sole(); certain && d.Host.IsUnknown() {
		d.Host = record.Host
	}
	return onlyClosed(d)
}

// onlyClosed removes the other references from a destination if one element
// certainly has the name.
func onlyClosed(d model.Destination) model.Destination {
	only := model.Destination{Host: d.Host, IsRegionalDomain: d.IsRegionalDomain, Placement: d.Placement}
	switch {
	case d.LoadBalancer.IsClosed():
		only.LoadBalancer = d.LoadBalancer
	case d.Endpoint.IsClosed():
		only.Endpoint = d.Endpoint
	case d.Domain.IsClosed():
		only.Domain = d.Domain
	case d.Record.IsClosed():
		only.Record = d.Record
	default:
		return d
	}
	return only
}

// targetName returns a name under which a custom domain may be found. Domains have
// their host names as IDs, but only a name that API Gateway has given leads to them.
func targetName(host model.Known[string]) model.Known[string] {
	name, known := host.Get()
	if known && !strings.HasSuffix(name, ".amazonaws.com") && !strings.HasSuffix(name, ".amazonaws.com.cn") &&
		!strings.HasSuffix(name, ".cloudfront.net") {
		return model.Known[string]{}
	}
	return host
}

// regionalDomain asks whether a name belongs to a regional custom domain of API
// Gateway, and returns where that domain is. If the name is unknown, the domain
// or the only resource decides that the name comes from.
func (b *builder) regionalDomain(d model.Destination, from []resource.URN) (model.Truth, model.Placement) {
	if host, known := d.Host.Get(); known {
		return model.TruthOf(model.IsRegionalDomain(host)), model.Placement{}
	}
	if domain, certain := d.Domain.Sole(); certain {
		return domain.Type.Equals(model.APIRegional), domain.Placement
	}
	if len(from) == 1 && isAWS(from[0]) && b.input.resources[from[0]] != nil && len(d.Record.Candidates) == 0 {
		return model.False, model.Placement{}
	}
	return model.Maybe, model.Placement{}
}

// withoutDualstack removes the prefix that the console puts before the name of a
// load balancer. The name means the same with and without it.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias.html
func withoutDualstack(name string) string { return strings.TrimPrefix(name, "dualstack.") }
