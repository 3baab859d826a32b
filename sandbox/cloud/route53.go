package cloud

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

const (
	zoneType   = "aws:route53/zone:Zone"
	recordType = "aws:route53/record:Record"
)

func route53Kinds() []*Kind {
	return []*Kind{zoneKind(), recordKind(), zoneAssociationKind(), associationAuthorizationKind()}
}

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
		inUse: Refusal{"HostedZoneNotEmpty",
			"The specified hosted zone %s contains non-required resource record sets and so cannot be deleted.",
			"https://docs.aws.amazon.com/Route53/latest/APIReference/API_DeleteHostedZone.html"},
		refs:   map[string]string{"vpcs[].vpcId": vpcType},
		absent: map[string]Refusal{"vpcs[].vpcId": {"InvalidVPCId", "The VPC: %s that you provided is not a valid VPC.", route53Errors}},
		check:  zoneCheck,
		born:   zoneBorn,
		derive: zoneDerive,
	}
}

// zoneCheck does not look at the DNS attributes of the VPC: without them AWS
// associates the zone and its names just do not resolve.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
func zoneCheck(c *call) error {
	if err := zoneChangeCheck(c); err != nil {
		return err
	}
	for _, vpc := range c.in().gather("vpcs[].vpcId") {
		if err := c.zoneConflict(c.obj, vpc); err != nil {
			return err
		}
	}
	return nil
}

// zoneConflict refuses a zone in a VPC that resolves its name otherwise.
func (c *call) zoneConflict(zone *Object, vpc string) error {
	domain := canonical(zone.Inputs.str("name"))
	for _, other := range c.all(zoneType) {
		if other != zone && canonical(other.Inputs.str("name")) == domain && slices.Contains(c.vpcsOf(other), vpc) {
			return conflictingDomain.with(vpc, other.ID)
		}
	}
	for _, endpoint := range c.all(vpcEndpointType) {
		if endpoint.Inputs.str("vpcId") == vpc && c.privateZoneOf(endpoint) == domain {
			return conflictingDomain.with(vpc, endpoint.ID)
		}
	}
	return nil
}

var conflictingDomain = Refusal{"ConflictingDomainExists",
	"The VPC %s has already been associated with the hosted zone of %s with the same domain name.",
	"https://docs.aws.amazon.com/Route53/latest/APIReference/API_CreateHostedZone.html"}

// zoneChangeCheck: a zone is public or private for life.
func zoneChangeCheck(c *call) error {
	const source = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_AssociateVPCWithHostedZone.html"
	was, is := len(c.old.objects("vpcs")), len(c.in().objects("vpcs"))
	switch {
	case c.created():
		return nil
	case was == 0 && is > 0:
		return Refusal{"PublicZoneVPCAssociation",
			"The hosted zone %s is public and cannot be associated with a VPC.",
			source}.with(c.obj.ID)
	case was > 0 && is == 0:
		return Refusal{"LastVPCAssociation", "The last VPC of private hosted zone %s cannot be disassociated.", source}.with(c.obj.ID)
	}
	return nil
}

func zoneBorn(c *call) error {
	c.set("arn", "arn:aws:route53:::hostedzone/"+c.obj.ID)
	c.set("zoneId", c.obj.ID)
	first, set := "", "00" // those of every private zone
	if len(c.in().objects("vpcs")) == 0 {
		first, set = "1", c.letters(2, "123456789")
	}
	var servers []any
	for i, domain := range []string{"com", "net", "org", "co.uk"} {
		servers = append(servers, fmt.Sprintf("ns-%s%d.awsdns-%s.%s", first, 512*i, set, domain))
	}
	c.set("nameServers", servers)
	c.set("primaryNameServer", servers[0])
	return nil
}

// zoneDerive shows the region of each VPC.
func zoneDerive(c *call) error {
	var vpcs []any
	for _, vpc := range c.in().objects("vpcs") {
		region := c.find(vpcType, vpc.str("vpcId"), "").Region
		vpcs = append(vpcs, map[string]any{"vpcId": vpc.str("vpcId"), "vpcRegion": vpc.or("vpcRegion", region)})
	}
	if vpcs == nil {
		delete(c.obj.Computed, "vpcs")
		return nil
	}
	c.set("vpcs", vpcs)
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
		rewriteBy: "allowOverwrite",
		id:        recordID,
		duplicate: Refusal{"InvalidChangeBatch", "Tried to create resource record set %s but it already exists", route53Errors},
		holds:     map[string]string{"zoneId": zoneType},
		fills:     props{"allowOverwrite": false},
		check:     inOrder(recordValueCheck, recordAddressCheck, recordNameCheck, recordTwinCheck, aliasCheck),
		derive: func(c *call) error {
			c.set("fqdn", c.recordName())
			return nil
		},
	}
}

func recordValueCheck(c *call) error {
	records, aliases := len(c.in().list("records")), len(c.in().list("aliases"))
	if (records == 0) == (aliases == 0) || (records > 0) != c.in().has("ttl") {
		return Refusal{"InvalidInput",
			"Invalid request: record set %s must have either records and a ttl, or an alias",
			route53Errors}.with(c.in().str("name"))
	}
	return nil
}

func recordAddressCheck(c *call) error {
	kind := c.in().str("type")
	if kind != "A" && kind != "AAAA" {
		return nil
	}
	for _, value := range c.in().strings("records") {
		if addr, err := netip.ParseAddr(value); err != nil || addr.Is4() != (kind == "A") {
			family := map[string]string{"A": "IPv4", "AAAA": "IPv6"}[kind]
			return Refusal{"InvalidChangeBatch",
				"Invalid Resource Record: Value is not a valid " + family + " address: '%s' in a record of type %s",
				route53Errors}.with(value, kind)
		}
	}
	return nil
}

func recordNameCheck(c *call) error {
	zone := canonical(c.find(zoneType, c.in().str("zoneId"), "").Inputs.str("name"))
	name := c.recordName()
	if name != zone && !strings.HasSuffix(name, "."+zone) {
		return Refusal{"InvalidChangeBatch", "RRSet with DNS name %s. is not permitted in zone %s.", route53Errors}.with(name, zone)
	}
	if name == zone && c.in().str("type") == "CNAME" {
		return Refusal{"InvalidChangeBatch",
			"RRSet of type CNAME with DNS name %s. is not permitted at apex in zone %s.",
			route53Errors}.with(name, zone)
	}
	return nil
}

func recordTwinCheck(c *call) error {
	for _, other := range c.others(recordType) {
		if other.Inputs.str("zoneId") != c.in().str("zoneId") || canonical(other.Computed.str("fqdn")) != c.recordName() {
			continue
		}
		name, kind, same := c.recordName(), c.in().str("type"), c.in().str("type") == other.Inputs.str("type")
		if same && c.in().str("setIdentifier") == other.Inputs.str("setIdentifier") && !c.in().flag("allowOverwrite") {
			return Refusal{"InvalidChangeBatch",
				"Tried to create resource record set [name='%s.', type='%s'] but it already exists",
				route53Errors}.with(name, kind)
		}
		if !same && (kind == "CNAME" || other.Inputs.str("type") == "CNAME") {
			return Refusal{"InvalidChangeBatch",
				"RRSet of type %s with DNS name %s. is not permitted as it conflicts with other records with the same DNS name",
				route53Errors}.with(kind, name)
		}
	}
	return nil
}

// aliasCheck looks at aliases to what is in the account; others are believed.
func aliasCheck(c *call) error {
	for _, alias := range c.in().objects("aliases") {
		if zone := c.aliasZone(canonical(alias.str("name"))); zone != "" && zone != alias.str("zoneId") {
			return Refusal{"InvalidChangeBatch",
				"Tried to create an alias that targets %s., type %s in zone %s, but the alias target name does not lie within the target zone",
				route53Errors}.
				with(canonical(alias.str("name")), c.in().str("type"), alias.str("zoneId"))
		}
	}
	return nil
}

// aliasZone is the zone that a name of a load balancer, an endpoint or a
// domain name lies in.
func (c *call) aliasZone(name string) string {
	for _, o := range c.objects {
		if canonical(o.Computed.str("dnsName")) == name && name != "" {
			return o.Computed.str("zoneId")
		}
		if canonical(o.Computed.str("regionalDomainName")) == name && name != "" {
			return o.Computed.str("regionalZoneId")
		}
		for _, entry := range o.Computed.objects("dnsEntries") {
			if canonical(entry.str("dnsName")) == name {
				return entry.str("hostedZoneId")
			}
		}
	}
	return ""
}

func recordID(c *call) string {
	parts := []string{c.in().str("zoneId"), strings.ToLower(c.in().str("name")), c.in().str("type")}
	if set := c.in().str("setIdentifier"); set != "" {
		parts = append(parts, set)
	}
	return strings.Join(parts, "_")
}

// recordName is the full name of a record. Like the provider, it adds the
// zone to a name that does not end in it: api.other.org in the zone
// example.com becomes api.other.org.example.com.
func (c *call) recordName() string {
	zone := canonical(c.find(zoneType, c.in().str("zoneId"), "").Inputs.str("name"))
	name := canonical(c.in().str("name"))
	if strings.HasSuffix(name, zone) {
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
