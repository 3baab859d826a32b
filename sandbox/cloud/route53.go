package cloud

import (
	"slices"
	"strings"
)

const (
	zoneType   = "aws:route53/zone:Zone"
	recordType = "aws:route53/record:Record"
)

func route53Kinds() []*Kind { return []*Kind{zoneKind(), recordKind()} }

func zoneKind() *Kind {
	return &Kind{
		Token:    zoneType,
		Optional: words("comment delegationSetId forceDestroy name tags vpcs"),
		Computed: words("arn nameServers primaryNameServer zoneId"),
		Replace:  words("delegationSetId name"),
		Sets:     words("vpcs"),
		Defaults: props{"comment": "Managed by Pulumi", "forceDestroy": false},
		Autoname: Autoname{Property: "name", MaxLen: 255},
		global:   true,
		id:       func(c *call) string { return "Z" + strings.ToUpper(c.hex(20)) },
		missing:  Refusal{"NoSuchHostedZone", "No hosted zone found with ID: %s", route53Errors},
		inUse:    Refusal{"HostedZoneNotEmpty", "The specified hosted zone %s contains non-required resource record sets and so cannot be deleted.", "https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html"},
		refs:     map[string]string{"vpcs[].vpcId": vpcType},
		check:    zoneCheck,
		born:     zoneBorn,
	}
}

func zoneCheck(c *call) error { return nil }

func zoneBorn(c *call) error {
	c.set("arn", "arn:aws:route53:::hostedzone/"+c.obj.ID)
	c.set("zoneId", c.obj.ID)
	servers := []any{"ns-0.awsdns-00.com.", "ns-512.awsdns-00.net.", "ns-1024.awsdns-00.org.", "ns-1536.awsdns-00.co.uk."}
	if len(c.in().objects("vpcs")) == 0 {
		n := c.letters(2, "123456789")
		servers = []any{"ns-1" + n + ".awsdns-" + n + ".com", "ns-5" + n + ".awsdns-" + n + ".net", "ns-11" + n + ".awsdns-" + n + ".org", "ns-19" + n + ".awsdns-" + n + ".co.uk"}
	}
	c.set("nameServers", servers)
	c.set("primaryNameServer", servers[0])
	return nil
}

func private(zone *Object) bool { return len(zone.Inputs.objects("vpcs")) > 0 }

func recordKind() *Kind {
	return &Kind{
		Token:    recordType,
		Required: words("name type zoneId"),
		Optional: words(`aliases allowOverwrite cidrRoutingPolicy failoverRoutingPolicies geolocationRoutingPolicies
			geoproximityRoutingPolicy healthCheckId latencyRoutingPolicies multivalueAnswerRoutingPolicy records
			setIdentifier ttl weightedRoutingPolicies`),
		Computed:  words("allowOverwrite fqdn"),
		Replace:   words("name zoneId"),
		Sets:      words("records"),
		global:    true,
		id:        recordID,
		duplicate: Refusal{"InvalidChangeBatch", "Tried to create resource record set %s but it already exists", route53Errors},
		holds:     map[string]string{"zoneId": zoneType},
		fills:     props{"allowOverwrite": false},
		check:     recordCheck,
		derive: func(c *call) error {
			c.set("fqdn", c.recordName())
			return nil
		},
	}
}

func recordCheck(c *call) error { return nil }

func recordID(c *call) string {
	parts := []string{c.in().str("zoneId"), strings.ToLower(c.in().str("name")), c.in().str("type")}
	if set := c.in().str("setIdentifier"); set != "" {
		parts = append(parts, set)
	}
	return strings.Join(parts, "_")
}

// recordName is the full name of a record, which may be given without the
// name of its zone, as the provider allows.
func (c *call) recordName() string {
	zone := canonical(c.find(zoneType, c.in().str("zoneId"), "").Inputs.str("name"))
	name := canonical(c.in().str("name"))
	if name == zone || strings.HasSuffix(name, "."+zone) {
		return name
	}
	return strings.TrimPrefix(name+"."+zone, ".")
}

func canonical(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// publicRecord tells whether a public zone of the account has a record.
func (c *call) publicRecord(name, recordKind, value string) bool {
	return slices.ContainsFunc(c.all(recordType), func(r *Object) bool {
		zone := c.find(zoneType, r.Inputs.str("zoneId"), "")
		return zone != nil && !private(zone) && r.Inputs.str("type") == recordKind &&
			canonical(r.Computed.str("fqdn")) == canonical(name) &&
			slices.ContainsFunc(r.Inputs.strings("records"), func(v string) bool { return canonical(v) == canonical(value) })
	})
}
