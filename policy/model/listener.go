package model

// Listener forwards what a load balancer accepts on a port.
type Listener struct {
	Element
	LoadBalancer Ref[LoadBalancer]
	// TargetGroups are the groups that the listener forwards to, by default or by one of its rules.
	TargetGroups Refs[TargetGroup]
	// Default is what it does with requests that match none of its rules.
	Default Action
	// Rules are the rules that it has or may have. Only application load balancers have rules.
	Rules []*ListenerRule
	// Protocol is TLS, TCP, UDP, TCP_UDP, HTTP or HTTPS.
	Protocol  Known[Protocol]
	Port      Known[int]
	SSLPolicy Known[string]
	// ALPN is the policy by which a TLS listener negotiates HTTP versions. AWS's default is None.
	ALPN Known[ALPNPolicy]
	// MutualTLS is off, passthrough or verify. AWS's default is off.
	MutualTLS Known[MutualTLSMode]
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

// MutualTLSMode is what an HTTPS listener does with the certificates of clients.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html
type MutualTLSMode string

// Modes of mutual TLS. MutualTLSVerify refuses clients without a certificate
// from the trust store. MutualTLSPassthrough leaves that to the targets.
const (
	MutualTLSOff         MutualTLSMode = "off"
	MutualTLSPassthrough MutualTLSMode = "passthrough"
	MutualTLSVerify      MutualTLSMode = "verify"
)

// ForwardsTo asks whether the listener sends traffic to a target group.
func (l *Listener) ForwardsTo(tg *TargetGroup) Truth {
	return l.TargetGroups.Any(func(r Ref[TargetGroup]) Truth { return r.Names(tg) })
}

// AdmitsAnyone asks whether the listener sends requests to a target group from
// clients that it does not authenticate. It asks nothing about security groups.
func (l *Listener) AdmitsAnyone(tg *TargetGroup) Truth {
	if l.MutualTLS.Is(MutualTLSVerify) {
		return False
	}
	admits := l.Default.admitsAnyone(tg).And(l.isHidden(nil).Not())
	for _, r := range l.Rules {
		if way := r.Listener.Names(l).And(r.ForAnyone()).And(r.admitsAnyone(tg)); way != False {
			admits = admits.Or(way.And(l.isHidden(r).Not()))
		}
	}
	return admits.And(l.MutualTLS.Equals(MutualTLSVerify).Not())
}

// isHidden asks whether no request reaches a rule, because an earlier rule
// matches every request. A nil rule stands for the default action, which comes
// last.
func (l *Listener) isHidden(rule *ListenerRule) Truth {
	hidden := False
	for _, r := range l.Rules {
		everything := r.ForEverything()
		if everything == False || r == rule {
			continue
		}
		earlier := True
		if rule != nil {
			earlier = r.isBefore(rule)
		}
		hidden = hidden.Or(r.Listener.Names(l).And(everything).And(earlier))
	}
	return hidden
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
