package trace

import (
	"fmt"
	"slices"

	"private-api-blueprints/policy/model"
)

// endTLS ends TLS at a listener: it shows a certificate and agrees on a version of
// HTTP. An application load balancer offers HTTP/2 always.
func (w walk) endTLS(c call, l *model.Listener) (walk, []Trace) {
	if !c.tls {
		return w, w.stop(end{TLSFailed, l.Element, l.At("protocol"), "ask for an https URL"},
			"listener %s expects TLS, and the client speaks plain HTTP", l.Name)
	}
	w, ends := w.showCertificate(c, l)
	if ends != nil {
		return w, ends
	}
	if l.Protocol.Is(model.ProtocolHTTPS) {
		w.protocol = http1
		if slices.Contains(c.alpn, http2) {
			w.protocol = http2
		}
		return w.pass(l.At("protocol"), "the load balancer speaks %s with the client", w.protocol), nil
	}
	policy, known := l.ALPN.Or(model.ALPNNone).Get()
	if !known {
		w.protocol = ""
		return w.unsure(l.At("alpnPolicy"), "the ALPN policy of listener %s is not known yet", l.Name), nil
	}
	agreed := false
	if w.protocol, agreed = negotiate(policy, c.alpn); !agreed {
		return w.pass(l.At("alpnPolicy"), "the server does not agree on a protocol (ALPN policy %s), so the client "+
			"speaks %s", policy, w.protocol), nil
	}
	return w.pass(l.At("alpnPolicy"), "ALPN policy %s lets the client speak %s", policy, w.protocol), nil
}

// negotiate returns the version of HTTP that a client speaks after the handshake
// with a listener that has a policy, and whether the two have agreed on it. The policy is a list, and the first protocol
// in it that the client offers is chosen. A client that offers none of them gets
// a connection without ALPN, on which it speaks HTTP/1.1.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/create-tls-listener.html
func negotiate(policy model.ALPNPolicy, offered []string) (protocol string, agreed bool) {
	preferences := map[model.ALPNPolicy][]string{
		model.ALPNHTTP1Only:      {http1},
		model.ALPNHTTP2Only:      {http2},
		model.ALPNHTTP2Optional:  {http1, http2},
		model.ALPNHTTP2Preferred: {http2, http1},
	}
	for _, protocol := range preferences[policy] {
		if slices.Contains(offered, protocol) {
			return protocol, true
		}
	}
	return http1, false
}

// showCertificate shows the client the listener's certificate for the name that it
// asks for.
func (w walk) showCertificate(c call, l *model.Listener) (walk, []Trace) {
	if !c.verifies {
		return w.pass(l.At("certificateArn"), "the other side does not verify the certificate"), nil
	}
	at := l.At("certificateArn")
	if l.Certificate.IsAbsent() && l.MoreCertificates.IsEmpty() {
		return w, w.stop(end{TLSFailed, l.Element, at, "give listener " + l.Name + " a certificate for " + c.sni},
			"listener %s has no certificate", l.Name)
	}
	w, ends := w.require(l.Covers(c.sni), check{
		end:    end{TLSNameMismatch, l.Element, at, "use a certificate for " + c.sni + " at listener " + l.Name},
		passes: fmt.Sprintf("a certificate of listener %s is valid for %s", l.Name, c.sni),
		stops: fmt.Sprintf("no certificate of listener %s is valid for %s%s", l.Name, c.sni,
			certifiedNames(l.Certificate)),
	})
	if ends != nil || c.trustsAll {
		return w, showing(c.mismatch(l.Certificate), ends)
	}
	private := isPrivate(l, c.sni)
	if private == model.False {
		return w, nil
	}
	w, ends = w.require(private.Not(), check{
		end: end{TLSUntrusted, l.Element, at,
			"use a certificate of a public authority, or let the client trust the private one"},
		passes: "the client trusts the authority of the certificate",
		stops:  fmt.Sprintf("the certificate of listener %s is self-signed, or from a private authority", l.Name),
	})
	return w, showing(c.untrusted(), ends)
}

// isPrivate asks whether the certificate that a listener shows for a name is from a
// private authority.
func isPrivate(l *model.Listener, name string) model.Truth {
	private := func(ref model.Ref[model.Certificate]) model.Truth {
		return ref.Ask(func(c *model.Certificate) model.Truth { return c.IsPrivate })
	}
	covers := func(ref model.Ref[model.Certificate]) model.Truth {
		return ref.Ask(func(c *model.Certificate) model.Truth { return c.Covers(name) })
	}
	if covers(l.Certificate) == model.True {
		return private(l.Certificate)
	}
	for _, ref := range l.MoreCertificates.Items {
		if covers(ref) == model.True {
			return private(ref)
		}
	}
	return model.Maybe
}

// certifiedNames returns the names of a certificate for texts.
func certifiedNames(ref model.Ref[model.Certificate]) string {
	c, certain := ref.Sole()
	if !certain {
		return ""
	}
	text := ""
	for _, item := range c.Names.Items {
		if name, known := item.Get(); known {
			text += ", " + name
		}
	}
	if text == "" {
		return ""
	}
	return ": the default one names " + text[2:]
}
