package rules

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var publicOnlyHosts = rule.Names("publicOnlyHosts",
	"Full names that public DNS has and that clients in the VPCs must not resolve.")

var dnsSplitHorizon = &rule.Rule{
	ID:    "dns-split-horizon",
	Title: "A private zone has every public name that it covers",
	Why: `In its VPCs a private zone answers for everything under its name. The resolver never asks
public DNS about names that the zone does not have. A public name that the private zone covers
and does not have is NXDOMAIN in the VPC. A name that it has only for another type (A without
AAAA) has no address there. Both resolve everywhere else.`,
	Fix: `Give the private zone exactly the one name that differs in the VPC. Or repeat the other
names in it, for every type that public DNS has. If the VPCs must not resolve a name, add it
to the parameter publicOnlyHosts.`,
	Severity: rule.High,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html",
	},
	Tags:       []string{"route53", "dns"},
	FormerIDs:  []string{"r53-split-horizon"},
	Parameters: []rule.Parameter{publicOnlyHosts},
	Check:      checkDNSSplitHorizon,
}

func checkDNSSplitHorizon(s *model.Stack, r *rule.Report) {
	for _, z := range s.HostedZones {
		if z.IsPrivate() == model.False {
			continue
		}
		var faults []rule.Fault
		for _, record := range s.Records {
			concerned := z.IsPrivate().And(answersClients(record)).And(z.Covers(record.Host))
			host, _ := record.Host.Get()
			if concerned == model.False || slices.Contains(publicOnlyHosts.Value(r), host) {
				continue
			}
			hidden := s.IsPublic(record).And(repeats(s, z, record).Not()).And(coveredCloser(s, z, record).Not())
			recordType, _ := record.Type.Get()
			faults = append(faults, rule.FaultIf(concerned.And(hidden), z.Origin,
				"%s covers %s, and has no %s record for it as public DNS has (%s); want one, or a private zone for "+
					"fewer names",
				z.Name, rule.NameOr(record.Host, unknownName), recordType, record.Name))
		}
		r.Judge(z.Origin, faults...)
	}
}

// answersClients asks whether a record is for clients that open connections.
// Names with an underscore are proofs and settings.
func answersClients(record *model.Record) model.Truth {
	answers := record.ValidatesCertificate.Not()
	if host, known := record.Host.Get(); known && strings.Contains(host, "_") {
		return model.False
	}
	return answers.And(rule.AnyOf(record.Type, model.RecordA, model.RecordAAAA, model.RecordCNAME))
}

// repeats asks whether a zone answers as a record does: by a record of the same
// name or a wildcard for it, and of the same type.
func repeats(s *model.Stack, z *model.HostedZone, record *model.Record) model.Truth {
	has := model.False
	for _, mine := range s.Records {
		has = has.Or(mine.Zone.Names(z).And(answersName(mine, record)).And(answersType(mine, record)))
	}
	return has
}

func answersName(mine, public *model.Record) model.Truth {
	name, known := mine.Host.Get()
	host, alsoKnown := public.Host.Get()
	if !known || !alsoKnown {
		return model.Maybe
	}
	parent, wild := strings.CutPrefix(name, "*.")
	return model.TruthOf(name == host || wild && strings.HasSuffix(host, "."+parent))
}

// answersType asks whether one record answers the queries that the other one
// answers. A CNAME record answers for every type.
func answersType(mine, public *model.Record) model.Truth {
	kind, known := public.Type.Get()
	switch {
	case !known:
		return rule.AnyOf(mine.Type, model.RecordA, model.RecordAAAA, model.RecordCNAME).AtMostMaybe()
	case kind == model.RecordCNAME:
		return rule.AnyOf(mine.Type, model.RecordA, model.RecordAAAA, model.RecordCNAME)
	}
	return rule.AnyOf(mine.Type, kind, model.RecordCNAME)
}

// coveredCloser asks whether each VPC of a private zone has another private zone
// with a longer name that covers the record. The resolver asks that one.
func coveredCloser(s *model.Stack, z *model.HostedZone, record *model.Record) model.Truth {
	return z.VPCs.All(func(vpc model.Ref[model.VPC]) model.Truth {
		closer := model.False
		for _, other := range s.HostedZones {
			there := other.VPCs.Any(func(v model.Ref[model.VPC]) model.Truth { return v.Same(vpc) })
			closer = closer.Or(there.And(other.Covers(record.Host)).And(isLonger(other.Domain, z.Domain)))
		}
		return closer
	})
}

func isLonger(a, b model.Known[string]) model.Truth {
	long, known := a.Get()
	short, alsoKnown := b.Get()
	if !known || !alsoKnown {
		return model.Maybe
	}
	return model.TruthOf(len(long) > len(short))
}
