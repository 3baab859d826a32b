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

// addDefaultGroups gives the default security group of its VPC to each endpoint
// for which the program names no group. AWS fills that group in later, and the
// provider reads it; it does not count as a group that the program names.
func (b *builder) addDefaultGroups() {
	for _, e := range b.stack.Endpoints {
		if b.hasDefaultOnly(e) {
			e.Groups = model.Refs[model.SecurityGroup]{}
		}
		if !e.Groups.IsEmpty() {
			continue
		}
		if b.defaultMayHaveRules(e) {
			e.Groups.Items = []model.Ref[model.SecurityGroup]{model.UnknownRef[model.SecurityGroup]()}
			continue
		}
		for _, d := range b.defaultGroups {
			if same := d.of.Same(e.VPC); same != model.False {
				e.Groups = join(e.Groups, d.group, same)
			}
		}
	}
}

// hasDefaultOnly reports whether the default group is an endpoint's only group.
func (b *builder) hasDefaultOnly(e *model.Endpoint) bool {
	vpc, certain := e.VPC.Sole()
	if !certain || e.Groups.Rest != nil || len(e.Groups.Items) != 1 {
		return false
	}
	id, known := b.defaultGroupIDs[vpc].Get()
	return known && e.Groups.Items[0].Value.Is(id)
}

// defaultMayHaveRules reports whether a rule of the stack may belong to the
// default group of an endpoint's VPC although the stack does not manage that group.
func (b *builder) defaultMayHaveRules(e *model.Endpoint) bool {
	vpc, _ := e.VPC.Sole()
	id, known := b.defaultGroupIDs[vpc].Get()
	return slices.ContainsFunc(b.ruleOverrides[model.Inbound].open, func(group model.Ref[model.SecurityGroup]) bool {
		return !known || !group.Value.IsNot(id)
	})
}
