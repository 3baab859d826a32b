package cloud

import (
	"regexp"
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
		check:     inOrder(methodCheck, methodParametersCheck),
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

// methodParameter is a part of the request that a method can declare.
var methodParameter = regexp.MustCompile(`^method\.request\.(path|querystring|multivaluequerystring|header|multivalueheader)\.[A-Za-z0-9._$-]+$`)

const parameterMapping = "https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html"

// invalidMapping is what API Gateway says to a mapping, or to the parameter
// that it takes.
func invalidMapping(part, source string) Refusal {
	return badRequest("Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression "+
		part+"specified: %s]", source)
}

func methodParametersCheck(c *call) error {
	for key := range c.in().object("requestParameters") {
		if !methodParameter.MatchString(key) {
			return invalidMapping("", parameterMapping).with(key)
		}
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
		check:       inOrder(integrationCheck, integrationHTTPCheck, integrationLinkCheck, integrationParametersCheck),
		derive: func(c *call) error {
			c.fill("cacheNamespace", c.in().str("resourceId"))
			return nil
		},
	}
}

const putIntegration = "https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html"

// method is the one that an integration is of, or nil.
func (c *call) method() *Object {
	return c.find(methodType, joined("agm", "restApi", "resourceId", "httpMethod")(c), c.region)
}

func integrationCheck(c *call) error {
	p := c.in()
	kind, timeout := p.str("type"), p.number("timeoutMilliseconds")
	switch {
	case c.method() == nil:
		return Refusal{"NotFoundException", "Invalid Method identifier specified: %s", putIntegration}.with(p.str("httpMethod"))
	case kind != "MOCK" && !p.has("uri"):
		return badRequest("Uri must be specified for integration type %s", putIntegration).with(kind)
	case kind != "MOCK" && !p.has("integrationHttpMethod"):
		return badRequest("Enumeration value for HttpMethod must be non-empty", putIntegration).with()
	case kind == "AWS_PROXY" && p.str("integrationHttpMethod") != "POST":
		return badRequest("Lambda functions are invoked by POST, not %s",
			"https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html").with(p.str("integrationHttpMethod"))
	case p.has("timeoutMilliseconds") && (timeout < 50 || timeout > 29000):
		return badRequest("Timeout should be between 50 ms and 29000 ms, not %d ms", putIntegration).with(timeout)
	}
	return nil
}

var httpURL = regexp.MustCompile(`^https?://[^/\s]+`)

// integrationHTTPCheck does not look into stage variables.
func integrationHTTPCheck(c *call) error {
	kind, uri := c.in().str("type"), c.in().str("uri")
	http := strings.HasPrefix(kind, "HTTP")
	switch {
	case http && !httpURL.MatchString(uri) && !strings.Contains(uri, "${stageVariables."):
		return badRequest("Invalid HTTP endpoint specified for URI: %s", putIntegration).with(uri)
	case !http && c.in().has("tlsConfig"):
		return badRequest("TlsConfig is supported for HTTP and HTTP_PROXY integrations only, not for %s",
			"https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-extensions-integration-tls-config.html").with(kind)
	}
	return nil
}

func integrationLinkCheck(c *call) error {
	link := c.in().str("connectionId")
	switch {
	case c.in().str("connectionType") != "VPC_LINK":
		return nil
	case link == "":
		return badRequest("Connection ID must be specified for connection type VPC_LINK", putIntegration).with()
	case c.find(vpcLinkType, link, c.region) == nil && !strings.Contains(link, "${stageVariables."):
		return gatewayNotFound("VpcLink").with(link)
	}
	return nil
}

// integrationParametersCheck: what an integration takes from the request, its
// method declares.
func integrationParametersCheck(c *call) error {
	declared := c.method().Inputs.object("requestParameters")
	for key, value := range c.in().object("requestParameters") {
		source, _ := value.(string)
		switch {
		case !strings.HasPrefix(key, "integration.request."):
			return invalidMapping("", parameterMapping).with(key)
		case methodParameter.MatchString(source) && !declared.has(source):
			return invalidMapping("parameter ", "https://github.com/aws/aws-cdk/issues/17318").with(source)
		}
	}
	return nil
}
