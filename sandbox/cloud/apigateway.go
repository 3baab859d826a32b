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
	vpcLinkType           = "aws:apigateway/vpcLink:VpcLink"
	usagePlanKeyType      = "aws:apigateway/usagePlanKey:UsagePlanKey"
)

func gatewayKinds() []*Kind {
	return []*Kind{restApiKind(), restApiPolicyKind(), apiResourceKind(), methodKind(), integrationKind(),
		deploymentKind(), stageKind(), methodSettingsKind(), gatewayAccountKind(), domainNameKind(),
		basePathMappingKind(), accessAssociationKind(), apiKeyKind(), usagePlanKind(), usagePlanKeyKind(), vpcLinkKind()}
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
		refs:     map[string]string{"endpointConfiguration.vpcEndpointIds[]": vpcEndpointType},
		absent:   map[string]Refusal{"endpointConfiguration.vpcEndpointIds[]": badRequest("Invalid VPC endpoint ID %s", gatewayErrors)},
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
	if len(config.strings("vpcEndpointIds")) > 0 && config.str("types") != "PRIVATE" {
		return badRequest("VPCEndpoints can only be specified with PRIVATE apis.",
			"https://github.com/clouddrove/terraform-aws-api-gateway/pull/28").with()
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
