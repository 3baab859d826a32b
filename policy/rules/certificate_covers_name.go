package rules

import (
	"slices"
	"strings"

	"private-api-blueprints/policy/model"
	"private-api-blueprints/policy/rule"
)

var certifiedElsewhere = rule.Names("certifiedElsewhere", "Host names whose certificates other stacks add to a listener of this one.")

var certificateCoversName = &rule.Rule{
	ID:    "certificate-covers-name",
	Title: "The name that clients call is in the certificate that they are shown",
	Why: `Clients compare the name that they call with those in the certificate. Where a record
leads to a load balancer whose certificates are for other names, they refuse: "SSL: no
alternative certificate subject name matches target host name", in Java "PKIX" or "No subject
alternative DNS name matching api.example.com found". API Gateway creates no custom domain whose
certificate does not cover it: "BadRequestException".`,
	Fix: `Name the host in domainName or subjectAlternativeNames of the certificate; a wildcard,
*.example.com, stands for one label. Or add a certificate for it to the listener
(aws.lb.ListenerCertificate).`,
	Severity: rule.High,
	Level:    rule.Mandatory,
	Links: []string{
		"https://docs.aws.amazon.com/elasticloadbalancing/latest/network/tls-listener-certificates.html",
		"https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html",
		"https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-custom-domains.html",
	},
	Tags:       []string{"certificate", "tls", "dns"},
	Parameters: []rule.Parameter{certifiedElsewhere},
	Check:      checkCertificateCoversName,
}

func checkCertificateCoversName(s *model.Stack, r *rule.Report) {
	checkRecords(s, r)
	for _, n := range s.CertifiedNames {
		host, known := n.Host.Get()
		if !known {
			host = "a name not known yet"
		}
		r.Judge(n.Origin, rule.FaultIf(n.Certificates.Any(func(c model.Ref[model.Certificate]) model.Truth {
			return c.Ask(func(c *model.Certificate) model.Truth { return coversName(c, n.Host).Not() })
		}), n.At("domainName"), "%s is for %s, which its certificate is not for; want a certificate for this name", n.Name, host))
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
		showsOther := lb.Ask(func(lb *model.LoadBalancer) model.Truth {
			return showsOtherNames(s, lb, record).And(isOnTheWay(s, lb, record).Not())
		})
		r.Judge(record.Origin, rule.FaultIf(showsOther, record.At("name"), "%s leads %s to %s, whose certificates are for other names; want one for this name", record.Name, name, balancerNames(lb)))
	}
}

// isOnTheWay asks whether clients call another name, which leads to this one and
// is in the certificate.
func isOnTheWay(s *model.Stack, lb *model.LoadBalancer, record *model.Record) model.Truth {
	on := model.False
	for _, other := range s.Records {
		leads := other.Destination.Host.Same(record.Host)
		if _, certain := other.Destination.LoadBalancer.Sole(); certain && other.Destination.Host.IsUnknown() {
			leads = model.False // It is the load balancer's own name.
		}
		if leads != model.False && other != record {
			on = on.Or(leads.And(showsOtherNames(s, lb, other).Not()))
		}
	}
	return on
}

// leadsToBalancer reports that a name may be a load balancer's. AWS has elb in
// the names of all of them.
func leadsToBalancer(d model.Destination) bool {
	host, known := d.Host.Get()
	return !d.LoadBalancer.IsAbsent() && (!known || len(d.LoadBalancer.Candidates) > 0 || strings.Contains(host, ".elb."))
}

// hostOf is a record's name for messages.
func hostOf(record *model.Record) string {
	if host, known := record.Host.Get(); known {
		return host
	}
	if written, known := record.Written.Get(); known {
		return written
	}
	return "a name not known yet"
}

func balancerNames(lb model.Ref[model.LoadBalancer]) string {
	var all []string
	for _, c := range lb.Candidates {
		all = append(all, c.Name)
	}
	return rule.List(all)
}

// showsOtherNames asks whether a load balancer ends TLS with certificates none
// of which is for a record's name. One that passes TLS on shows another's.
func showsOtherNames(s *model.Stack, lb *model.LoadBalancer, record *model.Record) model.Truth {
	ends, shows := model.False, model.False
	for _, l := range s.Listeners {
		on := l.LoadBalancer.Names(lb)
		tls := rule.AnyOf(l.Protocol, model.ProtocolTLS, model.ProtocolHTTPS)
		ends = ends.Or(on.And(tls))
		shows = shows.Or(on.And(tls).And(showsName(l, record)))
		shows = shows.Or(on.And(rule.AnyOf(l.Protocol, model.ProtocolTCP, model.ProtocolUDP, model.ProtocolTCPUDP)).AtMostMaybe())
	}
	return ends.And(shows.Not())
}

// showsName asks whether a listener has a certificate for a record's name.
func showsName(l *model.Listener, record *model.Record) model.Truth {
	covers := func(certificate model.Ref[model.Certificate]) model.Truth {
		return certificate.Ask(func(c *model.Certificate) model.Truth { return coversRecord(c, record) })
	}
	return covers(l.Certificate).Or(l.MoreCertificates.Any(covers))
}

func coversRecord(c *model.Certificate, record *model.Record) model.Truth {
	written, known := record.Written.Get()
	if record.Host.IsUnknown() && known {
		return c.CoversBeginning(written)
	}
	return coversName(c, record.Host)
}

func coversName(c *model.Certificate, name model.Known[string]) model.Truth {
	if host, known := name.Get(); known {
		return c.Covers(host)
	}
	return model.Maybe
}
