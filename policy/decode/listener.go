package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeListener(n *node) {
	b.stack.Listeners = b.listeners.add(n, &model.Listener{
		Element:   n.element(),
		Protocol:  text[model.Protocol](n.get("protocol")),
		Port:      n.get("port").integer(),
		SSLPolicy: n.get("sslPolicy").str(),
		ALPN:      text[model.ALPNPolicy](n.get("alpnPolicy")).Or(model.ALPNNone),
	})
}

// linkListener reads where a listener sends traffic. An action names one target
// group, or several with weights.
func (b *builder) linkListener(n *node) {
	listener := elementOf(&b.listeners, n)
	listener.LoadBalancer = b.loadBalancers.ref(n, "loadBalancerArn")
	listener.Certificate = b.certificates.ref(n, "certificateArn")
	actions, from := n.get("defaultActions").list(), n.sources("defaultActions")
	for _, action := range actions.items {
		single := b.targetGroups.refsIn(action.field("targetGroupArn").sole(), "", from)
		weighted := b.targetGroups.refsIn(action.field("forward").field("targetGroups").list(), "arn", from)
		listener.TargetGroups = union(union(listener.TargetGroups, single), weighted)
	}
	if actions.open {
		rest := b.targetGroups.resolve(model.Unknown[string](), from)
		listener.TargetGroups = listener.TargetGroups.WithMaybe(rest)
	}
}

func (b *builder) linkListenerCertificate(n *node) {
	listener, certificate := b.listeners.ref(n, "listenerArn"), b.certificates.ref(n, "certificateArn")
	for _, l := range listener.Among(b.stack.Listeners) {
		l.MoreCertificates = join(l.MoreCertificates, certificate, listener.Names(l))
	}
}
