package decode

import (
	"strings"

	"private-api-blueprints/policy/model"
)

func (b *builder) makeRole(n *node) {
	r := &model.Role{
		Element: n.element(), Trust: parsePolicy(n.get("assumeRolePolicy")), Account: accountIn(n.output("arn").str()),
		PoliciesComplete: !b.isScripted(n.URN),
	}
	b.stack.Roles = b.roles.add(n, r)
	b.roles.addName(r, n.output("name").str())
}

// accountIn returns the account in an ARN.
func accountIn(arn model.Known[string]) model.Known[string] {
	text, known := arn.Get()
	if fields := strings.SplitN(text, ":", 6); known && len(fields) == 6 {
		return model.Of(fields[4])
	}
	return model.Unknown[string]()
}
