package decode

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/policy/model"
)

func (b *builder) makeAccelerator(n *node) {
	b.stack.Accelerators = b.accelerators.add(n, &model.Accelerator{
		Element:           n.element(),
		Enabled:           n.get("enabled").boolean().Or(true),
		PreservesClientIP: model.True,
	})
}

// aliasAcceleratorListener lets an endpoint group, which refers to a listener of
// an accelerator, lead to the accelerator.
func (b *builder) aliasAcceleratorListener(n *node) {
	if accelerator, certain := b.accelerators.ref(n, "acceleratorArn").Sole(); certain {
		b.accelerators.alias(n, accelerator)
		for _, id := range n.ids() {
			b.accelerators.addName(accelerator, model.Of(id))
		}
	}
}

// linkAcceleratorEndpoints reads the load balancers of an endpoint group. If the
// accelerator is not certain, the group stands for one whose state is not known.
func (b *builder) linkAcceleratorEndpoints(n *node) {
	accelerator, certain := b.accelerators.ref(n, "listenerArn").Sole()
	if !certain {
		accelerator = &model.Accelerator{
			Element: n.element(), Enabled: model.Unknown[bool](), PreservesClientIP: model.True,
		}
		b.stack.Accelerators = append(b.stack.Accelerators, accelerator)
	}
	const configurations = "endpointConfigurations"
	endpoints, from := n.get(configurations).list(), n.sources(configurations)
	if slices.ContainsFunc(from, isAWS) && !slices.ContainsFunc(from, mayLeadToBalancer) {
		return
	}
	accelerator.LoadBalancers = union(accelerator.LoadBalancers,
		b.loadBalancers.refsIn(endpoints, "endpointId", from))
	for _, e := range endpoints.items {
		preserves := e.field("clientIpPreservationEnabled").boolean().Equals(true)
		accelerator.PreservesClientIP = accelerator.PreservesClientIP.And(preserves)
	}
	if endpoints.open {
		accelerator.PreservesClientIP = accelerator.PreservesClientIP.AtMostMaybe()
	}
}

// mayLeadToBalancer reports whether an endpoint of an accelerator that comes from
// a resource may be a load balancer. The others are Elastic IPs and instances.
func mayLeadToBalancer(urn resource.URN) bool {
	return !urn.IsValid() || urn.Type() != "aws:ec2/eip:Eip" && urn.Type() != "aws:ec2/instance:Instance"
}
