package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeElasticIP(n *node) {
	b.elasticIPs.add(n, &model.ElasticIP{Element: n.element(), PublicIP: n.output("publicIp").str()})
}
