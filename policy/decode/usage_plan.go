package decode

import "private-api-blueprints/policy/model"

func (b *builder) makeUsagePlan(n *node) {
	b.stack.UsagePlans = b.usagePlans.add(n, &model.UsagePlan{
		Element: n.element(),
		Limits:  throttles(n.get("throttleSettings").only(), "rateLimit", "burstLimit").Or(n.sets("quotaSettings")),
	})
}

func (b *builder) linkUsagePlan(n *node) {
	plan := elementOf(&b.usagePlans, n)
	stages, from := n.get("apiStages").list(), n.sources("apiStages")
	plan.StagesComplete = !stages.open
	for _, s := range stages.items {
		plan.Stages = append(plan.Stages, model.PlanStage{
			API:       b.restAPIs.resolve(s.field("apiId").str(), from),
			StageName: s.field("stage").str(),
			Throttles: hasItems(s.field("throttles").list()),
		})
	}
}
