package model

// APIKey is a key that callers of a REST API send if its methods require one.
type APIKey struct {
	Element
	// Enabled is whether API Gateway accepts the key. AWS's default is true.
	Enabled Known[bool]
}

// UsagePlanKey makes a key valid for the stages of a usage plan. A key that is in
// no plan is valid nowhere.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
type UsagePlanKey struct {
	Element
	Key  Ref[APIKey]
	Plan Ref[UsagePlan]
}

// HasKeyFor asks whether the stack gives a stage a key: an enabled key is in a
// usage plan that has the stage. Other keys may come from elsewhere.
func (s *Stack) HasKeyFor(stage *Stage) Truth {
	has := False
	for _, k := range s.UsagePlanKeys {
		if has == True {
			break
		}
		enabled := k.Key.Ask(func(key *APIKey) Truth { return key.Enabled.Equals(true) })
		of := k.Plan.Ask(func(p *UsagePlan) Truth { return p.Has(stage) })
		has = has.Or(enabled.And(of))
	}
	return has
}
