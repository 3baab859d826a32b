package rules

// All lists every rule, in the order of their ids.
func All() []*Rule {
	return []*Rule{
		apigwPrivateNeedsPolicy,
	}
}
