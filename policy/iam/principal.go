package iam

import (
	"strings"

	"private-api-blueprints/policy/model"
)

// includes asks whether a statement's principals include the caller.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (e *evaluation) includes(p model.Principals) model.Truth {
	if p.Not {
		return e.call.Principal.isSpared(p.Values).Not()
	}
	if p.Values == nil {
		return model.Maybe // AWS refuses such a statement in a resource policy.
	}
	answer := model.False
	for _, listed := range p.Values {
		answer = answer.Or(e.call.Principal.is(listed))
	}
	return answer
}

// is asks whether a principal of a policy means the caller.
func (p Principal) is(listed model.Principal) model.Truth {
	switch listed.Kind {
	case "":
		return model.TruthOf(listed.ID == "*")
	case "AWS":
		if listed.ID == "*" {
			return model.True
		}
		return p.isIdentity(listed.ID)
	case "Service":
		return model.TruthOf(p.Service != "" && p.Service == listed.ID)
	}
	return model.TruthOf(!p.Signed).Not().AtMostMaybe()
}

// isIdentity asks whether a principal's ARN or account ID means the caller.
func (p Principal) isIdentity(id string) model.Truth {
	if !p.Signed {
		return model.False
	}
	if account, ok := accountOf(id); ok {
		return orUnknown(p.Account).Equals(account)
	}
	parts := strings.SplitN(id, ":", arnParts)
	if len(parts) < arnParts || strings.ContainsAny(id, "*?$") {
		return model.Maybe // A unique ID, or a pattern, which AWS refuses.
	}
	inAccount := orUnknown(p.Account).Equals(parts[arnParts-2])
	named := orUnknown(p.ARN).Equals(id).Or(p.Role.Equals(id))
	return inAccount.And(named)
}

// accountOf returns the account that a principal names as a whole, and whether it
// names one: 123456789012 or arn:aws:iam::123456789012:root.
func accountOf(id string) (string, bool) {
	if parts := strings.Split(id, ":"); len(parts) == arnParts && parts[2] == "iam" && parts[5] == "root" {
		return parts[4], true
	}
	return id, len(id) == 12 && strings.Trim(id, "0123456789") == ""
}

// isSpared asks whether a NotPrincipal spares the caller. For certain it does so
// only if it lists the caller's account, its role and its session: the service
// may check each of them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
func (p Principal) isSpared(values []model.Principal) model.Truth {
	some, account, role, self := model.False, model.False, model.TruthOf(p.Role.IsAbsent()), model.False
	for _, listed := range values {
		is := p.is(listed)
		some = some.Or(is)
		_, isAccount := accountOf(listed.ID)
		switch {
		case listed.ID == "*" || listed.Kind != "AWS":
			account, role, self = account.Or(is), role.Or(is), self.Or(is)
		case isAccount:
			account = account.Or(is)
		default:
			role = role.Or(p.Role.Equals(listed.ID))
			self = self.Or(orUnknown(p.ARN).Equals(listed.ID))
		}
	}
	if some == model.False {
		return model.False
	}
	return account.And(role).And(self).Or(model.Maybe)
}
