package decode

import "private-api-blueprints/policy/model"

func (b *builder) linkUsagePlan(n *node) {
	plan := &model.UsagePlan{
		Element: n.element(),
		Limits:  throttles(n.get("throttleSettings").only(), "rateLimit", "burstLimit").Or(n.sets("quotaSettings")),
	}
	stages, from := n.get("apiStages").list(), n.sources("apiStages")
	plan.StagesComplete = !stages.open
	for _, s := range stages.items {
		plan.Stages = append(plan.Stages, model.PlanStage{
			API:       b.restAPIs.resolve(s.field("apiId").str(), from),
			StageName: s.field("stage").str(),
			Throttles: hasItems(s.field("throttles").list()),
		})
	}
	b.stack.UsagePlans = append(b.stack.UsagePlans, plan)
}
