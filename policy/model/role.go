package model

import "strings"

// Role is an IAM role.
type Role struct {
	Element
	// Trust is the policy that says who may assume the role. It is nil if its text is not known.
	Trust *PolicyDocument
	// Account is the ID of the role's account. It is unknown until the role exists.
	Account Known[string]
	// PoliciesComplete is false if others may attach policies to the role that the stack does not show, such as a
	// command that waits for it.
	PoliciesComplete bool
}

// Services that assume roles.
const (
	// PrincipalLambda is the service that assumes the role of a function.
	// https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
	PrincipalLambda = "lambda.amazonaws.com"
	// PrincipalEC2 is the service that assumes the role of an instance profile.
	// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html
	PrincipalEC2 = "ec2.amazonaws.com"
	// PrincipalFlowLogs is the service that assumes the role of a flow log.
	// https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
	PrincipalFlowLogs = "vpc-flow-logs.amazonaws.com"
)

// actionAssumeRole is the action of taking on a role.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
const actionAssumeRole = "sts:AssumeRole"

// Trusts asks whether a service may assume the role. A statement with conditions may
// apply or not. A text such as {}, which IAM refuses, says nothing.
func (r *Role) Trusts(service string) Truth {
	if r.Trust == nil || len(r.Trust.Statements) == 0 && r.Trust.Version == "" {
		return Maybe
	}
	applies := func(effect Effect) Truth {
		return r.Trust.AnyStatement(func(s Statement) Truth {
			if s.Effect != effect || !s.Actions.Include(actionAssumeRole) {
				return False
			}
			is := s.Principals.haveService(service)
			if len(s.Conditions) > 0 {
				is = is.AtMostMaybe()
			}
			return is
		})
	}
	return applies(Allow).And(applies(Deny).Not())
}

// haveService asks whether the principals include a service. Everyone may include it, and so may a service whose name
// differs only in the part after the first dot, as in China: ec2.amazonaws.com.cn.
func (p Principals) haveService(service string) Truth {
	label, _, _ := strings.Cut(service, ".")
	has := False
	for _, one := range p.Values {
		switch {
		case one.Kind == "Service" && one.ID == service:
			has = True
		case one.ID == "*", one.Kind == "Service" && strings.HasPrefix(one.ID, label+"."):
			has = has.Or(Maybe)
		}
	}
	if p.Not {
		return has.Not().AtMostMaybe()
	}
	return has
}

// AdmitsEveryone asks whether any identity of any AWS account may assume the role.
func (r *Role) AdmitsEveryone() Truth {
	if r.Trust == nil {
		return Maybe
	}
	admits := r.Trust.AnyStatement(func(s Statement) Truth {
		if s.Effect != Allow || !s.Actions.Include(actionAssumeRole) || !s.Principals.AreEveryone() {
			return False
		}
		narrowed := TruthOf(s.Principals.Not).AtMostMaybe()
		for _, c := range s.Conditions {
			narrowed = narrowed.Or(c.narrowsTrust())
		}
		return narrowed.Not()
	})
	denied := r.Trust.AnyStatement(func(s Statement) Truth {
		return TruthOf(s.Effect == Deny && s.Actions.Include(actionAssumeRole)).AtMostMaybe()
	})
	return admits.And(denied.Not())
}

// externalIDKey is the condition key for the ID that a caller has to know.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
const externalIDKey = "sts:externalid"

// narrowsTrust asks whether the condition of an Allow keeps strangers out of a role.
func (c Condition) narrowsTrust() Truth {
	if c.isKey(externalIDKey) && !c.IsNegated() && !c.HoldsWithoutKey() && !c.asksPresence() {
		return True
	}
	switch {
	case c.kind() == neutralKey, c.isChosenByCallers():
		return False
	case c.kind() == unknownKey, c.asksPresence():
		return Maybe
	case c.IsNegated():
		return False
	case c.HoldsWithoutKey():
		return Maybe
	case c.kind() == callerKey:
		narrows := c.selects()
		for _, value := range c.Values {
			narrows = narrows.And(c.keepsStrangersOut(value))
		}
		return narrows
	}
	return c.selects()
}

// isChosenByCallers reports whether the condition is about something that strangers choose in their own account: tags,
// the name of a user, the kind of an identity and the identity that it says to have.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
func (c Condition) isChosenByCallers() bool {
	return c.isKey("aws:username") || c.isKey("aws:principaltype") || c.isKey("aws:sourceidentity") ||
		strings.HasPrefix(strings.ToLower(c.Key), "aws:principaltag/")
}

// keepsStrangersOut asks whether identities of other accounts lack a value of a condition about the caller. They do if
// the value says an account or an organization in full. AWS gives the first part of a user ID, so that one may do too.
func (c Condition) keepsStrangersOut(value string) Truth {
	key := strings.ToLower(c.Key)
	wild := "$" // It begins a variable.
	if c.TakesPatterns() || c.Comparison() == "arnequals" {
		wild = "*?$"
	}
	fixed, rest := value, ""
	if at := strings.IndexAny(value, wild); at >= 0 {
		fixed, rest = value[:at], value[at:]
	}
	named := rest == ""
	switch key {
	case "aws:principalorgid", "aws:principalaccount":
	case "aws:principalorgpaths":
		named = named || strings.Contains(fixed, "/")
	case "aws:principalarn":
		named = named || accountInARN(fixed) != ""
	case "aws:userid":
		return TruthOf(named || strings.Contains(fixed, ":")).AtMostMaybe()
	default:
		return Maybe // A key that only the calls of services or of federated identities have.
	}
	if !named && (rest[0] == '$' || key == "aws:principalarn" && accountInARN(value) != "") {
		return Maybe
	}
	return TruthOf(named)
}

// accountInARN returns the account that an ARN, or the beginning of one, names in full. Otherwise it is empty.
func accountInARN(arn string) string {
	if parts := strings.Split(arn, ":"); len(parts) >= 5 && isAccountID(parts[4]) {
		return parts[4]
	}
	return ""
}

// isAccountID reports whether a text is the ID of an account.
func isAccountID(id string) bool { return len(id) == 12 && strings.Trim(id, "0123456789") == "" }

// ForeignAccount returns another account all of whose identities may assume the role, if its administrators let them.
// A role of another account and a statement with conditions are deliberate, so they do not count.
func (r *Role) ForeignAccount() (id string, foreign Truth) {
	if r.Trust == nil {
		return "", Maybe
	}
	foreign = False
	for _, s := range r.Trust.Statements {
		if s.Effect == Deny {
			return "", Maybe
		}
		if !s.Actions.Include(actionAssumeRole) || s.Principals.Not || len(s.Conditions) > 0 {
			continue
		}
		for _, p := range s.Principals.Values {
			account, whole := p.Account()
			if differs := r.Account.Equals(account).Not(); whole && foreign != True && differs != False {
				id, foreign = account, differs
			}
		}
	}
	return id, foreign
}

// Account returns the account that a principal names as a whole: 123456789012 or arn:aws:iam::123456789012:root.
func (p Principal) Account() (id string, whole bool) {
	id = p.ID
	if parts := strings.Split(id, ":"); len(parts) == 6 && parts[2] == "iam" && parts[5] == "root" {
		id = parts[4]
	}
	return id, p.Kind == "AWS" && isAccountID(id)
}

// InAccount returns the account that an AWS principal names as a whole, or that of the identity that it names. It is
// empty if the principal does not say it.
func (p Principal) InAccount() string {
	if id, whole := p.Account(); whole {
		return id
	}
	if p.Kind != "AWS" {
		return ""
	}
	return accountInARN(p.ID)
}
