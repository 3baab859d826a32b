package components

// Authorization says how API Gateway authorizes callers of a method.
type Authorization string

// The authorizations that routes support.
const (
	AuthorizationNone Authorization = "NONE"    // Anyone who can reach the API.
	AuthorizationIam  Authorization = "AWS_IAM" // Callers that sign and may invoke the API.
	// AuthorizationToken is for callers whose token the API's authorizer accepts.
	AuthorizationToken Authorization = "TOKEN"
)
