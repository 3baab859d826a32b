package model

// UsagePlan is a usage plan: it limits the requests of each API key.
type UsagePlan struct {
	Element
	// Stages are the stages for which the plan's keys are valid.
	Stages []PlanStage
	// StagesComplete is false if there are, or may be, others.
	StagesComplete bool
	// Limits is whether the plan has a throttle or a quota for each key.
	Limits Truth
}

// PlanStage is a stage of a usage plan.
type PlanStage struct {
	API       Ref[RestAPI]
	StageName Known[string]
	// Throttles is whether the plan limits the requests of each key to this stage.
	Throttles Truth
}

// LimitsKeysOf asks whether the plan limits the requests that each key may send
// to a stage.
func (p *UsagePlan) LimitsKeysOf(stage *Stage) Truth {
	limits := False
	for _, s := range p.Stages {
		limits = limits.Or(s.is(stage).And(p.Limits.Or(s.Throttles)))
	}
	return limits.OrMaybeIf(!p.StagesComplete)
}

// Has asks whether the plan's keys are valid for a stage.
func (p *UsagePlan) Has(stage *Stage) Truth {
	has := False
	for _, s := range p.Stages {
		has = has.Or(s.is(stage))
	}
	return has.OrMaybeIf(!p.StagesComplete)
}

// is asks whether a stage is the one that the plan names.
func (s PlanStage) is(stage *Stage) Truth {
	return s.StageName.Same(stage.StageName).And(s.API.Same(stage.API))
}
