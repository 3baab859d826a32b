package rules

import (
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var zonalHosts = rule.Names("zonalHosts",
	"Full names that may lead to one Availability Zone of an endpoint.")

var dnsAliasZonalName = &rule.Rule{
	ID:    "dns-alias-zonal-name",
	Title: "A record leads to the regional name of an endpoint, not to the name of one zone",
	Why: `An interface endpoint has a regional name (vpce-<id>-<hash>.…) and one name per zone
(vpce-<id>-<hash>-<zone>.…), and AWS does not promise their order. A record that leads to
the name of one zone sends every client there. If the zone fails, all calls time out
although the endpoint's other zones work. Until then you pay for traffic between zones.`,
	Fix: `Use the entry of dnsEntries whose name has nothing between the hash and the first dot,
and its hostedZoneId. Records that belong to a routing policy are not judged. If a name
must lead to one zone, add it to the parameter zonalHosts.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{zonalName},
	Links: []string{
		"https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html",
		"https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-to-vpc-interface-endpoint.html",
	},
	Tags:       []string{"route53", "vpc-endpoint", "availability"},
	FormerIDs:  []string{"r53-alias-zonal-name"},
	Parameters: []rule.Parameter{zonalHosts},
	Check:      checkDNSAliasZonalName,
}

var zonalName = &rule.Defect{
	ID: "zonal-name", Summary: "A record leads to the name that an endpoint has in one zone.", Outcome: rule.Risky,
	Effect: "It works until the zone fails. Clients in other zones pay for traffic between zones.",
}

func checkDNSAliasZonalName(s *model.Stack, r *rule.Report) {
	for _, record := range s.Records {
		leads := record.Destination
		if leads.Host.IsAbsent() {
			continue
		}
		leadsOn := record.IsAlias.Or(record.Type.Equals(model.RecordCNAME))
		allowed := record.OneOfSeveral.Or(rule.InList(zonalHosts.Value(r), record.Host))
		name, _ := leads.Host.Get()
		r.Judge(record.Origin, zonalName.If(leadsOn.And(isZonal(leads)).And(allowed.Not()), record.Origin,
			"%s leads to %s, the name of an endpoint in one zone; want the endpoint's regional name", record.Name,
			name))
	}
}

// isZonal asks whether a name is the name of an endpoint in one zone. Such a name
// has the zone after the ID and the hash.
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
