package cloud

import (
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

func restApiCheck(c *call) error { return nil }

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
		check:      restApiPolicyCheck,
	}
}

func restApiPolicyCheck(c *call) error { return nil }

func apiResourceKind() *Kind {
	return &Kind{
		Token:    apiResourceType,
		Required: words("parentId pathPart restApi"),
		Computed: words("path"),
		Replace:  words("parentId restApi"),
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

func apiResourceCheck(c *call) error { return nil }

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

func methodCheck(c *call) error { return nil }

func integrationKind() *Kind {
	return &Kind{
		Token:    integrationType,
		Required: words("httpMethod resourceId restApi type"),
		Optional: words(`cacheKeyParameters cacheNamespace connectionId connectionType contentHandling credentials
			integrationHttpMethod passthroughBehavior requestParameters requestTemplates timeoutMilliseconds
			tlsConfig uri`),
		Computed:   words("cacheNamespace passthroughBehavior"),
		Replace:    words("httpMethod integrationHttpMethod resourceId restApi type"),
		Sets:       words("cacheKeyParameters"),
		Defaults:   props{"connectionType": "INTERNET", "timeoutMilliseconds": 29000.0},
		overwrites: true,
		id:         joined("agi", "restApi", "resourceId", "httpMethod"),
		refs:       map[string]string{"restApi": restApiType},
		fills:      props{"passthroughBehavior": "WHEN_NO_MATCH"},
		check:      integrationCheck,
		derive: func(c *call) error {
			c.fill("cacheNamespace", c.in().str("resourceId"))
			return nil
		},
	}
}

func integrationCheck(c *call) error { return nil }

func deploymentKind() *Kind {
	return &Kind{
		Token:    deploymentType,
		Required: words("restApi"),
		Optional: words("canarySettings description stageDescription stageName triggers variables"),
		Computed: words("createdDate executionArn invokeUrl"),
		Replace:  words("canarySettings restApi stageDescription stageName triggers variables"),
		id:       code(6),
		missing:  badRequest("Deployment id %s does not exist", gatewayErrors),
		inUse:    badRequest("Active stages pointing to this deployment must be moved or deleted", "https://github.com/hashicorp/terraform-provider-aws/issues/19805"),
		refs:     map[string]string{"restApi": restApiType},
		check:    deploymentCheck,
		born: func(c *call) error {
			c.set("createdDate", now())
			c.set("executionArn", c.executionARN(c.in().str("restApi")+"/"+c.in().str("stageName")))
			c.set("invokeUrl", c.invokeURL(c.in().str("restApi"), c.in().str("stageName")))
			return nil
		},
	}
}

func deploymentCheck(c *call) error { return nil }

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

func stageCheck(c *call) error { return nil }

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

func methodSettingsCheck(c *call) error { return nil }

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

func gatewayAccountCheck(c *call) error { return nil }

func domainNameKind() *Kind {
	return &Kind{
		Token:    domainNameType,
		Required: words("domainName"),
		Optional: words(`certificateArn certificateBody certificateChain certificateName certificatePrivateKey
			endpointConfiguration mutualTlsAuthentication ownershipVerificationCertificateArn policy
			regionalCertificateArn regionalCertificateName securityPolicy tags`),
		Computed: words(`arn certificateUploadDate cloudfrontDomainName cloudfrontZoneId domainNameId endpointConfiguration
			ownershipVerificationCertificateArn regionalDomainName regionalZoneId securityPolicy`),
		Replace: words("certificateBody certificateChain certificateName certificatePrivateKey domainName regionalCertificateName"),
		id:      domainNameID,
		missing: Refusal{"NotFoundException", "Invalid domain name identifier specified", gatewayErrors},
		holds:   map[string]string{"certificateArn": certificateType, "regionalCertificateArn": certificateType},
		fills: props{"certificateUploadDate": "", "cloudfrontDomainName": "", "cloudfrontZoneId": "", "domainNameId": "",
			"ownershipVerificationCertificateArn": "", "regionalDomainName": "", "regionalZoneId": "", "securityPolicy": "TLS_1_2"},
		duplicate: badRequest("The domain name you provided already exists.", gatewayErrors),
		check:     domainNameCheck,
		born:      domainNameBorn,
	}
}

func domainNameCheck(c *call) error { return nil }

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
		c.set("cloudfrontZoneId", "Z2FDTNDATAQYW2")
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

func basePathMappingCheck(c *call) error { return nil }

func accessAssociationKind() *Kind {
	return &Kind{
		Token:    accessAssociationType,
		Required: words("accessAssociationSource accessAssociationSourceType domainNameArn"),
		Optional: words("tags"),
		Computed: words("arn"),
		Replace:  words("accessAssociationSource accessAssociationSourceType domainNameArn"),
		id: func(c *call) string {
			domain := name(c.in().str("domainNameArn"))
			return c.arn("apigateway", "/domainnameaccessassociations/domainname/"+domain+"/vpcesource/"+c.in().str("accessAssociationSource"))
		},
		duplicate: gatewayConflict("Access association %s already exists"),
		refs:      map[string]string{"accessAssociationSource": vpcEndpointType, "domainNameArn": domainNameType},
		check:     accessAssociationCheck,
		born: func(c *call) error {
			c.set("arn", c.obj.ID)
			return nil
		},
	}
}

func accessAssociationCheck(c *call) error { return nil }

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

func usagePlanCheck(c *call) error { return nil }

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
