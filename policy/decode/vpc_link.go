package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeVPCLink(n *node) {
	b.stack.VPCLinks = b.vpcLinks.add(n, &model.VPCLink{Element: n.element()})
}

func (b *builder) linkVPCLink(n *node) {
	elementOf(&b.vpcLinks, n).Target = b.loadBalancers.ref(n, "targetArn")
}
