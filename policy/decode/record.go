package decode

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

// linkRecord reads a record. If the record validates a certificate, its value is
// for ACM only. Such a record leads nowhere, even while its value is unknown.
func (b *builder) linkRecord(n *node) {
	values := n.get("records").list()
	record := &model.Record{
		Element:      n.element(),
		Zone:         b.hostedZones.ref(n, "zoneId"),
		Written:      n.get("name").host(),
		Type:         mapped(text[model.RecordType](n.get("type")), strings.ToUpper),
		IsAlias:      hasItems(n.get("aliases").list()),
		Destination:  noDestination,
		OneOfSeveral: model.TruthOf(!n.get("setIdentifier").absent),
	}
	record.Host = b.fullName(n, record.Zone)
	record.ValidatesCertificate = b.validatesCertificate(values, n.sources("records"))
	if record.ValidatesCertificate != model.True {
		record.Destination = b.recordDestination(n, record.Type)
		record.ProvesNameOf = b.endpointServices.refsIn(values, "", n.sources("records"))
	}
	b.stack.Records = append(b.stack.Records, record)
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
	d.IsRegionalDomain, d.Placement = b.regionalDomain(d.Host, from)
	switch {
	case d.Host.IsUnknown() && slices.ContainsFunc(from, isComponent):
		d.LoadBalancer.Open, d.Endpoint.Open = true, true
	case d.LoadBalancer.IsClosed():
		d.Endpoint = model.Ref[model.Endpoint]{}
	case d.Endpoint.IsClosed():
		d.LoadBalancer = model.Ref[model.LoadBalancer]{}
	}
	return d
}

// regionalDomain asks whether a name belongs to a regional custom domain of API
// Gateway, and returns where that domain is. If the name is unknown, it asks
// the resource that the name comes from, if there is exactly one.
func (b *builder) regionalDomain(name model.Known[string], from []resource.URN) (model.Truth, model.Placement) {
	host, known := name.Get()
	switch {
	case known:
		return model.TruthOf(model.IsRegionalDomain(host)), model.Placement{}
	case len(from) != 1 || !from[0].IsValid():
		return model.Maybe, model.Placement{}
	}
	r, inStack := b.input.resources[from[0]]
	if !inStack || isComponent(from[0]) {
		return model.Maybe, model.Placement{}
	}
	n := newNode(b.input, *r)
	switch n.Type {
	case "aws:apigatewayv2/domainName:DomainName":
		return model.True, n.element().Placement
	case "aws:apigateway/domainName:DomainName":
		configuration := n.get("endpointConfiguration").only()
		return apiType(configuration).Equals(model.APIRegional), n.element().Placement
	}
	return model.False, model.Placement{}
}

// withoutDualstack removes the prefix that the console puts before the name of a
// load balancer. The name means the same with and without it.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias.html
func withoutDualstack(name string) string { return strings.TrimPrefix(name, "dualstack.") }
