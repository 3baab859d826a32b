package catalog

import (
	"maps"
	"regexp"
	"slices"

	"private-api-blueprints/sandbox/cloud"
)

const (
	methodResponseType      = "aws:apigateway/methodResponse:MethodResponse"
	integrationResponseType = "aws:apigateway/integrationResponse:IntegrationResponse"
	gatewayResponseType     = "aws:apigateway/response:Response"
)

// statusCode matches the status of a response.
var statusCode = regexp.MustCompile(`^[1-5][0-9][0-9]$`)

const putMethodResponse = "https://docs.aws.amazon.com/apigateway/latest/api/API_PutMethodResponse.html"

// checkStatus refuses a status that HTTP does not have.
func checkStatus(r *cloud.Request) error {
	if status := r.Inputs.String("statusCode"); status != "" && !statusCode.MatchString(status) {
		return badRequest("Invalid status code specified: %s", putMethodResponse).With(status)
	}
	return nil
}

// checkMethodExists refuses a response of a method that does not exist.
func checkMethodExists(r *cloud.Request) error {
	if methodOf(r) == nil {
		return cloud.NewRefusal("NotFoundException", "Invalid Method identifier specified: %s",
			"https://github.com/hashicorp/terraform/issues/29422").With(r.Inputs.String("httpMethod"))
	}
	return nil
}

func methodResponseKind() *cloud.Kind {
	return &cloud.Kind{
		Token:       methodResponseType,
		Replace:     words("httpMethod resourceId restApi"),
		Constraints: []cloud.Constraint{methods("httpMethod")},
		ID:          cloud.JoinedID("agmr", "restApi", "resourceId", "httpMethod", "statusCode"),
		Duplicate:   gatewayConflict("Response already exists for this resource"),
		NotFound:    gatewayNotFound("Response status code"),
		References:  map[string]string{"restApi": restAPIType},
		Check:       cloud.InOrder(checkStatus, checkMethodExists, checkMethodResponse),
		Example: cloud.Example{
			Name: "method response",
			Inputs: cloud.Props{
				"httpMethod": "GET", "resourceId": "${api.rootResourceId}", "restApi": "${api}", "statusCode": "200",
				"responseParameters": cloud.Props{"method.response.header.Vary": true},
			},
			After: []string{"method"},
		},
	}
}

// methodResponseHeader matches a header that a response can declare.
var methodResponseHeader = regexp.MustCompile(`^method\.response\.(multivalue)?header\.[A-Za-z0-9_-]+$`)

// checkMethodResponse refuses a declaration of what is no header.
func checkMethodResponse(r *cloud.Request) error {
	for _, key := range slices.Sorted(maps.Keys(r.Inputs.Object("responseParameters"))) {
		if !methodResponseHeader.MatchString(key) {
			return invalidMapping("", parameterMapping).With(key)
		}
	}
	return nil
}

func integrationResponseKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   integrationResponseType,
		Replace: words("httpMethod resourceId restApi"),
		Constraints: []cloud.Constraint{
			methods("httpMethod"), cloud.OneOf("contentHandling", "CONVERT_TO_BINARY", "CONVERT_TO_TEXT"),
		},
		Upsert:     true,
		ID:         cloud.JoinedID("agir", "restApi", "resourceId", "httpMethod", "statusCode"),
		NotFound:   gatewayNotFound("Integration Response"),
		References: map[string]string{"restApi": restAPIType},
		Check:      cloud.InOrder(checkStatus, checkMethodExists, checkIntegrationResponse),
		Example: cloud.Example{
			Name: "integration response",
			Inputs: cloud.Props{
				"httpMethod": "GET", "resourceId": "${api.rootResourceId}", "restApi": "${api}", "statusCode": "200",
				"responseParameters": cloud.Props{"method.response.header.Vary": "'Origin'"},
			},
			After: []string{"integration", "method response"},
		},
	}
}

// checkIntegrationResponse refuses the response of an integration that does not
// exist, one with a status that the method does not declare, and headers that the
// response of the method does not declare.
func checkIntegrationResponse(r *cloud.Request) error {
	const source = "https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegrationResponse.html"
	if r.Find(integrationType, cloud.JoinedID("agi", "restApi", "resourceId", "httpMethod")(r), r.Region) == nil {
		return cloud.NewRefusal("NotFoundException", "Invalid Integration identifier specified: %s",
			source).With(r.Inputs.String("httpMethod"))
	}
	id := cloud.JoinedID("agmr", "restApi", "resourceId", "httpMethod", "statusCode")(r)
	declared := r.Find(methodResponseType, id, r.Region)
	if declared == nil {
		return cloud.NewRefusal("NotFoundException", "Invalid Response status code specified: %s",
			source).With(r.Inputs.String("statusCode"))
	}
	for _, key := range slices.Sorted(maps.Keys(r.Inputs.Object("responseParameters"))) {
		if !declared.Inputs.Object("responseParameters").Has(key) {
			return invalidMapping("parameter ",
				"https://github.com/awslabs/aws-solutions-constructs/issues/1130").With(key)
		}
	}
	return nil
}

// gatewayResponses are the types of answers that API Gateway itself gives.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
var gatewayResponses = words(`ACCESS_DENIED API_CONFIGURATION_ERROR AUTHORIZER_CONFIGURATION_ERROR AUTHORIZER_FAILURE
	BAD_REQUEST_PARAMETERS BAD_REQUEST_BODY DEFAULT_4XX DEFAULT_5XX EXPIRED_TOKEN INTEGRATION_FAILURE
	INTEGRATION_TIMEOUT INVALID_API_KEY INVALID_SIGNATURE MISSING_AUTHENTICATION_TOKEN QUOTA_EXCEEDED
	REQUEST_TOO_LARGE RESOURCE_NOT_FOUND THROTTLED UNAUTHORIZED UNSUPPORTED_MEDIA_TYPE WAF_FILTERED`)

func gatewayResponseKind() *cloud.Kind {
	return &cloud.Kind{
		Token:      gatewayResponseType,
		Replace:    words("responseType restApiId"),
		Upsert:     true,
		ID:         cloud.JoinedID("aggr", "restApiId", "responseType"),
		References: map[string]string{"restApiId": restAPIType},
		Check:      cloud.InOrder(checkStatus, checkGatewayResponse),
		Example: cloud.Example{
			Name: "gateway response",
			Inputs: cloud.Props{
				"responseType": "DEFAULT_4XX", "restApiId": "${api}",
				"responseParameters": cloud.Props{"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
			},
		},
	}
}

// gatewayResponsePart matches a part of an answer that API Gateway itself gives.
var gatewayResponsePart = regexp.MustCompile(`^gatewayresponse\.(header|path|querystring)\.[A-Za-z0-9_-]+$`)

// checkGatewayResponse refuses an answer that API Gateway does not give, and parts
// that it does not have.
func checkGatewayResponse(r *cloud.Request) error {
	const source = "https://docs.aws.amazon.com/apigateway/latest/api/API_PutGatewayResponse.html"
	if kind := r.Inputs.String("responseType"); !slices.Contains(gatewayResponses, kind) {
		return badRequest("Invalid response type specified: %s", source).With(kind)
	}
	for _, key := range slices.Sorted(maps.Keys(r.Inputs.Object("responseParameters"))) {
		if !gatewayResponsePart.MatchString(key) {
			return badRequest("Invalid parameter mapping specified: %s", source).With(key)
		}
	}
	return nil
}
