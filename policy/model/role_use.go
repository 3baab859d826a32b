package model

// RoleUse is a property by which a service gets a role to assume.
type RoleUse struct {
	Element
	// Property is the property's name.
	Property string
	Role     Ref[Role]
	// Service is the principal that assumes the role, such as [PrincipalLambda].
	Service string
}

// IsAssumable asks whether the service may assume the role.
func (u *RoleUse) IsAssumable() Truth {
	return u.Role.Ask(func(r *Role) Truth { return r.Trusts(u.Service) })
}
