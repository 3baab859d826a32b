package cloud

import "strings"

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
			c.obj.Private["connections"] = c.connections(c.in().str("restApi"))
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
	if arn := strings.TrimSuffix(logs.str("destinationArn"), ":*"); !c.isLogGroup(arn) && !strings.Contains(arn, ":firehose:") {
		return badRequest("Invalid access log destination %s: no such log group", setUpLogging).with(arn)
	}
	return logFormatCheck(logs.str("format"))
}

func (c *call) isLogGroup(arn string) bool {
	return strings.HasPrefix(arn, "arn:") && c.find(logGroupType, arn, c.region) != nil
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
		Defaults:   props{"resetOnDelete": false},
		lasting:    true,
		overwrites: true,
		id:         func(*call) string { return "api-gateway-account" },
		fills: props{"apiKeyVersion": "4", "cloudwatchRoleArn": "", "features": []any{"UsagePlans"},
			"throttleSettings": []any{map[string]any{"burstLimit": 5000.0, "rateLimit": 10000.0}}},
		refs:   map[string]string{"cloudwatchRoleArn": roleType},
		absent: map[string]Refusal{"cloudwatchRoleArn": logRoleUnfit},
		check:  gatewayAccountCheck,
		gone: func(c *call) {
			if c.in().flag("resetOnDelete") {
				delete(c.in(), "cloudwatchRoleArn")
			}
		},
	}
}

var logRoleUnfit = badRequest("The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy. (%s)",
	setUpLogging)

func gatewayAccountCheck(c *call) error {
	arn := c.in().str("cloudwatchRoleArn")
	if arn == "" {
		return nil
	}
	role := c.find(roleType, arn, "")
	if !allows(role.Inputs.str("assumeRolePolicy"), "apigateway.amazonaws.com", "sts:AssumeRole") || !c.hasPolicies(role) {
		return logRoleUnfit.with(arn)
	}
	return nil
}
