package rules

import (
	"regexp"
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
AAAA) has no address there. Both resolve everywhere else. A private zone for a domain of AWS,
such as us-east-1.amazonaws.com, takes all of AWS's services there from its VPCs.`,
	Fix: `Give the private zone exactly the one name that differs in the VPC. Or repeat the other
names in it, for every type that public DNS has. If the VPCs must not resolve a name, add it
to the parameter publicOnlyHosts. For endpoints of AWS services that several VPCs share, create
one zone for each service, such as sqs.us-east-1.amazonaws.com.`,
	Severity: rule.High,
	Defects:  []*rule.Defect{zoneOfAWS, hiddenName, zoneTooWide},
	Links: []string{
		"https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html",
		"https://docs.aws.amazon.com/whitepapers/latest/building-scalable-secure-multi-vpc-network-infrastructure/centralized-access-to-vpc-private-endpoints.html",
	},
	Tags:       []string{"route53", "dns"},
	FormerIDs:  []string{"r53-split-horizon"},
	Parameters: []rule.Parameter{publicOnlyHosts},
	Check:      checkDNSSplitHorizon,
}

var (
	zoneOfAWS = &rule.Defect{
		ID: "aws-domain", Summary: "A private zone is for a domain that many AWS services share.", Outcome: rule.Broken,
		Effect: "In the zone's VPCs the names of all AWS services in the domain are NXDOMAIN, except those that the " +
			"zone repeats.",
	}
	hiddenName = &rule.Defect{
		ID: "hidden-name", Summary: "A private zone covers a public name of the stack and does not have it.",
		Outcome: rule.Risky,
		Effect: "The name is NXDOMAIN, or has no address of that type, in the zone's VPCs. That may be meant: the " +
			"stack does not say whether clients there call it.",
	}
	zoneTooWide = &rule.Defect{
		ID: "wider-than-records", Outcome: rule.Risky,
		Summary: "A private zone is for a public domain, and has names of one part of it only.",
		Effect:  "Every other public name of the domain is NXDOMAIN in the zone's VPCs.",
	}
)

func checkDNSSplitHorizon(s *model.Stack, r *rule.Report) {
	for _, z := range s.HostedZones {
		if z.IsPrivate() == model.False {
			continue
		}
		domain := rule.NameOr(z.Domain, unknownName)
		faults, hides := hiddenNames(s, z, publicOnlyHosts.Value(r))
		faults = append(faults, zoneOfAWS.If(z.IsPrivate().And(isDomainOfAWS(z.Domain)), z.At("name"),
			"%s answers for all of %s in its VPCs; want a zone for the name of one service", z.Name, domain))
		if part, wider := narrowerDomain(s, z); wider != model.False && !hides {
			faults = append(faults, zoneTooWide.If(z.IsPrivate().And(wider).And(isPublicDomain(s, z)), z.At("name"),
				"%s answers for all of %s, and its records are all for %s; want a private zone for that name only",
				z.Name, domain, part))
		}
		r.Judge(z.Origin, faults...)
	}
}

// hiddenNames returns the faults of public names that a private zone hides, and
// whether it certainly hides one.
func hiddenNames(s *model.Stack, z *model.HostedZone, publicOnly []string) (faults []rule.Fault, hides bool) {
	for _, record := range s.Records {
		concerned := z.IsPrivate().And(answersClients(record)).And(z.Covers(record.Host))
		host, _ := record.Host.Get()
		if concerned == model.False || slices.Contains(publicOnly, host) {
			continue
		}
		hidden := s.IsPublic(record).And(repeats(s, z, record).Not()).And(coveredCloser(s, z, record).Not())
		recordType, _ := record.Type.Get()
		hides = hides || concerned.And(hidden) == model.True
		faults = append(faults, hiddenName.If(concerned.And(hidden), z.Origin,
			"%s covers %s, and has no %s record for it as public DNS has (%s); want one, or a private zone for "+
				"fewer names",
			z.Name, rule.NameOr(record.Host, unknownName), recordType, record.Name))
	}
	return faults, hides
}

// awsDomain matches the domains in which AWS has the names of many services or
// of many customers' resources. The endpoint of one service in a region, such as
// sqs.us-east-1.amazonaws.com, is not among them.
// https://docs.aws.amazon.com/general/latest/gr/rande.html
var awsDomain = regexp.MustCompile(`^(` +
	`((elb|vpce)\.)?([a-z]{2}(-[a-z]+)+-\d\.)?((elb|vpce)\.)?amazonaws\.com(\.cn)?` +
	`|([a-z]{2}(-[a-z]+)+-\d\.)?api\.aws` +
	`)$`)

func isDomainOfAWS(domain model.Known[string]) model.Truth {
	name, known := domain.Get()
	if !known {
		return model.Maybe
	}
	return model.TruthOf(awsDomain.MatchString(name))
}

// narrowerDomain asks whether all names in a zone are in one part of its domain,
// and returns that part. Names with an underscore are not names of hosts.
func narrowerDomain(s *model.Stack, z *model.HostedZone) (part string, isPart model.Truth) {
	domain, known := z.Domain.Get()
	isPart = model.TruthOf(known).Or(model.Maybe)
	var labels []string // Of the part, the last one first.
	for _, record := range s.Records {
		inZone := record.Zone.Names(z)
		host, hostKnown := record.Host.Get()
		switch {
		case inZone == model.False, strings.Contains(host, "_"):
		case inZone == model.Maybe, !hostKnown:
			isPart = isPart.And(model.Maybe)
		default:
			labels = commonLabels(labels, strings.TrimPrefix(host, "*."))
		}
	}
	slices.Reverse(labels)
	part = strings.Join(labels, ".")
	if known && len(labels) > 0 && !strings.HasSuffix(part, "."+domain) || len(labels) == 0 && isPart == model.True {
		return part, model.False
	}
	return part, isPart
}

// commonLabels returns the labels at the end of a host's name that are also in
// the list, the last one first. The list is empty before the first host.
func commonLabels(labels []string, host string) []string {
	more := strings.Split(host, ".")
	slices.Reverse(more)
	if labels == nil {
		return more
	}
	n := 0
	for n < len(labels) && n < len(more) && labels[n] == more[n] {
		n++
	}
	return labels[:n:n]
}

// registrable matches a domain directly below one of the usual public top-level
// domains, which certainly has further names in public DNS. Networks also use
// top-level domains that public DNS does not have, such as internal and local.
var registrable = regexp.MustCompile(`^[^.]+\.([a-z]{2}|com|net|org|edu|gov|info|biz|app|dev|cloud|tech)$`)

// isPublicDomain asks whether the domain of a private zone may have names in
// public DNS that the stack does not show. If the stack has the public zone of
// the domain, it shows them.
func isPublicDomain(s *model.Stack, z *model.HostedZone) model.Truth {
	shown := model.False
	for _, other := range s.HostedZones {
		shown = shown.Or(other.IsPrivate().Not().And(sameName(other.Domain, z.Domain)))
	}
	domain, known := z.Domain.Get()
	if !known || shown == model.True {
		return shown.Not().And(model.Maybe)
	}
	public := model.TruthOf(registrable.MatchString(domain))
	for _, record := range s.Records {
		if public != model.True && len(record.Zone.Candidates) == 0 && z.Covers(record.Host) == model.True {
			public = public.Or(s.IsPublic(record))
		}
	}
	return public.And(shown.Not())
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
