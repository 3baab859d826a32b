package rules

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var zonalHosts = rule.Names("zonalHosts", "Full names that are meant to lead to one availability zone of an endpoint.")

var dnsAliasZonalName = &rule.Rule{
	ID:    "dns-alias-zonal-name",
	Title: "A name leads to an endpoint by its regional name, not by that of one zone",
	Why: `An interface endpoint has a regional name (vpce-<id>-<hash>.…) and one per zone
(vpce-<id>-<hash>-<zone>.…), in an order that AWS does not promise. A name that leads to
a zonal one sends every client to that zone: when it is lost, all calls time out although
the endpoint's other zones are well, and until then they pay for traffic across zones.`,
	Fix: `Pick the entry of dnsEntries whose name has nothing between the hash and the first dot,
and take its hostedZoneId too. A record that is one of several by a routing policy is
left alone; a name that is to lead to one zone goes into the parameter zonalHosts.`,
	Severity: rule.High,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html",
		"https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-to-vpc-interface-endpoint.html",
	},
	Tags:       []string{"route53", "vpc-endpoint", "availability"},
	Parameters: []rule.Parameter{zonalHosts},
	Check:      checkDNSAliasZonalName,
}

func checkDNSAliasZonalName(s *model.Stack, r *rule.Report) {
	for _, record := range s.Records {
		leads := record.Destination
		if leads.Host.IsAbsent() {
			continue
		}
		leadsOn := record.IsAlias.Or(record.Type.Equals(model.RecordCNAME))
		meant := record.OneOfSeveral
		host, known := record.Host.Get()
		allowed := zonalHosts.Value(r)
		if known {
			meant = meant.Or(model.TruthOf(slices.Contains(allowed, host)))
		} else {
			meant = meant.OrMaybeIf(len(allowed) > 0)
		}
		name, _ := leads.Host.Get()
		r.Judge(record.Origin, rule.FaultIf(leadsOn.And(isZonal(leads)).And(meant.Not()), record.Origin, "%s leads to %s, the name of an endpoint in one zone; want the endpoint's regional name", record.Name, name))
	}
}

// isZonal asks whether a name is that of an endpoint in one zone: after the id
// and the hash comes the zone.
func isZonal(d model.Destination) model.Truth {
	name, known := d.Host.Get()
	switch {
	case !known && d.Endpoint.IsAbsent():
		return model.False
	case !known:
		return model.Maybe
	}
	label, domain, _ := strings.Cut(strings.TrimPrefix(name, "*."), ".")
	parts := strings.Split(label, "-")
	return model.TruthOf(parts[0] == "vpce" && len(parts) > 3 && strings.Contains(domain, ".amazonaws.com"))
}
