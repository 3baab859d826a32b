package rules

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var publicOnlyHosts = rule.Names("publicOnlyHosts", "Full names that clients in the VPCs are not to resolve, although public DNS has them.")

var dnsSplitHorizon = &rule.Rule{
	ID:    "dns-split-horizon",
	Title: "A private zone holds every public name that it covers",
	Why: `In its VPCs a private zone answers for everything under its name, and the resolver never
asks public DNS about what the zone lacks. A public name that the private zone covers and
does not hold is NXDOMAIN in the VPC, and one that it holds for another type (A without
AAAA) has no address there, while both resolve everywhere else.`,
	Fix: `Name the private zone exactly as the one name that is to differ in the VPC, or repeat
the other names in it, for every type that public DNS has. A name that the VPCs are not
to resolve goes into the parameter publicOnlyHosts.`,
	Severity: rule.High,
	Level:    rule.Advisory,
	Links: []string{
		"https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html",
	},
	Tags:       []string{"route53", "dns"},
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
			concerns := z.IsPrivate().And(answersClients(record)).And(z.Covers(record.Host))
			host, known := record.Host.Get()
			if concerns == model.False || slices.Contains(publicOnlyHosts.Value(r), host) {
				continue
			}
			if !known {
				host = "a name that is not known yet"
			}
			hidden := s.IsPublic(record).And(repeats(s, z, record).Not()).And(coveredCloser(s, z, record).Not())
			recordType, _ := record.Type.Get()
			faults = append(faults, rule.FaultIf(concerns.And(hidden), z.Origin, "%s covers %s, and has no %s record for it as public DNS has (%s); want one, or a private zone for fewer names",
				z.Name, host, recordType, record.Name))
		}
		r.Judge(z.Origin, faults...)
	}
}

// answersClients asks whether a record is for those who open connections. Names
// with an underscore are proofs and settings.
func answersClients(record *model.Record) model.Truth {
	answers := record.ValidatesCertificate.Not()
	if host, known := record.Host.Get(); known && strings.Contains(host, "_") {
		return model.False
	}
	return answers.And(rule.AnyOf(record.Type, model.RecordA, model.RecordAAAA, model.RecordCNAME))
}

// repeats asks whether a zone answers as a record does: with a record of its name,
// or a wildcard's, and of its type.
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

// answersType asks whether a client that gets an answer from one record gets one
// from the other: a CNAME record answers for every type.
func answersType(mine, public *model.Record) model.Truth {
	kind, known := public.Type.Get()
	switch {
	case !known:
		return rule.AnyOf(mine.Type, model.RecordA, model.RecordAAAA, model.RecordCNAME).AtMostMaybe()
	case kind == "CNAME":
		return rule.AnyOf(mine.Type, model.RecordA, model.RecordAAAA, model.RecordCNAME)
	}
	return rule.AnyOf(mine.Type, kind, model.RecordCNAME)
}

// coveredCloser asks whether each VPC of a private zone has another one that is
// closer to the name: the resolver asks that.
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
