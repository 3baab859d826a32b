package model

// MethodSettings are settings of a stage of a REST API, for one method or for all
// of them.
type MethodSettings struct {
	Element
	API Ref[RestAPI]
	// StageName is the name of the stage.
	StageName Known[string]
	// ForAllMethods is whether the settings are for all methods, except those with separate settings.
	ForAllMethods Truth
	// Limits are those of the settings.
	Limits Limits
	// Throttles is whether the settings limit requests. A stage without a limit shares the limit of the
	// account with all other APIs of the region.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
	Throttles Truth
}

// AreOf asks whether the settings are those of a stage.
func (m *MethodSettings) AreOf(stage *Stage) Truth {
	if !stage.IsREST() {
		return False
	}
	return m.StageName.Same(stage.StageName).And(m.API.Same(stage.API))
}

// Limits are how many requests API Gateway lets through. Without one, only the account's limit holds.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
type Limits struct {
	// Rate is how many requests per second pass, on average. It may be a fraction.
	Rate Known[float64]
	// Burst is how many requests pass at the same moment.
	Burst Known[float64]
}

// Lowest asks whether one of the limits is 0, and whether one is above 0 and below a minimum.
func (l Limits) Lowest(minimum float64) (zero, low Truth) {
	zero, low = False, False
	for _, limit := range []Known[float64]{l.Rate, l.Burst} {
		switch n, known := limit.Get(); {
		case limit.IsAbsent():
		case !known:
			zero, low = zero.Or(Maybe), low.Or(Maybe)
		default:
			zero, low = zero.Or(TruthOf(n == 0)), low.Or(TruthOf(n > 0 && n < minimum))
		}
	}
	return zero, low
}
