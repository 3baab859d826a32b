package blueprints

import (
	"slices"
	"strings"

	"private-api-blueprints/config"
)

// checkAccount refuses a consumer whose account the stack's provider or the
// service does not admit. offered is the service that this stack offers, or nil.
// AWS would refuse them too, but only at the end of the deployment.
func (l *lookup) checkAccount(s *config.Consumer, offered *resolvedService) {
	if s.RoleArn == "" || l.section("consumer").Any("roleArn") {
		return
	}
	account := accountOf(s.RoleArn)
	l.checkRole(l.section("consumer"), "roleArn", s.RoleArn)
	if offered != nil && account != l.environment.AccountId { // The service's own account needs no permission.
		l.checkPrincipals(offered.AllowedPrincipals, account)
	}
}

// checkPrincipals refuses principals of which none is in the consumer's account.
func (l *lookup) checkPrincipals(principals []string, account string) {
	c := l.section("service")
	if c.Any("allowedPrincipals") || slices.ContainsFunc(principals, func(principal string) bool {
		parts := strings.Split(principal, ":")
		return principal == "*" || len(parts) > 4 && parts[4] == account
	}) {
		return
	}
	c.Reject("allowedPrincipals", principals, "want one of the consumer's account, such as arn:%s:iam::%s:root",
		l.environment.Partition, account)
}
