package decode

import "private-api-blueprints/policy/model"

func (b *builder) linkMethodSettings(n *node) {
	b.stack.MethodSettings = append(b.stack.MethodSettings, &model.MethodSettings{
		Element:   n.element(),
		API:       b.restAPIs.ref(n, "restApi"),
		StageName: n.get("stageName").str(),

		ForAllMethods: n.get("methodPath").str().Equals("*/*"),
		Limits:        limitsIn(n.get("settings").only()),
		Throttles:     throttles(n.get("settings").only(), "throttlingRateLimit", "throttlingBurstLimit"),
	})
}

// throttles asks whether one of the given limits is set. The provider has -1 for
// no limit.
func throttles(settings value, limits ...string) model.Truth {
	has := model.False
	for _, key := range limits {
		has = has.Or(isLimit(settings.field(key)))
	}
	return has
}

// isLimit asks whether a value limits something.
func isLimit(v value) model.Truth {
	limit, known := v.number()
	switch {
	case v.absent:
		return model.False
	case known:
		return model.TruthOf(limit >= 0)
	}
	return model.Maybe
}

// limitsIn reads the limits in the settings of methods or routes. The provider has -1 for no limit.
func limitsIn(settings value) model.Limits {
	read := func(key string) model.Known[float64] {
		limit := settings.field(key)
		number, known := limit.number()
		switch {
		case limit.absent, known && number < 0:
			return model.Known[float64]{}
		case known:
			return model.Of(number)
		}
		return model.Unknown[float64]()
	}
	return model.Limits{Rate: read("throttlingRateLimit"), Burst: read("throttlingBurstLimit")}
}
