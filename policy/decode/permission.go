package decode

import "private-api-blueprints/policy/model"

func (b *builder) makePermission(n *node) {
	b.stack.Permissions = append(b.stack.Permissions, &model.Permission{
		Element:      n.element(),
		Function:     n.get("function").str(),
		Principal:    n.get("principal").str(),
		SourceARN:    n.get("sourceArn").str(),
		HasSourceARN: n.sets("sourceArn"),
		HasAccount:   n.sets("sourceAccount"),
	})
}
