package cloud

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	restApiType           = "aws:apigateway/restApi:RestApi"
	restApiPolicyType     = "aws:apigateway/restApiPolicy:RestApiPolicy"
	apiResourceType       = "aws:apigateway/resource:Resource"
	methodType            = "aws:apigateway/method:Method"
	integrationType       = "aws:apigateway/integration:Integration"
	deploymentType        = "aws:apigateway/deployment:Deployment"
	stageType             = "aws:apigateway/stage:Stage"
	methodSettingsType    = "aws:apigateway/methodSettings:MethodSettings"
	gatewayAccountType    = "aws:apigateway/account:Account"
	domainNameType        = "aws:apigateway/domainName:DomainName"
	basePathMappingType   = "aws:apigateway/basePathMapping:BasePathMapping"
	accessAssociationType = "aws:apigateway/domainNameAccessAssociation:DomainNameAccessAssociation"
	apiKeyType            = "aws:apigateway/apiKey:ApiKey"
	usagePlanType         = "aws:apigateway/usagePlan:UsagePlan"
	usagePlanKeyType      = "aws:apigateway/usagePlanKey:UsagePlanKey"
)

func gatewayKinds() []*Kind {
	return []*Kind{restApiKind(), restApiPolicyKind(), apiResourceKind(), methodKind(), integrationKind(),
		deploymentKind(), stageKind(), methodSettingsKind(), gatewayAccountKind(), domainNameKind(),
		basePathMappingKind(), accessAssociationKind(), apiKeyKind(), usagePlanKind(), usagePlanKeyKind()}
}

// badRequest and gatewayNotFound are templates of API Gateway's two usual answers.
func badRequest(message, source string) Refusal {
	return Refusal{"BadRequestException", message, source}
}

func gatewayNotFound(noun string) Refusal {
	return Refusal{"NotFoundException", "Invalid " + noun + " identifier specified %s", gatewayErrors}
}

func gatewayConflict(message string) Refusal {
	return Refusal{"ConflictException", message, gatewayErrors}
}

// gatewayARN is an ARN of the control plane, which names no account.
func (c *call) gatewayARN(path string) string {
	return "arn:aws:apigateway:" + c.region + "::/" + path
}

// executionARN is the ARN that callers of an API are authorized for.
func (c *call) executionARN(api string) string { return c.arn("execute-api", api) }

// joined makes an id of inputs, with a prefix and hyphens.
func joined(prefix string, keys ...string) func(*call) string {
	return func(c *call) string {
		parts := []string{prefix}
		for _, key := range keys {
			parts = append(parts, c.in().str(key))
		}
		return strings.TrimPrefix(strings.Join(parts, "-"), "-")
	}
}

func now() string { return time.Now().UTC().Format(time.RFC3339) }

func restApiKind() *Kind {
	return &Kind{
		Token: restApiType,
		Optional: words(`apiKeySource binaryMediaTypes body description disableExecuteApiEndpoint endpointConfiguration
			failOnWarnings minimumCompressionSize name parameters policy putRestApiMode tags`),
		Computed: words(`apiKeySource arn binaryMediaTypes createdDate description disableExecuteApiEndpoint
			endpointConfiguration executionArn minimumCompressionSize policy rootResourceId`),
		Sets:     words("binaryMediaTypes"),
		Autoname: Autoname{Property: "name", MaxLen: 255},
		id:       code(10),
		missing:  gatewayNotFound("API"),
		fills: props{"apiKeySource": "HEADER", "binaryMediaTypes": []any{}, "description": "", "disableExecuteApiEndpoint": false,
			"minimumCompressionSize": "", "policy": ""},
		check:  restApiCheck,
		born:   restApiBorn,
		derive: restApiDerive,
	}
}

func restApiCheck(c *call) error {
	if err := gatewayPolicyCheck(c.in().str("policy")); err != nil {
		return err
	}
	config := c.in().object("endpointConfiguration")
	if err := endpointTypeCheck(config); err != nil {
		return err
	}
	ids := config.strings("vpcEndpointIds")
	if len(ids) > 0 && config.str("types") != "PRIVATE" {
		return badRequest("VPCEndpoints can only be specified with PRIVATE apis.",
			"https://github.com/clouddrove/terraform-aws-api-gateway/pull/28").with()
	}
	for _, id := range ids {
		if c.find(vpcEndpointType, id, c.region) == nil {
			return badRequest("Invalid VPC endpoint ID %s", gatewayErrors).with(id)
		}
	}
	return nil
}

// endpointTypeCheck looks at the endpointConfiguration of an API or a domain
// name. What is private is always dualstack.
func endpointTypeCheck(config props) error {
	const source = "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-ip-address-type.html"
	if kind := config.or("types", "EDGE"); !slices.Contains(words("EDGE REGIONAL PRIVATE"), kind) {
		return badRequest("Endpoint type %s is none of EDGE, REGIONAL, PRIVATE", gatewayErrors).with(kind)
	}
	if config.str("types") == "PRIVATE" && config.or("ipAddressType", "dualstack") != "dualstack" {
		return badRequest("IP address type %s is not supported for PRIVATE endpoints, only dualstack",
			source).with(config.str("ipAddressType"))
	}
	return nil
}

// policyLimit is the longest resource policy, in characters.
const policyLimit = 8192

func gatewayPolicyCheck(policy string) error {
	if policy == "" {
		return nil
	}
	if len(policy) > policyLimit {
		return badRequest("Policy size limit exceeded: %d characters, at most %d",
			"https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html").with(len(policy), policyLimit)
	}
	if _, ok := statements(policy); !ok {
		return badRequest("Invalid policy document. Please check the policy syntax and ensure that Principals are valid.",
			"https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html").with()
	}
	return nil
}

func restApiBorn(c *call) error {
	c.set("arn", c.gatewayARN("restapis/"+c.obj.ID))
	c.set("createdDate", now())
	c.set("executionArn", c.executionARN(c.obj.ID))
	c.set("rootResourceId", code(10)(c))
	return nil
}

func restApiDerive(c *call) error {
	config := map[string]any{"types": "EDGE", "vpcEndpointIds": []any{}}
	if given := c.in().object("endpointConfiguration"); given != nil {
		for k, v := range given {
			config[k] = v
		}
	}
	if config["ipAddressType"] == nil {
		config["ipAddressType"] = "ipv4"
		if config["types"] == "PRIVATE" {
			config["ipAddressType"] = "dualstack"
		}
	}
	c.set("endpointConfiguration", config)
	return nil
}

func restApiPolicyKind() *Kind {
	return &Kind{
		Token:      restApiPolicyType,
		Required:   words("policy restApiId"),
		Replace:    words("restApiId"),
		overwrites: true,
		id:         input("restApiId"),
		refs:       map[string]string{"restApiId": restApiType},
		check:      func(c *call) error { return gatewayPolicyCheck(c.in().str("policy")) },
	}
}

func apiResourceKind() *Kind {
	return &Kind{
		Token:    apiResourceType,
		Required: words("parentId pathPart restApi"),
		Computed: words("path"),
		Replace:  words("restApi"),
		id:       code(6),
		missing:  gatewayNotFound("Resource"),
		refs:     map[string]string{"restApi": restApiType},
		check:    apiResourceCheck,
		derive: func(c *call) error {
			c.set("path", c.pathOf(c.in().str("restApi"), c.in().str("parentId"))+"/"+c.in().str("pathPart"))
			return nil
		},
	}
}

var pathPart = regexp.MustCompile(`^([a-zA-Z0-9._:-]+|\{[a-zA-Z0-9._:-]+\+?\})$`)

func apiResourceCheck(c *call) error {
	api, parent, part := c.in().str("restApi"), c.in().str("parentId"), c.in().str("pathPart")
	if !pathPart.MatchString(part) {
		return badRequest("Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end: %s",
			gatewayErrors).with(part)
	}
	if !c.hasResource(api, parent) {
		return gatewayNotFound("Resource").with(parent)
	}
	for _, other := range c.others(apiResourceType) {
		if other.Inputs.str("parentId") == parent && other.Inputs.str("pathPart") == part {
			return gatewayConflict("Another resource with the same parent already has this name: %s").with(part)
		}
	}
	return nil
}

// hasResource tells whether an API has a resource; every API has its root.
func (c *call) hasResource(api, id string) bool {
	if c.find(restApiType, api, c.region).Computed.str("rootResourceId") == id {
		return true
	}
	r := c.find(apiResourceType, id, c.region)
	return r != nil && r.Inputs.str("restApi") == api
}

// pathOf is the path of a resource of an API; the root has the empty one.
func (c *call) pathOf(api, id string) string {
	if r := c.find(apiResourceType, id, c.region); r != nil && r.Inputs.str("restApi") == api {
		return r.Computed.str("path")
	}
	return ""
}

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

func deploymentKind() *Kind {
	return &Kind{
		Token:    deploymentType,
		Required: words("restApi"),
		Optional: words("canarySettings description stageDescription stageName triggers variables"),
		Computed: words("createdDate executionArn invokeUrl"),
		Replace:  words("canarySettings restApi stageDescription stageName triggers variables"),
		id:       code(6),
		missing:  badRequest("Deployment id %s does not exist", gatewayErrors),
		inUse: badRequest("Active stages pointing to this deployment must be moved or deleted",
			"https://github.com/hashicorp/terraform-provider-aws/issues/19805"),
		refs:  map[string]string{"restApi": restApiType},
		check: deploymentCheck,
		born: func(c *call) error {
			c.set("createdDate", now())
			c.set("executionArn", c.executionARN(c.in().str("restApi")+"/"+c.in().str("stageName")))
			c.set("invokeUrl", c.invokeURL(c.in().str("restApi"), c.in().str("stageName")))
			return nil
		},
	}
}

// deploymentCheck looks at what a deployment takes a picture of. What an API
// gets from an OpenAPI body is not looked at.
func deploymentCheck(c *call) error {
	api := c.find(restApiType, c.in().str("restApi"), c.region)
	if !c.created() {
		return nil
	}
	policy := c.find(restApiPolicyType, api.ID, c.region)
	if endpointKind(api.Inputs) == "PRIVATE" && policy == nil && !api.Inputs.has("policy") && !api.Inputs.has("body") {
		return badRequest("Private REST API doesn't have a resource policy attached to it",
			"https://github.com/hashicorp/terraform-provider-aws/issues/14290").with()
	}
	if api.Inputs.has("body") {
		return nil
	}
	const source = "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html"
	methods := 0
	for _, method := range c.all(methodType) {
		if method.Inputs.str("restApi") != api.ID {
			continue
		}
		methods++
		if c.find(integrationType, "agi"+strings.TrimPrefix(method.ID, "agm"), c.region) == nil {
			return badRequest("No integration defined for method %s", source).with(method.Inputs.str("httpMethod"))
		}
	}
	if methods == 0 {
		return badRequest("The REST API doesn't contain any methods", source).with()
	}
	return nil
}

func (c *call) invokeURL(api, stage string) string {
	return "https://" + api + ".execute-api." + c.region + ".amazonaws.com/" + stage
}

func stageKind() *Kind {
	return &Kind{
		Token:    stageType,
		Required: words("deployment restApi stageName"),
		Optional: words(`accessLogSettings cacheClusterEnabled cacheClusterSize canarySettings clientCertificateId
			description documentationVersion tags variables xrayTracingEnabled`),
		Computed:  words("arn executionArn invokeUrl webAclArn"),
		Replace:   words("restApi stageName"),
		id:        joined("ags", "restApi", "stageName"),
		duplicate: gatewayConflict("Stage already exists"),
		missing:   gatewayNotFound("Stage"),
		refs:      map[string]string{"restApi": restApiType},
		holds:     map[string]string{"deployment": deploymentType},
		fills:     props{"webAclArn": ""},
		check:     stageCheck,
		born: func(c *call) error {
			api, stage := c.in().str("restApi"), c.in().str("stageName")
			c.set("arn", c.gatewayARN("restapis/"+api+"/stages/"+stage))
			c.set("executionArn", c.executionARN(api+"/"+stage))
			c.set("invokeUrl", c.invokeURL(api, stage))
			return nil
		},
	}
}

const setUpLogging = "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html"

func stageCheck(c *call) error {
	id := c.in().str("deployment")
	if c.find(deploymentType, id, c.region).Inputs.str("restApi") != c.in().str("restApi") {
		return badRequest("Deployment id %s does not exist in this API", gatewayErrors).with(id)
	}
	logs := c.in().object("accessLogSettings")
	if logs == nil {
		return nil
	}
	if err := c.loggingCheck(); err != nil {
		return err
	}
	if arn := strings.TrimSuffix(logs.str("destinationArn"), ":*"); c.find(logGroupType, arn, c.region) == nil && !strings.Contains(arn, ":firehose:") {
		return badRequest("Invalid access log destination %s: no such log group", setUpLogging).with(arn)
	}
	return logFormatCheck(logs.str("format"))
}

func (c *call) loggingCheck() error {
	if account := c.find(gatewayAccountType, "api-gateway-account", c.region); account == nil || account.out("cloudwatchRoleArn") == "" {
		return badRequest("CloudWatch Logs role ARN must be set in account settings to enable logging", setUpLogging).with()
	}
	return nil
}

func logFormatCheck(format string) error {
	if strings.Contains(strings.TrimSuffix(format, "\n"), "\n") {
		return badRequest("Access Log format must be single line, new line character is allowed only at end of the format: %q",
			setUpLogging).with(format)
	}
	if !strings.Contains(format, "$context.requestId") && !strings.Contains(format, "$context.extendedRequestId") {
		return badRequest("Access Log format must contain $context.requestId or $context.extendedRequestId: %q", setUpLogging).with(format)
	}
	return nil
}

func (c *call) stage(api, stage string) *Object {
	return c.find(stageType, "ags-"+api+"-"+stage, c.region)
}

func methodSettingsKind() *Kind {
	return &Kind{
		Token:      methodSettingsType,
		Required:   words("methodPath restApi settings stageName"),
		Replace:    words("methodPath restApi stageName"),
		overwrites: true,
		id:         joined("", "restApi", "stageName", "methodPath"),
		refs:       map[string]string{"restApi": restApiType},
		check:      methodSettingsCheck,
	}
}

func methodSettingsCheck(c *call) error {
	if c.stage(c.in().str("restApi"), c.in().str("stageName")) == nil {
		return gatewayNotFound("stage").with(c.in().str("stageName"))
	}
	if level := c.in().object("settings").or("loggingLevel", "OFF"); level != "OFF" {
		return c.loggingCheck()
	}
	return nil
}

func gatewayAccountKind() *Kind {
	return &Kind{
		Token:      gatewayAccountType,
		Optional:   words("cloudwatchRoleArn resetOnDelete"),
		Computed:   words("apiKeyVersion cloudwatchRoleArn features throttleSettings"),
		overwrites: true,
		id:         func(*call) string { return "api-gateway-account" },
		fills: props{"apiKeyVersion": "4", "cloudwatchRoleArn": "", "features": []any{"UsagePlans"},
			"throttleSettings": []any{map[string]any{"burstLimit": 5000.0, "rateLimit": 10000.0}}},
		check: gatewayAccountCheck,
	}
}

func gatewayAccountCheck(c *call) error {
	arn := c.in().str("cloudwatchRoleArn")
	if arn == "" {
		return nil
	}
	role := c.find(roleType, arn, "")
	if role == nil || !allows(role.Inputs.str("assumeRolePolicy"), "apigateway.amazonaws.com", "sts:AssumeRole") || !c.hasPolicies(role) {
		return badRequest("The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy. (%s)",
			setUpLogging).with(arn)
	}
	return nil
}

func domainNameKind() *Kind {
	return &Kind{
		Token:    domainNameType,
		Required: words("domainName"),
		Optional: words(`certificateArn certificateBody certificateChain certificateName certificatePrivateKey
			endpointConfiguration mutualTlsAuthentication ownershipVerificationCertificateArn policy
			regionalCertificateArn regionalCertificateName securityPolicy tags`),
		Computed: words(`arn certificateUploadDate cloudfrontDomainName cloudfrontZoneId domainNameId endpointConfiguration
			ownershipVerificationCertificateArn regionalDomainName regionalZoneId securityPolicy`),
		Replace: words("certificateBody certificateChain certificatePrivateKey domainName"),
		id:      domainNameID,
		missing: Refusal{"NotFoundException", "Invalid domain name identifier specified", gatewayErrors},
		holds:   map[string]string{"certificateArn": certificateType, "regionalCertificateArn": certificateType},
		absent: map[string]Refusal{"certificateArn": badRequest("The provided certificate does not exist: %s", createDomainName),
			"regionalCertificateArn": badRequest("The provided certificate does not exist: %s", createDomainName)},
		fills: props{"certificateUploadDate": "", "cloudfrontDomainName": "", "cloudfrontZoneId": "Z2FDTNDATAQYW2", "domainNameId": "",
			"ownershipVerificationCertificateArn": "", "regionalDomainName": "", "regionalZoneId": "", "securityPolicy": "TLS_1_2"},
		duplicate: badRequest("The domain name you provided already exists.", gatewayErrors),
		check:     domainNameCheck,
		born:      domainNameBorn,
	}
}

func domainNameCheck(c *call) error {
	if err := endpointTypeCheck(c.in().object("endpointConfiguration")); err != nil {
		return err
	}
	if err := gatewayPolicyCheck(c.in().str("policy")); err != nil {
		return err
	}
	arn := c.in().or("regionalCertificateArn", c.in().str("certificateArn"))
	if arn == "" {
		return badRequest("A certificate was not provided for the endpoint type %s.", createDomainName).with(endpointKind(c.in()))
	}
	cert := c.find(certificateType, arn, c.region)
	if !c.issued(cert) {
		return badRequest("Certificate %s in account "+AccountID+" not yet issued", createDomainName).with(arn)
	}
	if domain := c.in().str("domainName"); !slices.ContainsFunc(certificateNames(cert.Inputs), func(n string) bool { return nameCovers(n, domain) }) {
		return badRequest("The domain name to be created is not covered by the provided certificate. (%s)", createDomainName).with(domain)
	}
	return nil
}

const createDomainName = "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDomainName.html"

// nameCovers matches a name of a certificate, whose wildcard is one label.
func nameCovers(pattern, name string) bool {
	if base, wild := strings.CutPrefix(pattern, "*."); wild {
		_, parent, _ := strings.Cut(name, ".")
		return strings.EqualFold(parent, base)
	}
	return strings.EqualFold(pattern, name)
}

// endpointKind is EDGE, REGIONAL or PRIVATE.
func endpointKind(p props) string { return p.object("endpointConfiguration").or("types", "EDGE") }

// domainNameID is the name itself. A private name need not be unique, so the
// provider adds the id that AWS gave it.
func domainNameID(c *call) string {
	domain := c.in().str("domainName")
	if endpointKind(c.in()) != "PRIVATE" {
		return domain
	}
	c.set("domainNameId", code(10)(c))
	return domain + "/" + c.obj.Computed.str("domainNameId")
}

func domainNameBorn(c *call) error {
	domain, target := c.in().str("domainName"), "d-"+code(10)(c)
	c.fill("endpointConfiguration", map[string]any{"types": "EDGE"})
	switch endpointKind(c.in()) {
	case "PRIVATE":
		c.set("arn", c.arn("apigateway", "/domainnames/"+domain+"+"+c.obj.Computed.str("domainNameId")))
	case "REGIONAL":
		c.set("arn", c.gatewayARN("domainnames/"+domain))
		c.set("regionalDomainName", target+".execute-api."+c.region+".amazonaws.com")
		c.set("regionalZoneId", hostedZone("execute-api", c.region))
	default:
		c.set("arn", c.gatewayARN("domainnames/"+domain))
		c.set("cloudfrontDomainName", target+".cloudfront.net")
	}
	return nil
}

// domain finds a custom domain name; a private one by its id as well.
func (c *call) domain(name, id string) *Object {
	if id != "" {
		name += "/" + id
	}
	return c.find(domainNameType, name, c.region)
}

func basePathMappingKind() *Kind {
	return &Kind{
		Token:    basePathMappingType,
		Required: words("domainName restApi"),
		Optional: words("basePath domainNameId stageName"),
		Replace:  words("domainName domainNameId"),
		id: func(c *call) string {
			id := c.in().str("domainName") + "/" + c.in().str("basePath")
			if domain := c.in().str("domainNameId"); domain != "" {
				id += "/" + domain
			}
			return id
		},
		duplicate: gatewayConflict("Base path already exists for this domain name"),
		refs:      map[string]string{"restApi": restApiType},
		check:     basePathMappingCheck,
	}
}

// basePathMappingCheck finds a private domain name by its id only.
func basePathMappingCheck(c *call) error {
	const source = "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateBasePathMapping.html"
	if c.domain(c.in().str("domainName"), c.in().str("domainNameId")) == nil {
		return Refusal{"NotFoundException", "Invalid domain name identifier specified: %s", source}.with(c.in().str("domainName"))
	}
	if stage := c.in().str("stageName"); stage != "" && c.stage(c.in().str("restApi"), stage) == nil {
		return badRequest("Invalid stage identifier specified: %s", source).with(stage)
	}
	return nil
}

func accessAssociationKind() *Kind {
	return &Kind{
		Token:    accessAssociationType,
		Required: words("accessAssociationSource accessAssociationSourceType domainNameArn"),
		Optional: words("tags"),
		Computed: words("arn"),
		Replace:  words("accessAssociationSource accessAssociationSourceType domainNameArn"),
		id: func(c *call) string {
			domain := lastPart(c.in().str("domainNameArn"))
			return c.arn("apigateway", "/domainnameaccessassociations/domainname/"+domain+"/vpcesource/"+c.in().str("accessAssociationSource"))
		},
		duplicate: gatewayConflict("Access association %s already exists"),
		refs:      map[string]string{"accessAssociationSource": vpcEndpointType, "domainNameArn": domainNameType},
		absent:    map[string]Refusal{"accessAssociationSource": badRequest("Invalid VPC endpoint ID %s", gatewayErrors)},
		check:     accessAssociationCheck,
		born: func(c *call) error {
			c.set("arn", c.obj.ID)
			return nil
		},
	}
}

func accessAssociationCheck(c *call) error {
	const source = "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDomainNameAccessAssociation.html"
	if kind := c.in().str("accessAssociationSourceType"); kind != "VPCE" {
		return badRequest("Access association source type %s is not VPCE", source).with(kind)
	}
	if domain := c.find(domainNameType, c.in().str("domainNameArn"), c.region); endpointKind(domain.Inputs) != "PRIVATE" {
		return badRequest("Domain name %s is not private", source).with(domain.ID)
	}
	return nil
}

func apiKeyKind() *Kind {
	return &Kind{
		Token:    apiKeyType,
		Optional: words("customerId description enabled name tags value"),
		Computed: words("arn createdDate lastUpdatedDate value"),
		Replace:  words("value"),
		Defaults: props{"description": "Managed by Pulumi", "enabled": true},
		Autoname: Autoname{Property: "name", MaxLen: 255},
		id:       code(10),
		missing:  gatewayNotFound("API Key"),
		born: func(c *call) error {
			c.set("arn", c.gatewayARN("apikeys/"+c.obj.ID))
			c.set("createdDate", now())
			c.fill("value", code(40)(c))
			return nil
		},
		derive: func(c *call) error {
			c.set("lastUpdatedDate", now())
			return nil
		},
	}
}

func usagePlanKind() *Kind {
	return &Kind{
		Token:    usagePlanType,
		Optional: words("apiStages description name productCode quotaSettings tags throttleSettings"),
		Computed: words("arn"),
		Sets:     words("apiStages"),
		Autoname: Autoname{Property: "name", MaxLen: 255},
		id:       code(6),
		missing:  gatewayNotFound("Usage Plan"),
		refs:     map[string]string{"apiStages[].apiId": restApiType},
		check:    usagePlanCheck,
		born: func(c *call) error {
			c.set("arn", c.gatewayARN("usageplans/"+c.obj.ID))
			return nil
		},
	}
}

func usagePlanCheck(c *call) error {
	for _, s := range c.in().objects("apiStages") {
		if c.stage(s.str("apiId"), s.str("stage")) == nil {
			return Refusal{"NotFoundException", "API Stage not found: %s:%s", gatewayErrors}.with(s.str("apiId"), s.str("stage"))
		}
	}
	return nil
}

func usagePlanKeyKind() *Kind {
	return &Kind{
		Token:     usagePlanKeyType,
		Required:  words("keyId keyType usagePlanId"),
		Computed:  words("name value"),
		Replace:   words("keyId keyType usagePlanId"),
		id:        input("keyId"),
		duplicate: gatewayConflict("Usage Plan Key %s already exists"),
		refs:      map[string]string{"keyId": apiKeyType, "usagePlanId": usagePlanType},
		born: func(c *call) error {
			key := c.find(apiKeyType, c.in().str("keyId"), c.region)
			c.set("name", key.out("name"))
			c.set("value", key.out("value"))
			return nil
		},
	}
}
