package decode

import "private-api-blueprints/policy/model"

// makeGatewayAccount reads API Gateway's account settings if they set a role for logs.
func (b *builder) makeGatewayAccount(n *node) {
	if n.sets("cloudwatchRoleArn") != model.False {
		b.stack.GatewayAccounts = append(b.stack.GatewayAccounts, &model.GatewayAccount{Element: n.element()})
	}
}
