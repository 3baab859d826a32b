package model

// Role is an IAM role.
type Role struct {
	Element
	// Trust is the policy that says who may assume the role. It is nil if its text is not known.
	Trust *PolicyDocument
}

// PrincipalLambda is the service that assumes the role of a function.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
const PrincipalLambda = "lambda.amazonaws.com"

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

// haveService asks whether the principals include a service. Everyone may include it.
func (p Principals) haveService(service string) Truth {
	has := False
	for _, one := range p.Values {
		switch {
		case one.Kind == "Service" && one.ID == service:
			has = True
		case one.ID == "*":
			has = has.Or(Maybe)
		}
	}
	if p.Not {
		return has.Not().AtMostMaybe()
	}
	return has
}
