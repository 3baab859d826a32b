package model

// Stage is a stage of a REST, HTTP or WebSocket API.
type Stage struct {
	Element
	// API is absent for a stage of an HTTP or WebSocket API.
	API Ref[RestAPI]
	// HTTPAPI is absent for a stage of a REST API.
	HTTPAPI Ref[HTTPAPI]
	// Deployment is the deployment that the stage serves. A stage of an HTTP or WebSocket API may have none: then it
	// answers no calls, unless it deploys changes itself. The model does not hold deployments of those APIs.
	Deployment Ref[Deployment]
	// AutoDeploys is whether API Gateway deploys each change of an HTTP or WebSocket API to the stage. It is absent for
	// a stage of a REST API.
	AutoDeploys Known[bool]
	// StageName is the stage's name in AWS, which is the first segment of the URL's path.
	StageName Known[string]
	// Logs is whether the stage writes access logs.
	Logs Truth
	// LogFormat is the format of the access logs.
	LogFormat Known[string]
	// Throttles is whether the settings of a stage of an HTTP or WebSocket API limit requests to all routes or to
	// some. A stage of a REST API has [MethodSettings].
	Throttles Truth
	// Limits are those of the default settings of a stage of an HTTP or WebSocket API.
	Limits Limits
	// RefusesCalls is whether a limit of 0 makes API Gateway refuse every call with HTTP 429.
	RefusesCalls Truth
	// Tracing is whether X-Ray traces calls to the stage. It is absent for a stage of an HTTP or WebSocket API.
	Tracing Known[bool]
}

// IsREST reports whether the stage belongs to a REST API.
func (s *Stage) IsREST() bool { return !s.API.IsAbsent() }

// NeedsAccount asks whether API Gateway writes the stage's logs with the role
// in its account settings. It writes those of HTTP APIs without that role.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
func (s *Stage) NeedsAccount() Truth {
	if s.IsREST() {
		return True
	}
	return s.HTTPAPI.Ask(func(api *HTTPAPI) Truth { return api.Protocol.Equals(APIProtocolWebSocket) })
}
