package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeVPCLink(n *node) {
	isV2 := n.token() == "aws:apigatewayv2/vpcLink:VpcLink"
	b.stack.VPCLinks = b.vpcLinks.add(n, &model.VPCLink{Element: n.element(), V2: isV2})
}

func (b *builder) linkVPCLink(n *node) {
	elementOf(&b.vpcLinks, n).Target = b.loadBalancers.ref(n, "targetArn")
}

// linkVPCLinkV2 reads the network interfaces of a VPC link V2.
func (b *builder) linkVPCLinkV2(n *node) {
	l := elementOf(&b.vpcLinks, n)
	l.Subnets = b.subnets.refs(n, "subnetIds", "")
	l.Groups = b.securityGroups.refs(n, "securityGroupIds", "")
}
