package rule

import "private-api-blueprints/policy/model"

// PolicyName returns what messages call a resource policy.
func PolicyName(p *model.ResourcePolicy) string {
	switch {
	case p.IsOfDomain():
		return "the policy of the domain " + p.Name
	case len(p.API.Candidates) == 1 && p.API.Candidates[0].URN == p.URN:
		return "the resource policy of " + p.Name
	}
	return "the resource policy " + p.Name
}

// JudgePrivatePolicies judges the resource policies of private APIs and of
// private custom domains by their text. The callback returns the faults of one
// policy. Its second argument is the answer to [model.ResourcePolicy.IsPrivate].
func JudgePrivatePolicies(s *model.Stack, r *Report, faults func(*model.ResourcePolicy, model.Truth) []Fault) {
	for _, p := range s.ResourcePolicies {
		inForce := p.IsPrivate()
		switch {
		case inForce == model.False:
		case p.Document == nil:
			r.Unknown(p.Origin, "%s: its text is not known yet", PolicyName(p))
		default:
			r.Judge(p.Origin, faults(p, inForce)...)
		}
	}
}
