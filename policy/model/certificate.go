package model

import "strings"

// Certificate is a certificate in ACM.
type Certificate struct {
	Element
	// Names are the names that it is for, wildcards as they stand.
	Names []Known[string]
	// NamesComplete is false where it is, or may be, for others too.
	NamesComplete bool
	Imported      Truth
	// Validated is True where the stack waits for the certificate to be issued.
	Validated Truth
}

// Covers asks whether the certificate is for a host name. A wildcard stands for
// one label.
// https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html
func (c *Certificate) Covers(host string) Truth {
	covers := False
	for _, known := range c.Names {
		name, isKnown := known.Get()
		if !isKnown {
			covers = covers.Or(Maybe)
			continue
		}
		covers = covers.Or(TruthOf(matchesHost(name, host)))
	}
	if !c.NamesComplete {
		return covers.Or(Maybe)
	}
	return covers
}

func matchesHost(name, host string) bool {
	name, host = strings.ToLower(strings.TrimSuffix(name, ".")), strings.ToLower(strings.TrimSuffix(host, "."))
	if parent, wild := strings.CutPrefix(name, "*."); wild {
		label, rest, _ := strings.Cut(host, ".")
		return label != "" && rest == parent
	}
	return name == host
}
