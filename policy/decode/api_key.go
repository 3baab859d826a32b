package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeAPIKey(n *node) {
	b.stack.APIKeys = b.apiKeys.add(n, &model.APIKey{
		Element: n.element(), Enabled: n.get("enabled").boolean().Or(true),
	})
}

func (b *builder) linkUsagePlanKey(n *node) {
	b.stack.UsagePlanKeys = append(b.stack.UsagePlanKeys, &model.UsagePlanKey{
		Element: n.element(), Key: b.apiKeys.ref(n, "keyId"), Plan: b.usagePlans.ref(n, "usagePlanId"),
	})
}
