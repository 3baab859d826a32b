package decode

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

var dnsReaders = map[string]reader{
	"aws:route53/record:Record":                   {link: (*builder).linkRecord},
	"aws:route53/zone:Zone":                       {make: (*builder).makeHostedZone, link: (*builder).linkHostedZone},
	"aws:route53/zoneAssociation:ZoneAssociation": {link: (*builder).linkZoneAssociation},
}

func (b *builder) makeHostedZone(n *node) {
	b.hostedZones.add(n, &model.HostedZone{
		Element:   n.element(),
		Domain:    host(n.get("name")),
		ListsVPCs: present(n.get("vpcs").list()),
		KeepsVPCs: n.ignoresChanges("vpcs"),
	})
}

func (b *builder) linkHostedZone(n *node) {
	zone := elementOf(b.hostedZones, n)
	zone.VPCs = union(b.vpcs.refs(n, "vpcs", "vpcId"), zone.VPCs)
}

func (b *builder) linkZoneAssociation(n *node) {
	zone, vpc := b.hostedZones.ref(n, "zoneId"), b.vpcs.ref(n, "vpcId")
	b.stack.Associations = append(b.stack.Associations, &model.ZoneAssociation{Element: n.element(), Zone: zone, VPC: vpc})
	for _, z := range zone.Among(b.hostedZones.all) {
		z.VPCs = join(z.VPCs, vpc, zone.Names(z))
	}
}

func (b *builder) linkRecord(n *node) {
	aliases, values := n.get("aliases"), n.get("records").list()
	record := &model.Record{
		Element:        n.element(),
		Zone:           b.hostedZones.ref(n, "zoneId"),
		Written:        host(n.get("name")),
		Type:           as[model.RecordType](mapped(n.get("type").str(), strings.ToUpper)),
		IsAlias:        present(aliases.list()),
		Values:         texts[string](values),
		ValuesComplete: !values.open,
		OneOfSeveral:   model.TruthOf(!n.get("setIdentifier").absent),
	}
	record.Host = b.fullName(n, record.Zone)
	record.ValidatesCertificate = b.validates(n, record)
	record.Destination = nowhere
	if record.ValidatesCertificate != model.True { // What a certificate gives is for ACM alone, also while it is unknown.
		record.Destination = b.leads(n, record.Type)
		record.ProvesNameOf = b.endpointServices.refsIn(values, "", n.sources("records"))
	}
	b.stack.Records = append(b.stack.Records, record)
}

// validations ends the names that ACM's records lead to.
// https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
const validations = ".acm-validations.aws"

// validates asks whether a record is the proof for a certificate: by what it
// holds, or by the certificate that this comes from.
func (b *builder) validates(n *node, record *model.Record) model.Truth {
	if len(record.Values) == 0 && record.ValuesComplete {
		return model.False
	}
	if len(record.Values) > 0 {
		if text, known := record.Values[0].Get(); known {
			return model.TruthOf(strings.HasSuffix(strings.TrimSuffix(text, "."), validations))
		}
	}
	if slices.ContainsFunc(n.sources("records"), func(urn resource.URN) bool { return b.certificates.byURN[urn] != nil }) {
		return model.True
	}
	return model.Maybe
}

// present asks whether a list has elements.
func present(l list) model.Truth {
	if len(l.items) == 0 && l.open {
		return model.Maybe
	}
	return model.TruthOf(len(l.items) > 0)
}

// fullName is the name of a record with that of its zone, which the provider
// adds to a name that does not end in it.
// https://www.pulumi.com/registry/packages/aws/api-docs/route53/record/
func (b *builder) fullName(n *node, zone model.Ref[model.HostedZone]) model.Known[string] {
	if full := host(n.get("fqdn")); !full.IsAbsent() && !full.IsUnknown() {
		return full
	}
	name, known := host(n.get("name")).Get()
	switch {
	case !known && !n.get("name").absent:
		return model.Unknown[string]()
	case !settled(zone):
		return b.nameInOtherZone(name)
	}
	full := inZone(name, zone.Candidates[0])
	for _, z := range zone.Candidates[1:] {
		if inZone(name, z) != full {
			return model.Unknown[string]()
		}
	}
	return full
}

func inZone(name string, z *model.HostedZone) model.Known[string] {
	domain, known := z.Domain.Get()
	switch {
	case !known:
		return model.Unknown[string]()
	case strings.HasSuffix(name, domain):
		return model.Of(name)
	}
	return model.Of(strings.TrimPrefix(name+"."+domain, "."))
}

// nameInOtherZone is the name of a record in a zone whose own name the stack does
// not say. One that ends in another zone of the stack is a full name.
func (b *builder) nameInOtherZone(name string) model.Known[string] {
	for _, z := range b.hostedZones.all {
		if domain, known := z.Domain.Get(); known && (name == domain || strings.HasSuffix(name, "."+domain)) {
			return model.Of(name)
		}
	}
	return model.Unknown[string]()
}

// leads reads where an alias leads to, or a CNAME record.
func (b *builder) leads(n *node, recordType model.Known[model.RecordType]) model.Destination {
	aliases, values := n.get("aliases").list(), n.get("records").list()
	switch {
	case len(aliases.items) > 0:
		return b.destination(aliases.items[0].field("name"), n.sources("aliases"))
	case aliases.open:
		return b.destination(value{hidden: true}, n.sources("aliases"))
	case recordType.IsNot(model.RecordCNAME):
		return nowhere
	case len(values.items) > 0:
		return b.destination(values.items[0], n.sources("records"))
	case values.open:
		return b.destination(value{hidden: true}, n.sources("records"))
	}
	return nowhere
}

// nowhere is the destination of a record that has none.
var nowhere = model.Destination{IsRegionalDomain: model.False}

// destination finds whose name a name is: by the name where it is known, else by
// what it comes from. A component may give any name, of things too that the
// model does not hold.
func (b *builder) destination(name value, from []resource.URN) model.Destination {
	d := model.Destination{Host: host(name)}
	if d.Host.IsAbsent() {
		return nowhere
	}
	d.LoadBalancer = b.loadBalancers.resolve(mapped(d.Host, withoutDualstack), from)
	d.Endpoint = b.endpoints.resolve(d.Host, from)
	d.IsRegionalDomain, d.Placement = b.regionalDomain(d.Host, from)
	switch {
	case d.Host.IsUnknown() && slices.ContainsFunc(from, isComponent):
		d.LoadBalancer.Open, d.Endpoint.Open = true, true
	case settled(d.LoadBalancer):
		d.Endpoint = model.Ref[model.Endpoint]{}
	case settled(d.Endpoint):
		d.LoadBalancer = model.Ref[model.LoadBalancer]{}
	}
	return d
}

// regionalDomain asks whether a name is that of a regional custom domain: by the
// name where it is known, else by the one resource that it comes from.
func (b *builder) regionalDomain(name model.Known[string], from []resource.URN) (model.Truth, model.Placement) {
	text, known := name.Get()
	switch {
	case known:
		return model.TruthOf(model.IsRegionalDomain(text)), model.Placement{}
	case len(from) != 1 || !from[0].IsValid():
		return model.Maybe, model.Placement{}
	}
	r, ours := b.resources[from[0]]
	if !ours || isComponent(from[0]) {
		return model.Maybe, model.Placement{}
	}
	n := newNode(*r)
	switch n.Type {
	case "aws:apigatewayv2/domainName:DomainName":
		return model.True, n.element().Placement
	case "aws:apigateway/domainName:DomainName":
		configuration := n.get("endpointConfiguration").only()
		return apiType(configuration).Equals(model.APIRegional), n.element().Placement
	}
	return model.False, model.Placement{}
}

func settled[T any](r model.Ref[T]) bool { return len(r.Candidates) > 0 && !r.Open }

// withoutDualstack takes off what the console puts before a load balancer's
// name, which means the same with and without it.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias.html
func withoutDualstack(name string) string { return strings.TrimPrefix(name, "dualstack.") }

// host reads a DNS name. Its case and a final dot have no meaning, and Route 53
// writes the asterisk of a wildcard as an escape.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html
func host(v value) model.Known[string] {
	return mapped(v.str(), func(name string) string {
		return strings.ReplaceAll(strings.ToLower(strings.TrimSuffix(name, ".")), `\052`, "*")
	})
}

// mapped is a value rewritten, where it is known.
func mapped(k model.Known[string], rewrite func(string) string) model.Known[string] {
	if text, known := k.Get(); known {
		return model.Of(rewrite(text))
	}
	return k
}
