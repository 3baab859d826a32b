package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeTargetGroup(n *node) {
	b.stack.TargetGroups = b.targetGroups.add(n, &model.TargetGroup{
		Element:          n.element(),
		TargetType:       text[model.TargetType](n.get("targetType")).Or(model.TargetInstance),
		Protocol:         text[model.Protocol](n.get("protocol")),
		Port:             n.get("port").integer(),
		Version:          text[model.ProtocolVersion](n.get("protocolVersion")),
		CrossZone:        text[model.CrossZone](n.get("loadBalancingCrossZoneEnabled")),
		PreserveClientIP: n.get("preserveClientIp").boolean(),
		ProxyProtocol:    n.get("proxyProtocolV2").boolean().Or(false),
		HealthCheck:      healthCheck(n.get("healthCheck").only()),
		Naming:           naming(n),
	})
}

// healthCheck reads a health check. If the program writes one without a
// protocol, the provider's default applies instead of AWS's.
// https://www.pulumi.com/registry/packages/aws/api-docs/lb/targetgroup/#targetgrouphealthcheck
func healthCheck(block value) model.HealthCheck {
	protocol := text[model.Protocol](block.field("protocol"))
	if !block.absent {
		protocol = protocol.Or(model.ProtocolHTTP)
	}
	return model.HealthCheck{
		Protocol: protocol,
		Port:     block.field("port").str().Or(model.TrafficPort),
		Path:     block.field("path").str(),
		Codes:    block.field("matcher").str(),
	}
}

func (b *builder) linkTargetGroup(n *node) {
	tg := elementOf(&b.targetGroups, n)
	tg.VPC = b.vpcs.ref(n, "vpcId")
	tg.Shared, tg.SharedByOutput = b.isShared(n, tg)
}
