package rules

import (
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var dnsDualstackAAAA = &rule.Rule{
	ID:    "dns-dualstack-aaaa",
	Title: "The name of a dualstack load balancer has an A and an AAAA record",
	Why: `An alias answers for one record type. With an A record only, nobody can find the IPv6
addresses of a dualstack load balancer by this name. A client with IPv6 only does not
resolve it ("no address associated with hostname", "network is unreachable"), while clients
with IPv4 notice nothing.`,
	Fix: `Add a record of type AAAA with the same name and alias, or set ipAddressType "ipv4" if
nobody needs IPv6.`,
	Severity: rule.Medium,
	Defects:  []*rule.Defect{noAAAA},
	Links: []string{
		"https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-to-elb-load-balancer.html",
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-ip-address-type.html",
	},
	Tags:      []string{"route53", "load-balancer", "ipv6"},
	FormerIDs: []string{"r53-dualstack-aaaa"},
	Check:     checkDNSDualstackAAAA,
}

var noAAAA = &rule.Defect{
	ID: "no-aaaa", Summary: "A name of a dualstack load balancer has an A record and no AAAA record.",
	Outcome: rule.Risky,
	Effect:  "It works for clients with IPv4. Clients with IPv6 only find no address.",
}

func checkDNSDualstackAAAA(s *model.Stack, r *rule.Report) {
	for _, record := range s.Records {
		subject := record.IsAlias.And(record.Type.Equals(model.RecordA)).And(leadsToDualstack(record))
		if subject == model.False {
			continue
		}
		hasAAAA := model.False
		for _, other := range s.Records {
			hasAAAA = hasAAAA.Or(other.Type.Equals(model.RecordAAAA).And(other.SharesName(record)))
		}
		r.Judge(record.Origin, noAAAA.If(subject.And(hasAAAA.Not()), record.Origin,
			"%s gives the name of a dualstack load balancer IPv4 only; want an AAAA record of the same name",
			record.Name))
	}
}

func leadsToDualstack(record *model.Record) model.Truth {
	lb := record.Destination.LoadBalancer
	if lb.IsAbsent() {
		return model.False
	}
	if name, known := record.Destination.Host.Get(); known && !strings.Contains(name, ".elb.") {
		return model.False
	}
	return lb.Ask((*model.LoadBalancer).IsDualstack)
}
