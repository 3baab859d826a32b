package model

// Stack is everything that the model knows of a stack. Elements are in the
// order of their URNs.
type Stack struct {
	RestAPIs         []*RestAPI
	ResourcePolicies []*ResourcePolicy
}
