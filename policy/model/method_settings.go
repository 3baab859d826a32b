package model

// MethodSettings are settings of a stage of a REST API, for one method or for all
// of them.
type MethodSettings struct {
	Element
	API Ref[RestAPI]
	// StageName is the name of the stage.
	StageName Known[string]
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
