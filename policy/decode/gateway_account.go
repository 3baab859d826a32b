package decode

import "private-api-blueprints/policy/model"

// linkGatewayAccount reads API Gateway's account settings if they set a role for logs.
func (b *builder) linkGatewayAccount(n *node) {
	if n.sets("cloudwatchRoleArn") != model.False {
		b.useRole(n, "cloudwatchRoleArn", model.PrincipalAPIGateway)
		b.stack.GatewayAccounts = append(b.stack.GatewayAccounts, &model.GatewayAccount{Element: n.element()})
	}
}
