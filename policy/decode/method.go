package decode

import "private-api-blueprints/policy/model"

func (b *builder) linkMethod(n *node) {
	b.stack.Methods = append(b.stack.Methods, &model.Method{
		Element:       n.element(),
		API:           b.restAPIs.ref(n, "restApi"),
		Verb:          n.get("httpMethod").str(),
		Authorization: text[model.Authorization](n.get("authorization")),
		KeyRequired:   n.get("apiKeyRequired").boolean().Or(false),
	})
}
