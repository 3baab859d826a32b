package model

// Deployment is a snapshot of a REST API. Later changes of the API and of its
// resource policy take effect with the next deployment only.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-deploy-api.html
type Deployment struct {
	Element
	API Ref[RestAPI]
	// Triggered is whether the deployment has triggers: values that replace it when they change. It is Maybe if
	// other properties may serve the same purpose.
	Triggered Truth
	// Triggers are the resources whose outputs the triggers are made from.
	Triggers Sources
}

// Stage serves a deployment.
type Stage struct {
	Element
	API        Ref[RestAPI] // Absent for a stage of an HTTP or WebSocket API.
	HTTPAPI    Ref[HTTPAPI] // Absent for a stage of a REST API.
	Deployment Ref[Deployment]
	Path       Known[string] // First segment of the URL.
	// Logs says that it writes access logs, and LogFormat in which format.
	Logs      Truth
	LogFormat Known[string]
	// Tracing is whether X-Ray traces its calls. Absent for a stage of an HTTP or
	// WebSocket API.
	Tracing Known[bool]
}

// IsREST reports that the stage is of a REST API.
func (s *Stage) IsREST() bool { return !s.API.IsAbsent() }

// NeedsAccount asks whether API Gateway writes the stage's logs by the role of the
// account's settings. For HTTP APIs it has another way.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/websocket-api-logging.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
func (s *Stage) NeedsAccount() Truth {
	if s.IsREST() {
		return True
	}
	return s.HTTPAPI.Ask(func(api *HTTPAPI) Truth { return api.Protocol.Equals(ProtocolWebSocket) })
}

// GatewayAccount is API Gateway's settings for an account in one region, which
// let it write logs of REST and WebSocket APIs.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
type GatewayAccount struct{ Element }
