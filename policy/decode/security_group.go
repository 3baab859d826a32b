package decode

import (
	"slices"

	"private-api-blueprints/policy/model"
)

func (b *builder) makeSecurityGroup(n *node) {
	b.stack.SecurityGroups = b.securityGroups.add(n, &model.SecurityGroup{Element: n.element()})
}

// defaultGroup is the default security group of a VPC, if the stack manages it.
type defaultGroup struct {
	of    model.Ref[model.VPC]
	group model.Ref[model.SecurityGroup]
}

func (b *builder) linkDefaultGroup(n *node) {
	b.defaultGroups = append(b.defaultGroups, defaultGroup{b.vpcs.ref(n, "vpcId"), itself(&b.securityGroups, n)})
}

// addDefaultGroups gives the default security group of its VPC to each endpoint, instance, network interface and
// application load balancer for which the program names no group. AWS fills that group in later, and the provider
// reads it; it does not count as a group that the program names.
func (b *builder) addDefaultGroups() {
	for _, e := range b.stack.Endpoints {
		e.Groups = b.withDefaultGroup(e.Groups, e.VPC)
	}
	for _, i := range b.stack.NetworkInterfaces {
		i.Groups = b.withDefaultGroup(i.Groups, i.VPC())
	}
	for _, i := range b.stack.Instances {
		i.Groups = b.withDefaultGroup(i.Groups, i.VPC())
	}
	for _, lb := range b.stack.LoadBalancers {
		if lb.Type.Is(model.LoadBalancerApplication) {
			lb.Groups = b.withDefaultGroup(lb.Groups, vpcOfSubnets(lb.Subnets))
		}
	}
}

// vpcOfSubnets returns the VPC of a set of subnets. All subnets of a load balancer are in one VPC.
func vpcOfSubnets(subnets model.Refs[model.Subnet]) model.Ref[model.VPC] {
	vpc := model.UnknownRef[model.VPC]()
	for _, ref := range subnets.Items {
		for _, s := range ref.Candidates {
			if _, certain := s.VPC.Sole(); !ref.IsClosed() || !certain {
				return model.UnknownRef[model.VPC]()
			}
			if !vpc.IsClosed() {
				vpc = s.VPC
			} else if vpc.Same(s.VPC) != model.True {
				return model.UnknownRef[model.VPC]()
			}
		}
	}
	return vpc
}

// withDefaultGroup returns the groups of something in a VPC. If there are none, they are the VPC's default group.
func (b *builder) withDefaultGroup(
	groups model.Refs[model.SecurityGroup], in model.Ref[model.VPC],
) model.Refs[model.SecurityGroup] {
	if b.isDefaultOnly(groups, in) {
		groups = model.Refs[model.SecurityGroup]{}
	}
	if !groups.IsEmpty() {
		return groups
	}
	if b.defaultMayHaveRules(in) {
		groups.Items = []model.Ref[model.SecurityGroup]{model.UnknownRef[model.SecurityGroup]()}
		return groups
	}
	for _, d := range b.defaultGroups {
		if same := d.of.Same(in); same != model.False {
			groups = join(groups, d.group, same)
		}
	}
	return groups
}

// isDefaultOnly reports whether the default group of a VPC is the only group.
func (b *builder) isDefaultOnly(groups model.Refs[model.SecurityGroup], in model.Ref[model.VPC]) bool {
	vpc, certain := in.Sole()
	if !certain || groups.Rest != nil || len(groups.Items) != 1 {
		return false
	}
	id, known := b.defaultGroupIDs[vpc].Get()
	return known && groups.Items[0].Value.Is(id)
}

// defaultMayHaveRules reports whether a rule of the stack may belong to the
// default group of a VPC although the stack does not manage that group.
func (b *builder) defaultMayHaveRules(in model.Ref[model.VPC]) bool {
	vpc, _ := in.Sole()
	id, known := b.defaultGroupIDs[vpc].Get()
	return slices.ContainsFunc(b.ruleOverrides[model.Inbound].open, func(group model.Ref[model.SecurityGroup]) bool {
		return !known || !group.Value.IsNot(id)
	})
}
