package decode

import "private-api-blueprints/policy/model"

var lambdaReaders = map[string]reader{
	"aws:lambda/permission:Permission": {make: (*builder).makePermission},
}

func (b *builder) makePermission(n *node) {
	b.stack.Permissions = append(b.stack.Permissions, &model.Permission{
		Element:      n.element(),
		Function:     n.get("function").str(),
		Principal:    n.get("principal").str(),
		SourceARN:    n.get("sourceArn").str(),
		HasSourceARN: n.gives("sourceArn"),
		HasAccount:   n.gives("sourceAccount"),
	})
}
