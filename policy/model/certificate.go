package model

import "strings"

// Certificate is a certificate in ACM.
type Certificate struct {
	Element
	// Names are the host names that the certificate is valid for. Wildcards are kept as they are written.
	Names List[string]
	// NeedsValidation is whether ACM issues the certificate only after somebody has proved the control of its names.
	// An imported certificate, and one from a private authority, need no proof.
	// https://docs.aws.amazon.com/acm/latest/userguide/domain-ownership-validation.html
	NeedsValidation Truth
	// ValidationNames are the names of the CNAME records by which ACM issues and renews the certificate. They are
	// unknown before the certificate exists. A certificate that ACM validates by e-mail has none.
	// https://docs.aws.amazon.com/acm/latest/userguide/dns-renewal-validation.html
	ValidationNames List[string]
	// Published is whether others than records of the stack may publish those names, such as another provider.
	Published bool
	// Imported is whether somebody has imported the certificate. ACM does not renew it.
	Imported Truth
	// SelfSigned is whether the certificate is its own issuer. ACM issues no such certificate.
	SelfSigned Truth
	// IsPrivate is whether the certificate is self-signed or from a private authority. Clients do not trust it unless
	// somebody tells them to. It is Maybe for an imported certificate that another one has signed.
	IsPrivate Truth
	// Issued is whether ACM has issued the certificate. It is False before the certificate exists, and Maybe if the
	// stack holds an old status.
	Issued Truth
}

// CertificateUse is a property that takes a certificate. AWS refuses it if the
// certificate is not issued by then.
type CertificateUse struct {
	Element
	// Property is the property's name.
	Property    string
	Certificate Ref[Certificate]
	// OfValidation is whether the value comes from a [CertificateValidation], so that it waits for the certificate.
	OfValidation bool
}

// Waits asks whether AWS has issued the certificate by the time that the use is
// deployed, because that waits for a validation of the certificate. It is Maybe if
// the use waits for a resource that may do anything, such as a command.
func (s *Stack) Waits(use *CertificateUse) Truth {
	if use.OfValidation {
		return True
	}
	past, waits := s.Before(use.Origin), False
	for _, v := range s.Validations {
		if waits != True && past.Includes(v.Origin) {
			waits = waits.Or(v.Certificate.Same(use.Certificate))
		}
	}
	return waits.OrMaybeIf(past.hasCustomStep())
}

// Covers asks whether the certificate is valid for a host name. A wildcard
// stands for one label. If host is itself a wildcard and only some of its names
// are covered, the answer is Maybe.
// https://docs.aws.amazon.com/acm/latest/userguide/acm-concepts.html
func (c *Certificate) Covers(host string) Truth {
	return c.Names.Any(func(name string) Truth {
		switch {
		case matchesHost(name, host):
			return True
		case matchesHost(host, name):
			return Maybe
		}
		return False
	})
}

// IsAbout asks whether a host name is one of the certificate's names, or below one.
func (c *Certificate) IsAbout(host string) Truth {
	return c.Covers(host).Or(c.Names.Any(func(name string) Truth {
		return TruthOf(strings.HasSuffix(normalHost(host), "."+strings.TrimPrefix(normalHost(name), "*.")))
	}))
}

// CoversBeginning asks whether the certificate may be valid for a host name of
// which only the first labels are known. The answer is never True.
func (c *Certificate) CoversBeginning(first string) Truth {
	longer := c.Names.Any(func(name string) Truth {
		begins := strings.HasPrefix(normalHost(name), normalHost(first)+".")
		wild := strings.HasPrefix(name, "*.") && !strings.Contains(normalHost(first), ".")
		return TruthOf(begins || wild)
	})
	return c.Covers(first).Or(longer).AtMostMaybe()
}

// matchesHost reports whether a host name is the same as a certificate's name,
// or matches it if that is a wildcard.
func matchesHost(name, host string) bool {
	name, host = normalHost(name), normalHost(host)
	if parent, wild := strings.CutPrefix(name, "*."); wild {
		label, rest, _ := strings.Cut(host, ".")
		return label != "" && rest == parent
	}
	return name == host
}

// normalHost returns a host name in lower case and without a final dot.
func normalHost(host string) string { return strings.ToLower(strings.TrimSuffix(host, ".")) }
