package decode

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

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

// action reads the actions of a listener or a rule. The last one names one
// target group, or several with weights, or the load balancer itself answers.
// The others authenticate the client first.
func (b *builder) action(n *node, key string) model.Action {
	actions, from := n.get(key).list(), withoutIdentity(n.sources(key))
	action := model.Action{Authenticates: model.False}
	for _, a := range actions.items {
		single := b.targetGroups.refsIn(a.field("targetGroupArn").sole(), "", from)
		weighted := b.targetGroups.refsIn(a.field("forward").only().field("targetGroups").list(), "arn", from)
		action.TargetGroups = union(union(action.TargetGroups, single), weighted)
		action.Authenticates = action.Authenticates.Or(authenticates(a))
	}
	if actions.open {
		rest := b.targetGroups.resolve(model.Unknown[string](), from)
		action.TargetGroups = action.TargetGroups.WithMaybe(rest)
		action.Authenticates = action.Authenticates.OrMaybeIf(true)
	}
	return action
}

// withoutIdentity drops the resources of identity providers. An action takes
// them for itself, and no target group comes from them.
func withoutIdentity(from []resource.URN) []resource.URN {
	return slices.DeleteFunc(slices.Clone(from), func(urn resource.URN) bool {
		if !urn.IsValid() {
			return false
		}
		kind := string(urn.Type())
		return strings.HasPrefix(kind, "aws:cognito/") || strings.HasPrefix(kind, "aws:secretsmanager/")
	})
}

// identityBlocks maps the types of actions that ask an identity provider to the
// members that configure them.
var identityBlocks = map[string]string{
	"authenticate-cognito": "authenticateCognito",
	"authenticate-oidc":    "authenticateOidc",
}

// authenticates asks whether an action refuses clients that do not identify
// themselves. An identity provider may be asked in vain: then the action can let
// the request pass.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
func authenticates(action value) model.Truth {
	kind, known := action.field("type").str().Get()
	switch {
	case !known && !action.field("type").absent:
		return model.Maybe
	case kind == "jwt-validation":
		return model.True
	case identityBlocks[kind] == "":
		return model.False
	}
	return action.field(identityBlocks[kind]).only().field("onUnauthenticatedRequest").str().Equals("allow").Not()
}
