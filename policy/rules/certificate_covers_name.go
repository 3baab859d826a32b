package rules

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var certifiedElsewhere = rule.Names("certifiedElsewhere",
	"Host names whose certificates other stacks add to a listener of this one.")

var certificateCoversName = &rule.Rule{
	ID:    "certificate-covers-name",
	Title: "The certificate covers the name that clients call",
	Why: `Clients compare the name that they call with the names in the certificate. If a record
leads to a load balancer whose certificates are for other names, they refuse the connection:
"SSL: no alternative certificate subject name matches target host name", or in Java "PKIX" or
"No subject alternative DNS name matching api.example.com found". API Gateway refuses a custom
domain that its certificate does not cover: "BadRequestException".`,
	Fix: `Put the host into domainName or subjectAlternativeNames of the certificate. A wildcard such
as *.example.com stands for one label. Or add another certificate to the listener
(aws.lb.ListenerCertificate).`,
	Severity: rule.High,
	Defects:  []*rule.Defect{domainNotCovered, recordNotCovered, integrationNotCovered},
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/tls-listener-certificates.html",
		"https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html",
	},
	Tags:       []string{"certificate", "tls", "dns"},
	FormerIDs:  []string{"cert-covers-name"},
	Parameters: []rule.Parameter{certifiedElsewhere},
	Check:      checkCertificateCoversName,
}

var (
	domainNotCovered = &rule.Defect{
		ID:      "custom-domain",
		Summary: "The certificate of a custom domain does not cover the domain.",
		Outcome: rule.Refused,
		Effect:  `AWS refuses it: "BadRequestException".`,
	}
	recordNotCovered = &rule.Defect{
		ID:      "record",
		Summary: "A record leads to a load balancer whose certificates are for other names.",
		Outcome: rule.Broken,
		Effect:  "Clients compare the names, and refuse the connection.",
	}
	integrationNotCovered = &rule.Defect{
		ID:      "private-integration",
		Summary: "The load balancer behind a VPC link has no certificate for the host of an integration.",
		Outcome: rule.Broken,
		Effect: "API Gateway compares the host of the uri with the certificate, and every call ends with HTTP 500: " +
			`"Host name … does not match the certificate subject provided by the peer".`,
	}
)

const unknownName = "a name not known yet"

func checkCertificateCoversName(s *model.Stack, r *rule.Report) {
	checkRecords(s, r)
	checkPrivateIntegrations(s, r)
	for _, n := range s.Domains {
		uncovered := n.Certificates.Any(func(ref model.Ref[model.Certificate]) model.Truth {
			return ref.Ask(func(c *model.Certificate) model.Truth { return coversName(c, n.Host).Not() })
		})
		r.Judge(n.Origin, domainNotCovered.If(uncovered, n.At("domainName"),
			"%s is for %s, which its certificate does not cover; want a certificate for this name",
			n.Name, rule.NameOr(n.Host, unknownName)))
	}
}

// checkRecords judges the names that lead to load balancers.
func checkRecords(s *model.Stack, r *rule.Report) {
	elsewhere := certifiedElsewhere.Value(r)
	for _, record := range s.Records {
		name := hostOf(record)
		lb := record.Destination.LoadBalancer
		if !leadsToBalancer(record.Destination) || slices.Contains(elsewhere, name) {
			continue
		}
		uncovered := lb.Ask(func(lb *model.LoadBalancer) model.Truth {
			return showsOtherNames(s, lb, coversRecord(record)).And(isOnTheWay(s, lb, record).Not())
		})
		r.Judge(record.Origin, recordNotCovered.If(uncovered, record.At("name"),
			"%s leads %s to %s, whose certificates are for other names; want one for this name",
			record.Name, name, balancerNames(lb)))
	}
}

// checkPrivateIntegrations judges the hosts that integrations call over HTTPS
// through a VPC link to a load balancer.
func checkPrivateIntegrations(s *model.Stack, r *rule.Report) {
	elsewhere := certifiedElsewhere.Value(r)
	for _, i := range s.Integrations {
		host := i.Host()
		name := rule.NameOr(host, unknownName)
		compared := i.IsPrivate().And(i.Scheme().Equals("https")).And(comparesHost(i))
		if compared == model.False || i.HasBalancerName() == model.True || slices.Contains(elsewhere, name) {
			continue
		}
		covers := func(c *model.Certificate) model.Truth { return coversName(c, host) }
		uncovered := i.Link.Ask(func(l *model.VPCLink) model.Truth {
			return l.Target.Ask(func(lb *model.LoadBalancer) model.Truth { return showsOtherNames(s, lb, covers) })
		})
		r.Judge(i.Origin, integrationNotCovered.If(compared.And(uncovered), i.At("uri"),
			"%s calls %s through its VPC link, and the load balancer's certificates are for other names; "+
				"want the name in a certificate", i.Name, name))
	}
}

// isOnTheWay asks whether clients call another name instead, which leads to this
// one and which a certificate covers.
func isOnTheWay(s *model.Stack, lb *model.LoadBalancer, record *model.Record) model.Truth {
	on := model.False
	for _, other := range s.Records {
		leads := other.Destination.Host.Same(record.Host)
		if _, certain := other.Destination.LoadBalancer.Sole(); certain && other.Destination.Host.IsUnknown() {
			leads = model.False // It is the load balancer's own name.
		}
		if leads != model.False && other != record {
			on = on.Or(leads.And(showsOtherNames(s, lb, coversRecord(other)).Not()))
		}
	}
	return on
}

// leadsToBalancer reports whether a name may be the name of a load balancer. AWS
// puts elb into the DNS names of all load balancers.
func leadsToBalancer(d model.Destination) bool {
	host, known := d.Host.Get()
	return !d.LoadBalancer.IsAbsent() && (!known || len(d.LoadBalancer.Candidates) > 0 ||
		strings.Contains(host, ".elb."))
}

// hostOf returns a record's name for messages.
func hostOf(record *model.Record) string {
	return rule.NameOr(record.Host, rule.NameOr(record.Written, unknownName))
}

// balancerNames lists load balancers for messages.
func balancerNames(lb model.Ref[model.LoadBalancer]) string {
	var all []string
	for _, c := range lb.Candidates {
		all = append(all, c.Name)
	}
	return rule.List(all)
}

// showsOtherNames asks whether a load balancer terminates TLS and has no
// certificate that covers a name. A load balancer that passes TLS through shows
// its target's certificate.
func showsOtherNames(s *model.Stack, lb *model.LoadBalancer, covers func(*model.Certificate) model.Truth) model.Truth {
	ends, shows := model.False, model.False
	for _, l := range s.Listeners {
		on := l.LoadBalancer.Names(lb)
		tls := rule.AnyOf(l.Protocol, model.ProtocolTLS, model.ProtocolHTTPS)
		ends = ends.Or(on.And(tls))
		shows = shows.Or(on.And(tls).And(showsName(l, covers)))
		shows = shows.Or(on.And(rule.AnyOf(l.Protocol, model.ProtocolTCP, model.ProtocolUDP,
			model.ProtocolTCPUDP)).AtMostMaybe())
	}
	return ends.And(shows.Not())
}

// showsName asks whether a listener has a certificate that covers a name.
func showsName(l *model.Listener, covers func(*model.Certificate) model.Truth) model.Truth {
	has := func(certificate model.Ref[model.Certificate]) model.Truth { return certificate.Ask(covers) }
	return has(l.Certificate).Or(l.MoreCertificates.Any(has))
}

// coversRecord returns a question to certificates: whether they are valid for a
// record's name.
func coversRecord(record *model.Record) func(*model.Certificate) model.Truth {
	return func(c *model.Certificate) model.Truth {
		written, known := record.Written.Get()
		if record.Host.IsUnknown() && known {
			return c.CoversBeginning(written)
		}
		return coversName(c, record.Host)
	}
}

// coversName asks whether a certificate is valid for a name.
func coversName(c *model.Certificate, name model.Known[string]) model.Truth {
	if host, known := name.Get(); known {
		return c.Covers(host)
	}
	return model.Maybe
}
