package blueprints

import (
	"slices"
	"strings"

	"private-api-blueprints/components"
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
	l.checkRole(s.RoleArn, account)
	if offered != nil && account != l.environment.AccountId { // The service's own account needs no permission.
		l.checkPrincipals(offered.AllowedPrincipals, account)
	}
}

// checkRole refuses a role of an account in which the stack's provider must not
// work, because the consumer's provider has the same settings. It warns if the
// stack's provider assumes a role itself.
func (l *lookup) checkRole(role, account string) {
	c := l.section("consumer")
	if allowed := l.accountIds("aws:allowedAccountIds"); len(allowed) > 0 && !slices.Contains(allowed, account) {
		c.Reject("roleArn", role, "want a role of an account in aws:allowedAccountIds (%s), or add %s there",
			strings.Join(allowed, ", "), account)
	}
	if slices.Contains(l.accountIds("aws:forbiddenAccountIds"), account) {
		c.Reject("roleArn", role, "want a role of an account outside aws:forbiddenAccountIds")
	}
	if _, given := l.ctx.GetConfig("aws:assumeRole"); given {
		l.warn("blueprint:consumer.roleArn is assumed with the credentials that also assume aws:assumeRole, " +
			"not with that role: a provider assumes one role. If the trust policy wants both, chain them in a " +
			"shared AWS profile with source_profile, and name it as aws:profile.")
	}
}

// accountIds returns the account IDs in a setting of the stack's provider. It
// returns none for a value that the provider refuses itself.
func (l *lookup) accountIds(key string) []string {
	text, _ := l.ctx.GetConfig(key)
	ids, _ := components.DecodeTexts(text)
	return ids
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
