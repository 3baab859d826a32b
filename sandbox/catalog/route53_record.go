package catalog

import (
	"net/netip"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

const (
	zoneType   = "aws:route53/zone:Zone"
	recordType = "aws:route53/record:Record"
)

// route53Errors is the page that most refusals of this service come from.
const route53Errors = "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html"

func recordKind() *cloud.Kind {
	return &cloud.Kind{
		Token:    recordType,
		Replace:  words("name zoneId"),
		Sets:     words("records"),
		Global:   cloud.Always,
		UpsertIf: "allowOverwrite",
		ID:       recordID,
		Duplicate: cloud.NewRefusal("InvalidChangeBatch",
			"Tried to create resource record set %s but it already exists", route53Errors),
		BlocksDeletionOf: map[string]string{"zoneId": zoneType},
		OutputDefaults:   cloud.Props{"allowOverwrite": false},
		Check: cloud.InOrder(checkZoneAccount, checkRecordValue, checkRecordAddress, checkRecordName,
			checkDuplicateRecord, checkAlias),
		Compute: func(r *cloud.Request) error {
			r.Set("fqdn", recordName(r))
			return nil
		},
		Example: cloud.Example{
			Name: "record",
			Inputs: cloud.Props{
				"name": "a.example.com", "records": []any{"192.0.2.1"}, "ttl": 300, "type": "A",
				"zoneId": "Z0123456789EXAMPLE01",
			},
		},
	}
}

// checkZoneAccount refuses a new record in a zone of another account than the
// caller's.
func checkZoneAccount(r *cloud.Request) error {
	zone := r.Find(zoneType, r.Inputs.String("zoneId"), "")
	if r.Created() && zoneAccount(zone) != r.Caller.Account() {
		return foreignZone.With(r.Caller.Account())
	}
	return nil
}

func checkRecordValue(r *cloud.Request) error {
	records, aliases := len(r.Inputs.List("records")), len(r.Inputs.List("aliases"))
	if (records == 0) == (aliases == 0) || (records > 0) != r.Inputs.Has("ttl") {
		return cloud.NewRefusal("InvalidInput",
			"Invalid request: record set %s must have either records and a ttl, or an alias",
			route53Errors).With(r.Inputs.String("name"))
	}
	return nil
}

func checkRecordAddress(r *cloud.Request) error {
	kind := r.Inputs.String("type")
	if kind != "A" && kind != "AAAA" {
		return nil
	}
	for _, value := range r.Inputs.Strings("records") {
		if addr, err := netip.ParseAddr(value); err != nil || addr.Is4() != (kind == "A") {
			family := map[string]string{"A": "IPv4", "AAAA": "IPv6"}[kind]
			return cloud.NewRefusal("InvalidChangeBatch",
				"Invalid Resource Record: Value is not a valid "+family+" address: '%s' in a record of type %s",
				route53Errors).With(value, kind)
		}
	}
	return nil
}

func checkRecordName(r *cloud.Request) error {
	zone := canonical(r.Find(zoneType, r.Inputs.String("zoneId"), "").Inputs.String("name"))
	name := recordName(r)
	if name != zone && !strings.HasSuffix(name, "."+zone) {
		return cloud.NewRefusal("InvalidChangeBatch", "RRSet with DNS name %s. is not permitted in zone %s.",
			route53Errors).With(name, zone)
	}
	if name == zone && r.Inputs.String("type") == "CNAME" {
		return cloud.NewRefusal("InvalidChangeBatch",
			"RRSet of type CNAME with DNS name %s. is not permitted at apex in zone %s.",
			route53Errors).With(name, zone)
	}
	return nil
}

func checkDuplicateRecord(r *cloud.Request) error {
	for _, other := range r.Others(recordType) {
		if other.Inputs.String("zoneId") != r.Inputs.String("zoneId") ||
			canonical(other.Computed.String("fqdn")) != recordName(r) {
			continue
		}
		name, kind := recordName(r), r.Inputs.String("type")
		same := kind == other.Inputs.String("type")
		if same && r.Inputs.String("setIdentifier") == other.Inputs.String("setIdentifier") &&
			!r.Inputs.Bool("allowOverwrite") {
			return cloud.NewRefusal("InvalidChangeBatch",
				"Tried to create resource record set [name='%s.', type='%s'] but it already exists",
				route53Errors).With(name, kind)
		}
		if !same && (kind == "CNAME" || other.Inputs.String("type") == "CNAME") {
			return cloud.NewRefusal(
				"InvalidChangeBatch",
				"RRSet of type %s with DNS name %s. is not permitted as it conflicts with other records with the "+
					"same DNS name",
				route53Errors,
			).With(kind, name)
		}
	}
	return nil
}

// checkAlias refuses an alias with the wrong zone of its target, or of a type that the
// target does not have, if the target is in the account: load balancers, endpoints and
// custom domain names have addresses only. Aliases to anything else are accepted.
// https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias.html
func checkAlias(r *cloud.Request) error {
	for _, alias := range r.Inputs.Objects("aliases") {
		zone := aliasZone(r, canonical(alias.String("name")))
		if kind := r.Inputs.String("type"); zone != "" && kind != "A" && kind != "AAAA" {
			return cloud.NewRefusal(
				"InvalidChangeBatch",
				"Tried to create an alias that targets %s., type %s in zone %s, but the alias target name was not "+
					"found",
				route53Errors,
			).With(canonical(alias.String("name")), kind, alias.String("zoneId"))
		}
		if zone != "" && zone != alias.String("zoneId") {
			return cloud.NewRefusal(
				"InvalidChangeBatch",
				"Tried to create an alias that targets %s., type %s in zone %s, but the alias target name does "+
					"not lie within the target zone",
				route53Errors,
			).With(canonical(alias.String("name")), r.Inputs.String("type"), alias.String("zoneId"))
		}
	}
	return nil
}

// aliasZone returns the zone of a name of a load balancer, an endpoint or a
// custom domain name.
func aliasZone(r *cloud.Request, name string) string {
	for _, o := range r.Objects() {
		if canonical(o.Computed.String("dnsName")) == name && name != "" {
			return o.Computed.String("zoneId")
		}
		if canonical(o.Computed.String("regionalDomainName")) == name && name != "" {
			return o.Computed.String("regionalZoneId")
		}
		for _, entry := range o.Computed.Objects("dnsEntries") {
			if canonical(entry.String("dnsName")) == name {
				return entry.String("hostedZoneId")
			}
		}
	}
	return ""
}

func recordID(r *cloud.Request) string {
	parts := []string{r.Inputs.String("zoneId"), strings.ToLower(r.Inputs.String("name")), r.Inputs.String("type")}
	if set := r.Inputs.String("setIdentifier"); set != "" {
		parts = append(parts, set)
	}
	return strings.Join(parts, "_")
}

// recordName returns the full name of a record. Like the provider, it appends
// the zone to a name that does not end in it: api.other.org in the zone
// example.com becomes api.other.org.example.com.
func recordName(r *cloud.Request) string {
	zone := canonical(r.Find(zoneType, r.Inputs.String("zoneId"), "").Inputs.String("name"))
	name := canonical(r.Inputs.String("name"))
	if strings.HasSuffix(name, zone) {
		return name
	}
	return strings.TrimPrefix(name+"."+zone, ".")
}

func canonical(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// hasPublicRecord reports whether a public zone of the account has a record.
func hasPublicRecord(r *cloud.Request, name, recordKind, value string) bool {
	return slices.ContainsFunc(r.All(recordType), func(record *cloud.Object) bool {
		zone := r.Find(zoneType, record.Inputs.String("zoneId"), "")
		return zone != nil && !private(zone) && record.Inputs.String("type") == recordKind &&
			canonical(record.Computed.String("fqdn")) == canonical(name) &&
			slices.ContainsFunc(record.Inputs.Strings("records"),
				func(v string) bool { return canonical(v) == canonical(value) })
	})
}
