package catalog

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

func methodKind() *cloud.Kind {
	return &cloud.Kind{
		Token:       methodType,
		Replace:     words("httpMethod resourceId restApi"),
		Constraints: []cloud.Constraint{methods("httpMethod")},
		Sets:        words("authorizationScopes"),
		Defaults:    cloud.Props{"apiKeyRequired": false},
		ID:          cloud.JoinedID("agm", "restApi", "resourceId", "httpMethod"),
		Duplicate:   gatewayConflict("Method already exists for this resource"),
		References:  map[string]string{"restApi": restAPIType},
		Check:       cloud.InOrder(checkMethod, checkMethodParameters),
		Example: cloud.Example{
			Name: "method",
			Inputs: cloud.Props{
				"authorization": "NONE", "httpMethod": "GET", "resourceId": "${api.rootResourceId}",
				"restApi": "${api}",
			},
		},
	}
}

func checkMethod(r *cloud.Request) error {
	if id := r.Inputs.String("resourceId"); !hasResource(r, r.Inputs.String("restApi"), id) {
		return gatewayNotFound("Resource").With(id)
	}
	kind := r.Inputs.String("authorization")
	switch {
	case !slices.Contains(words("NONE AWS_IAM CUSTOM COGNITO_USER_POOLS"), kind):
		return badRequest("Invalid authorization type %s", gatewayErrors).With(kind)
	case (kind == "CUSTOM" || kind == "COGNITO_USER_POOLS") && !hasAuthorizer(r):
		return badRequest(
			"Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS "+
				"requires a valid authorizer.",
			gatewayErrors,
		).With()
	}
	return nil
}

// hasAuthorizer reports whether the authorizer of a method exists, in its API.
func hasAuthorizer(r *cloud.Request) bool {
	found := r.Find(authorizerType, r.Inputs.String("authorizerId"), r.Region)
	return found != nil && found.Inputs.String("restApi") == r.Inputs.String("restApi")
}

// methodParameter matches a part of the request that a method can declare.
var methodParameter = regexp.MustCompile(
	`^method\.request\.(path|querystring|multivaluequerystring|header|multivalueheader)\.[A-Za-z0-9._$-]+$`)

const parameterMapping = "https://docs.aws.amazon.com/apigateway/latest/developerguide/" +
	"request-response-data-mappings.html"

// invalidMapping returns what API Gateway says about a wrong mapping, or about
// the parameter that a mapping takes.
func invalidMapping(part, source string) cloud.Refusal {
	return badRequest(
		"Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression "+
			part+"specified: %s]",
		source,
	)
}

func checkMethodParameters(r *cloud.Request) error {
	for _, key := range slices.Sorted(maps.Keys(r.Inputs.Object("requestParameters"))) {
		if !methodParameter.MatchString(key) {
			return invalidMapping("", parameterMapping).With(key)
		}
	}
	return nil
}

func integrationKind() *cloud.Kind {
	return &cloud.Kind{
		Token: integrationType,
		Replace: words(`credentials httpMethod integrationHttpMethod passthroughBehavior resourceId
			restApi type`),
		Sets: words("cacheKeyParameters"),
		Constraints: []cloud.Constraint{
			methods("httpMethod"), methods("integrationHttpMethod"), cloud.Between("timeoutMilliseconds", 50, 300000),
			cloud.OneOf("type", "HTTP", "HTTP_PROXY", "AWS", "AWS_PROXY", "MOCK"),
			cloud.OneOf("connectionType", "INTERNET", "VPC_LINK"),
			cloud.OneOf("passthroughBehavior", "WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"),
		},
		Defaults:            cloud.Props{"connectionType": "INTERNET", "timeoutMilliseconds": 29000},
		NeverRemoved:        words("tlsConfig"),
		DeleteBeforeReplace: true,
		Upsert:              true,
		ID:                  cloud.JoinedID("agi", "restApi", "resourceId", "httpMethod"),
		References:          map[string]string{"restApi": restAPIType},
		OutputDefaults:      cloud.Props{"passthroughBehavior": "WHEN_NO_MATCH"},
		Check: cloud.InOrder(checkIntegration, checkIntegrationHTTP, checkIntegrationLink,
			checkIntegrationParameters),
		Compute: func(r *cloud.Request) error {
			r.SetDefault("cacheNamespace", r.Inputs.String("resourceId"))
			return nil
		},
		Example: cloud.Example{
			Name: "integration",
			Inputs: cloud.Props{
				"httpMethod": "GET", "integrationHttpMethod": "POST", "resourceId": "${api.rootResourceId}",
				"restApi": "${api}", "timeoutMilliseconds": 29000, "type": "AWS_PROXY",
				"uri": "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/f/invocations",
			},
			After: []string{"method"},
		},
	}
}

const putIntegration = "https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html"

// methodOf returns the method of an integration, or nil.
func methodOf(r *cloud.Request) *cloud.Object {
	return r.Find(methodType, cloud.JoinedID("agm", "restApi", "resourceId", "httpMethod")(r), r.Region)
}

func checkIntegration(r *cloud.Request) error {
	p := r.Inputs
	kind, timeout := p.String("type"), p.Int("timeoutMilliseconds")
	switch {
	case methodOf(r) == nil:
		return cloud.NewRefusal("NotFoundException", "Invalid Method identifier specified: %s",
			putIntegration).With(p.String("httpMethod"))
	case kind != "MOCK" && !p.Has("uri"):
		return badRequest("Uri must be specified for integration type %s", putIntegration).With(kind)
	case kind != "MOCK" && !p.Has("integrationHttpMethod"):
		return badRequest("Enumeration value for HttpMethod must be non-empty", putIntegration).With()
	case kind == "AWS_PROXY" && p.String("integrationHttpMethod") != "POST":
		return badRequest(
			"Lambda functions are invoked by POST, not %s",
			"https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html",
		).With(p.String("integrationHttpMethod"))
	case p.Has("timeoutMilliseconds") && (timeout < 50 || timeout > 29000):
		return badRequest("Timeout should be between 50 ms and 29000 ms, not %d ms", putIntegration).With(timeout)
	}
	return nil
}

var httpURL = regexp.MustCompile(`^https?://[^/\s]+`)

// checkIntegrationHTTP refuses a wrong URL. It accepts any stage variable.
func checkIntegrationHTTP(r *cloud.Request) error {
	kind, uri := r.Inputs.String("type"), r.Inputs.String("uri")
	http := strings.HasPrefix(kind, "HTTP")
	switch {
	case http && !httpURL.MatchString(uri) && !strings.Contains(uri, "${stageVariables."):
		return badRequest("Invalid HTTP endpoint specified for URI: %s", putIntegration).With(uri)
	case !http && r.Inputs.Has("tlsConfig"):
		return badRequest(
			"TlsConfig is supported for HTTP and HTTP_PROXY integrations only, not for %s",
			"https://docs.aws.amazon.com/apigateway/latest/developerguide/"+
				"api-gateway-extensions-integration-tls-config.html",
		).With(kind)
	}
	return nil
}

func checkIntegrationLink(r *cloud.Request) error {
	link := r.Inputs.String("connectionId")
	switch {
	case r.Inputs.String("connectionType") != "VPC_LINK":
		return nil
	case link == "":
		return badRequest("Connection ID must be specified for connection type VPC_LINK", putIntegration).With()
	case r.Find(vpcLinkType, link, r.Region) == nil && !strings.Contains(link, "${stageVariables."):
		return gatewayNotFound("VpcLink").With(link)
	}
	return nil
}

// checkIntegrationParameters refuses a parameter that the integration takes
// from the request and that its method does not declare.
func checkIntegrationParameters(r *cloud.Request) error {
	declared := methodOf(r).Inputs.Object("requestParameters")
	mappings := r.Inputs.Object("requestParameters")
	for _, key := range slices.Sorted(maps.Keys(mappings)) {
		source := mappings.String(key)
		switch {
		case !strings.HasPrefix(key, "integration.request."):
			return invalidMapping("", parameterMapping).With(key)
		case methodParameter.MatchString(source) && !declared.Has(source):
			return invalidMapping("parameter ", "https://github.com/aws/aws-cdk/issues/17318").With(source)
		}
	}
	return nil
}
