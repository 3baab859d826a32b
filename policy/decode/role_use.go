package decode

import "private-api-blueprints/policy/model"

// useRole returns the role that a property gives to a service, and records that the service assumes it, if the role
// may be in the stack.
func (b *builder) useRole(n *node, property, service string) model.Ref[model.Role] {
	role := b.roles.ref(n, property)
	if len(role.Candidates) > 0 || role.Value.IsUnknown() {
		b.stack.RoleUses = append(b.stack.RoleUses, &model.RoleUse{
			Element: n.element(), Property: property, Role: role, Service: service,
		})
	}
	return role
}

func (b *builder) linkInstanceProfile(n *node) { b.useRole(n, "role", model.PrincipalEC2) }

func (b *builder) linkFlowLog(n *node) { b.useRole(n, "iamRoleArn", model.PrincipalFlowLogs) }
