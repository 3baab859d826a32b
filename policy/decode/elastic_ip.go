package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeElasticIP(n *node) {
	b.elasticIPs.add(n, &model.ElasticIP{Element: n.element(), PublicIP: n.output("publicIp").str()})
}

// linkElasticIP notes which instances have an Elastic IP.
func (b *builder) linkElasticIP(n *node) { b.noteElasticIP(n, "instance", "networkInterface") }

// linkEIPAssociation notes which instances get an Elastic IP from a dedicated resource.
func (b *builder) linkEIPAssociation(n *node) { b.noteElasticIP(n, "instanceId", "networkInterfaceId") }

// noteElasticIP notes the instances that properties of a resource name, by their IDs or
// those of their network interfaces. Any other network interface may be one of an instance.
func (b *builder) noteElasticIP(n *node, keys ...string) {
	for _, key := range keys {
		named := b.instances.ref(n, key)
		for _, i := range named.Among(b.stack.Instances) {
			put(&b.elasticInstances, i, b.elasticInstances[i].Or(named.Names(i)))
		}
	}
}
