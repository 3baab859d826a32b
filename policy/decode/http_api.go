package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeHTTPAPI(n *node) {
	b.stack.HTTPAPIs = b.httpAPIs.add(n, &model.HTTPAPI{
		Element:        n.element(),
		Protocol:       text[model.APIProtocol](n.get("protocolType")),
		DefaultNameOff: defaultNameOff(n),
	})
}
