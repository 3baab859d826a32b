package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeInternetGateway(n *node) {
	gateway := &model.InternetGateway{Element: n.element()}
	b.stack.InternetGateways = b.internetGateways.add(n, gateway)
}

func (b *builder) linkInternetGateway(n *node) {
	if vpc := b.vpcs.ref(n, "vpcId"); !vpc.IsAbsent() {
		elementOf(&b.internetGateways, n).VPC = vpc
		b.markAttached(n, vpc)
	}
}

// aliasAttachment lets references to the attachment of an internet gateway lead
// to the gateway.
func (b *builder) aliasAttachment(n *node) {
	if sole, certain := b.internetGateways.ref(n, "internetGatewayId").Sole(); certain {
		b.internetGateways.alias(n, sole)
	}
}

func (b *builder) linkAttachment(n *node) {
	gateway, vpc := b.internetGateways.ref(n, "internetGatewayId"), b.vpcs.ref(n, "vpcId")
	for _, g := range gateway.Among(b.stack.InternetGateways) {
		switch {
		case gateway.Names(g) == model.True:
			g.VPC = vpc
		case g.VPC.IsAbsent():
			g.VPC = model.Ref[model.VPC]{Value: model.Unknown[string](), Candidates: vpc.Candidates, Open: true}
		}
	}
	b.markAttached(n, vpc)
}

// markAttached notes that the program attaches an internet gateway to a VPC. Then
// it also decides about the routes of that VPC.
func (b *builder) markAttached(n *node, vpc model.Ref[model.VPC]) {
	if sole, certain := vpc.Sole(); certain && n.isProgrammed("vpcId") == model.True {
		put(&b.attached, sole, true)
	}
}

func (b *builder) makeNATGateway(n *node) {
	b.stack.NATGateways = b.natGateways.add(n, &model.NATGateway{
		Element: n.element(),
		Public:  isPublic(text[string](n.get("connectivityType"))),
	})
}

// isPublic reads the type of a NAT gateway.
func isPublic(connectivity model.Known[string]) model.Known[bool] {
	if connectivity.IsUnknown() {
		return model.Unknown[bool]()
	}
	return model.Of(!connectivity.Is("private"))
}

func (b *builder) linkNATGateway(n *node) {
	gateway := elementOf(&b.natGateways, n)
	gateway.Subnet, gateway.ElasticIP = b.subnets.ref(n, "subnetId"), b.elasticIPs.ref(n, "allocationId")
}
