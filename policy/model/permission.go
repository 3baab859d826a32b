package model

// Permission lets a caller invoke a Lambda function.
type Permission struct {
	Element
	Function  Known[string] // Its name or ARN.
	Principal Known[string]
	// SourceARN is the pattern of the resources on whose behalf a service may
	// invoke it, and HasSourceARN whether there is one.
	SourceARN    Known[string]
	HasSourceARN Truth
	// HasAccount says that the resource has to be in one account.
	HasAccount Truth
}

// Gateway is the principal of API Gateway.
const Gateway = "apigateway.amazonaws.com"
