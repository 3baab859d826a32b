package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeRole(n *node) {
	b.roles.add(n, &model.Role{Element: n.element(), Trust: parsePolicy(n.get("assumeRolePolicy"))})
}
