package model

import "strings"

// Certificate is a certificate in ACM.
type Certificate struct {
	Element
	// Names are the names that it is for, wildcards as they stand.
	Names []Known[string]
	// NamesComplete is false where it is, or may be, for others too.
	NamesComplete bool
}

// CertifiedName is a custom domain name of API Gateway, for REST or other APIs,
// and the certificates that it may show to clients.
type CertifiedName struct {
	Element
	Host         Known[string]
	Certificates Refs[Certificate]
}

// Covers asks whether the certificate is for a host name. A wildcard stands for
// one label. Of a host that is a wildcard itself, part of the names is Maybe.
// https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html
func (c *Certificate) Covers(host string) Truth {
	return c.anyName(func(name string) Truth {
		switch {
		case matchesHost(name, host):
			return True
		case matchesHost(host, name):
			return Maybe
		}
		return False
	})
}

// CoversBeginning asks whether the certificate is for a host name that is this
// one or, with more labels after it, begins like it.
func (c *Certificate) CoversBeginning(host string) Truth {
	longer := c.anyName(func(name string) Truth {
		begins := strings.HasPrefix(plain(name), plain(host)+".")
		wild := strings.HasPrefix(name, "*.") && !strings.Contains(plain(host), ".")
		return TruthOf(begins || wild)
	})
	return c.Covers(host).Or(longer).And(Maybe)
}

func (c *Certificate) anyName(question func(string) Truth) Truth {
	answer := False
	for _, known := range c.Names {
		if name, isKnown := known.Get(); isKnown {
			answer = answer.Or(question(name))
		} else {
			answer = answer.Or(Maybe)
		}
	}
	if !c.NamesComplete {
		return answer.Or(Maybe)
	}
	return answer
}

func matchesHost(name, host string) bool {
	name, host = plain(name), plain(host)
	if parent, wild := strings.CutPrefix(name, "*."); wild {
		label, rest, _ := strings.Cut(host, ".")
		return label != "" && rest == parent
	}
	return name == host
}

// plain is a host name without what has no meaning in it.
func plain(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }
