package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeListener(n *node) {
	b.stack.Listeners = b.listeners.add(n, &model.Listener{
		Element:   n.element(),
		Protocol:  text[model.Protocol](n.get("protocol")),
		Port:      n.get("port").integer(),
		SSLPolicy: n.get("sslPolicy").str(),
		ALPN:      text[model.ALPNPolicy](n.get("alpnPolicy")).Or(model.ALPNNone),
		MutualTLS: text[model.MutualTLSMode](n.get("mutualAuthentication").only().field("mode")).
			Or(model.MutualTLSOff),
	})
}

func (b *builder) linkListener(n *node) {
	listener := elementOf(&b.listeners, n)
	listener.LoadBalancer = b.loadBalancers.ref(n, "loadBalancerArn")
	listener.Certificate = b.certificates.ref(n, "certificateArn")
	b.useCertificate(n, "certificateArn", listener.Certificate)
	listener.Default = b.action(n, "defaultActions")
	listener.TargetGroups = union(listener.Default.TargetGroups, listener.TargetGroups)
}

func (b *builder) linkListenerCertificate(n *node) {
	listener, certificate := b.listeners.ref(n, "listenerArn"), b.certificates.ref(n, "certificateArn")
	b.useCertificate(n, "certificateArn", certificate)
	for _, l := range listener.Among(b.stack.Listeners) {
		l.MoreCertificates = join(l.MoreCertificates, certificate, listener.Names(l))
	}
}
