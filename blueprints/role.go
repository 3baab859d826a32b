package blueprints

import (
	"slices"
	"strings"

	"private-api-blueprints/components"
	"private-api-blueprints/internal/settings"
)

// checkRole refuses a role of an account in which the stack's provider must not
// work, because the role's provider has the same settings. It warns if the stack's
// provider assumes a role itself.
func (l *lookup) checkRole(c settings.Section, key, role string) {
	account := accountOf(role)
	if allowed := l.accountIds("aws:allowedAccountIds"); len(allowed) > 0 && !slices.Contains(allowed, account) {
		c.Reject(key, role, "want a role of an account in aws:allowedAccountIds (%s), or add %s there",
			strings.Join(allowed, ", "), account)
	}
	if slices.Contains(l.accountIds("aws:forbiddenAccountIds"), account) {
		c.Reject(key, role, "want a role of an account outside aws:forbiddenAccountIds")
	}
	if _, given := l.ctx.GetConfig("aws:assumeRole"); given {
		l.warn(c.At(key) + " is assumed with the credentials that also assume aws:assumeRole, " +
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
