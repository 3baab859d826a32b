package model

// Listener forwards what a load balancer accepts on a port.
type Listener struct {
	Element
	LoadBalancer Ref[LoadBalancer]
	TargetGroups Refs[TargetGroup]
	// Protocol is TLS, TCP, UDP, TCP_UDP, HTTP or HTTPS.
	Protocol  Known[Protocol]
	Port      Known[int]
	SSLPolicy Known[string]
	// ALPN is the policy by which a TLS listener negotiates HTTP versions. AWS's default is None.
	ALPN Known[ALPNPolicy]
	// Certificate is the default certificate.
	Certificate Ref[Certificate]
	// MoreCertificates are certificates for the other names that clients may ask for.
	MoreCertificates Refs[Certificate]
}

// Protocol is the protocol of a listener, a target group or a health check.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Listener.html
type Protocol string

// Protocols of listeners, target groups and health checks. A network load
// balancer ends TLS at a TLS listener. It opens a new TLS connection to the
// targets of a TLS target group.
const (
	ProtocolHTTP   Protocol = "HTTP"
	ProtocolHTTPS  Protocol = "HTTPS"
	ProtocolTCP    Protocol = "TCP"
	ProtocolTCPUDP Protocol = "TCP_UDP"
	ProtocolTLS    Protocol = "TLS"
	ProtocolUDP    Protocol = "UDP"
)

// ALPNPolicy is how a TLS listener negotiates the HTTP version with clients.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html
type ALPNPolicy string

// Policies of a TLS listener.
const (
	ALPNNone           ALPNPolicy = "None"
	ALPNHTTP1Only      ALPNPolicy = "HTTP1Only"
	ALPNHTTP2Only      ALPNPolicy = "HTTP2Only"
	ALPNHTTP2Optional  ALPNPolicy = "HTTP2Optional"
	ALPNHTTP2Preferred ALPNPolicy = "HTTP2Preferred"
)

// ForwardsTo asks whether the listener sends traffic to a target group.
func (l *Listener) ForwardsTo(tg *TargetGroup) Truth {
	return l.TargetGroups.Any(func(r Ref[TargetGroup]) Truth { return r.Names(tg) })
}

// Covers asks whether one of the listener's certificates is valid for a host name.
func (l *Listener) Covers(host string) Truth {
	covers := func(c Ref[Certificate]) Truth {
		return c.Ask(func(c *Certificate) Truth { return c.Covers(host) })
	}
	return covers(l.Certificate).Or(l.MoreCertificates.Any(covers))
}

// OffersHTTP2 asks whether the listener's ALPN policy lets clients use HTTP/2.
func (l *Listener) OffersHTTP2() Truth {
	offers := False
	for _, policy := range []ALPNPolicy{ALPNHTTP2Only, ALPNHTTP2Optional, ALPNHTTP2Preferred} {
		offers = offers.Or(l.ALPN.Equals(policy))
	}
	return offers
}

// targetGroups returns those of all target groups that the listener may forward to.
func (l *Listener) targetGroups(all []*TargetGroup) []*TargetGroup {
	var found []*TargetGroup
	for _, ref := range l.TargetGroups.Items {
		found = append(found, ref.Among(all)...)
	}
	if l.TargetGroups.Rest != nil {
		found = append(found, l.TargetGroups.Rest.Among(all)...)
	}
	return found
}
