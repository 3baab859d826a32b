package model

// Permission lets a caller invoke a Lambda function.
type Permission struct {
	Element
	// Function is the function's name or ARN.
	Function  Known[string]
	Principal Known[string]
	// SourceARN is a pattern of the resources on whose behalf a service may invoke the function.
	SourceARN Known[string]
	// HasSourceARN is whether the permission has such a pattern.
	HasSourceARN Truth
	// HasAccount is whether the permission requires that the resource is in one account.
	HasAccount Truth
}

// PrincipalAPIGateway is the service principal of API Gateway.
const PrincipalAPIGateway = "apigateway.amazonaws.com"
