package cloud

import (
	"slices"
	"strings"
)

func methodKind() *Kind {
	return &Kind{
		Token:    methodType,
		Required: words("authorization httpMethod resourceId restApi"),
		Optional: words(`apiKeyRequired authorizationScopes authorizerId operationName requestModels requestParameters
			requestValidatorId`),
		Replace:   words("httpMethod resourceId restApi"),
		Sets:      words("authorizationScopes"),
		Defaults:  props{"apiKeyRequired": false},
		id:        joined("agm", "restApi", "resourceId", "httpMethod"),
		duplicate: gatewayConflict("Method already exists for this resource"),
		refs:      map[string]string{"restApi": restApiType},
		check:     methodCheck,
	}
}

func methodCheck(c *call) error {
	if id := c.in().str("resourceId"); !c.hasResource(c.in().str("restApi"), id) {
		return gatewayNotFound("Resource").with(id)
	}
	kind := c.in().str("authorization")
	switch {
	case !slices.Contains(words("NONE AWS_IAM CUSTOM COGNITO_USER_POOLS"), kind):
		return badRequest("Invalid authorization type %s", gatewayErrors).with(kind)
	case (kind == "CUSTOM" || kind == "COGNITO_USER_POOLS") && !c.in().has("authorizerId"):
		return badRequest("Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.",
			gatewayErrors).with()
	}
	return nil
}

func integrationKind() *Kind {
	return &Kind{
		Token:    integrationType,
		Required: words("httpMethod resourceId restApi type"),
		Optional: words(`cacheKeyParameters cacheNamespace connectionId connectionType contentHandling credentials
			integrationHttpMethod passthroughBehavior requestParameters requestTemplates timeoutMilliseconds
			tlsConfig uri`),
		Computed:    words("cacheNamespace passthroughBehavior"),
		Replace:     words("credentials httpMethod integrationHttpMethod passthroughBehavior resourceId restApi type"),
		Sets:        words("cacheKeyParameters"),
		Defaults:    props{"connectionType": "INTERNET", "timeoutMilliseconds": 29000.0},
		DeleteFirst: true,
		overwrites:  true,
		id:          joined("agi", "restApi", "resourceId", "httpMethod"),
		refs:        map[string]string{"restApi": restApiType},
		fills:       props{"passthroughBehavior": "WHEN_NO_MATCH"},
		check:       integrationCheck,
		derive: func(c *call) error {
			c.fill("cacheNamespace", c.in().str("resourceId"))
			return nil
		},
	}
}

func integrationCheck(c *call) error {
	const source = "https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html"
	p := c.in()
	kind, proxied := p.str("type"), p.str("type") != "MOCK"
	switch timeout := p.number("timeoutMilliseconds"); {
	case c.find(methodType, "agm-"+p.str("restApi")+"-"+p.str("resourceId")+"-"+p.str("httpMethod"), c.region) == nil:
		return Refusal{"NotFoundException", "Invalid Method identifier specified: %s", source}.with(p.str("httpMethod"))
	case proxied && !p.has("uri"):
		return badRequest("Uri must be specified for integration type %s", source).with(kind)
	case strings.HasPrefix(kind, "AWS") && !p.has("integrationHttpMethod"):
		return badRequest("Enumeration value for HttpMethod must be non-empty", source).with()
	case kind == "AWS_PROXY" && p.str("integrationHttpMethod") != "POST":
		return badRequest("Lambda functions are invoked by POST, not %s",
			"https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html").with(p.str("integrationHttpMethod"))
	case p.str("connectionType") == "VPC_LINK" && !p.has("connectionId"):
		return badRequest("Connection ID must be specified for connection type VPC_LINK", source).with()
	case p.has("timeoutMilliseconds") && (timeout < 50 || timeout > 29000):
		return badRequest("Timeout should be between 50 ms and 29000 ms, not %d ms", source).with(timeout)
	}
	return nil
}
