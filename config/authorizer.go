package config

import "private-api-blueprints/internal/settings"

// Authorizer describes what decides about the tokens of callers, for routes with
// the authorization TOKEN.
type Authorizer struct {
	// FunctionArn is the ARN of a function of the stack's account and region, with or
	// without an alias or a version. It gets the token and answers with a policy. API
	// Gateway keeps the policy for all routes of the stage, so it must be about all of
	// them, unless cacheSeconds is 0.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
	FunctionArn string `config:"functionArn" format:"functionArn"`
	// CognitoUserPoolArns are the ARNs of user pools whose ID tokens are accepted.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
	CognitoUserPoolArns []string `config:"cognitoUserPoolArns" list:"userPools" format:"userPoolArn"`
	// Header is the header in which callers send the token.
	Header string `config:"header" default:"Authorization" format:"headerName" example:"X-Token"`
	// CacheSeconds is how long API Gateway keeps what the authorizer said about a
	// token. It keeps nothing if that is 0.
	CacheSeconds int `config:"cacheSeconds" default:"300" range:"0..3600"`
}

// check requires exactly one kind of authorizer.
func (s *Authorizer) check(c settings.Section) {
	switch given := len(s.CognitoUserPoolArns) > 0; {
	case s.FunctionArn == "" && !given:
		c.RejectGroup([]string{"functionArn", "cognitoUserPoolArns"}, "required: functionArn (a function that "+
			"decides) or cognitoUserPoolArns (user pools whose tokens are accepted)")
	case s.FunctionArn != "" && given:
		c.RejectGroup(nil, "has functionArn and cognitoUserPoolArns; want one of them")
	}
}
