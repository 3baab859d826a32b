package catalog

import (
	"strings"

	"private-api-blueprints/sandbox/cloud"
)

func deploymentKind() *cloud.Kind {
	return &cloud.Kind{
		Token:    deploymentType,
		Replace:  words("canarySettings restApi stageDescription stageName triggers variables"),
		ID:       cloud.CodeID(6),
		NotFound: badRequest("Deployment id %s does not exist", gatewayErrors),
		InUse: badRequest("Active stages pointing to this deployment must be moved or deleted",
			"https://github.com/hashicorp/terraform-provider-aws/issues/19805"),
		References: map[string]string{"restApi": restAPIType},
		Check:      checkDeployment,
		OnCreate: func(r *cloud.Request) error {
			r.Set("createdDate", created(r))
			r.Set("executionArn", executionARN(r, r.Inputs.String("restApi")+"/"+r.Inputs.String("stageName")))
			r.Set("invokeUrl", invokeURL(r, r.Inputs.String("restApi"), r.Inputs.String("stageName")))
			r.Object.Private["connections"] = vpcLinkConnections(r, r.Inputs.String("restApi"))
			r.Object.Private["snapshot"] = snapshotOf(r, r.Find(restAPIType, r.Inputs.String("restApi"), r.Region))
			return nil
		},
		Example: cloud.Example{
			Name:   "deployment",
			Inputs: cloud.Props{"restApi": "${api}"},
			After:  []string{"integration"},
		},
	}
}

const createDeployment = "https://docs.aws.amazon.com/apigateway/latest/api/API_CreateDeployment.html"

var (
	noIntegration = badRequest("No integration defined for method %s", createDeployment)
	noMethods     = badRequest("The REST API doesn't contain any methods", createDeployment)
)

// checkDeployment refuses an API that cannot be deployed as it is now.
func checkDeployment(r *cloud.Request) error {
	api := r.Find(restAPIType, r.Inputs.String("restApi"), r.Region)
	if !r.Created() {
		return nil
	}
	policy := r.Find(restAPIPolicyType, api.ID, r.Region)
	body, _ := readBody(api.Inputs.String("body"))
	if endpointKind(api.Inputs) == "PRIVATE" && policy == nil && !api.Inputs.Has("policy") && body.Policy.IsZero() {
		return badRequest("Private REST API doesn't have a resource policy attached to it",
			"https://github.com/hashicorp/terraform-provider-aws/issues/14290").With()
	}
	if api.Inputs.Has("body") {
		return checkBodyDeployment(body)
	}
	methods := 0
	for _, method := range r.All(methodType) {
		if method.Inputs.String("restApi") != api.ID {
			continue
		}
		methods++
		if r.Find(integrationType, "agi"+strings.TrimPrefix(method.ID, "agm"), r.Region) == nil {
			return noIntegration.With(method.Inputs.String("httpMethod"))
		}
	}
	if methods == 0 {
		return noMethods.With()
	}
	return nil
}

func invokeURL(r *cloud.Request, api, stage string) string {
	return "https://" + api + ".execute-api." + r.Region + ".amazonaws.com/" + stage
}

func stageKind() *cloud.Kind {
	return &cloud.Kind{
		Token:            stageType,
		Replace:          words("restApi stageName"),
		ID:               cloud.JoinedID("ags", "restApi", "stageName"),
		Duplicate:        gatewayConflict("Stage already exists"),
		NotFound:         gatewayNotFound("Stage"),
		References:       map[string]string{"restApi": restAPIType},
		BlocksDeletionOf: map[string]string{"deployment": deploymentType},
		OutputDefaults:   cloud.Props{"webAclArn": ""},
		Check:            checkStage,
		OnCreate: func(r *cloud.Request) error {
			api, stage := r.Inputs.String("restApi"), r.Inputs.String("stageName")
			r.Set("arn", gatewayARN(r, "restapis/"+api+"/stages/"+stage))
			r.Set("executionArn", executionARN(r, api+"/"+stage))
			r.Set("invokeUrl", invokeURL(r, api, stage))
			return nil
		},
		Example: cloud.Example{
			Name:   "stage",
			Inputs: cloud.Props{"deployment": "${deployment}", "restApi": "${api}", "stageName": "v1"},
		},
	}
}

const setUpLogging = "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html"

func checkStage(r *cloud.Request) error {
	id := r.Inputs.String("deployment")
	if r.Find(deploymentType, id, r.Region).Inputs.String("restApi") != r.Inputs.String("restApi") {
		return badRequest("Deployment id %s does not exist in this API", gatewayErrors).With(id)
	}
	logs := r.Inputs.Object("accessLogSettings")
	if logs == nil {
		return nil
	}
	if err := checkLoggingRole(r); err != nil {
		return err
	}
	if arn := strings.TrimSuffix(logs.String("destinationArn"), ":*"); !isLogGroup(r, arn) &&
		!strings.Contains(arn, ":firehose:") {
		return badRequest("Invalid access log destination %s: no such log group", setUpLogging).With(arn)
	}
	return checkLogFormat(logs.String("format"))
}

func isLogGroup(r *cloud.Request, arn string) bool {
	return strings.HasPrefix(arn, "arn:") && r.Find(logGroupType, arn, r.Region) != nil
}

func checkLoggingRole(r *cloud.Request) error {
	if account := r.Find(gatewayAccountType, "api-gateway-account", r.Region); account == nil ||
		account.Output("cloudwatchRoleArn") == "" {
		return badRequest("CloudWatch Logs role ARN must be set in account settings to enable logging",
			setUpLogging).With()
	}
	return nil
}

func checkLogFormat(format string) error {
	if strings.Contains(strings.TrimSuffix(format, "\n"), "\n") {
		return badRequest(
			"Access Log format must be single line, new line character is allowed only at end of the format: %q",
			setUpLogging).With(format)
	}
	if !strings.Contains(format, "$context.requestId") && !strings.Contains(format, "$context.extendedRequestId") {
		return badRequest("Access Log format must contain $context.requestId or $context.extendedRequestId: %q",
			setUpLogging).With(format)
	}
	return nil
}

func findStage(r *cloud.Request, api, stage string) *cloud.Object {
	return r.Find(stageType, "ags-"+api+"-"+stage, r.Region)
}

func methodSettingsKind() *cloud.Kind {
	return &cloud.Kind{
		Token:      methodSettingsType,
		Replace:    words("methodPath restApi stageName"),
		Upsert:     true,
		ID:         cloud.JoinedID("", "restApi", "stageName", "methodPath"),
		References: map[string]string{"restApi": restAPIType},
		Check:      checkMethodSettings,
		Example: cloud.Example{
			Name: "settings",
			Inputs: cloud.Props{
				"methodPath": "*/*", "restApi": "${api}", "settings": cloud.Props{"loggingLevel": "OFF"},
				"stageName": "v1",
			},
			After: []string{"stage"},
		},
	}
}

func checkMethodSettings(r *cloud.Request) error {
	if findStage(r, r.Inputs.String("restApi"), r.Inputs.String("stageName")) == nil {
		return gatewayNotFound("stage").With(r.Inputs.String("stageName"))
	}
	if level := r.Inputs.Object("settings").StringOr("loggingLevel", "OFF"); level != "OFF" {
		return checkLoggingRole(r)
	}
	return nil
}

func gatewayAccountKind() *cloud.Kind {
	return &cloud.Kind{
		Token:     gatewayAccountType,
		Defaults:  cloud.Props{"resetOnDelete": false},
		Singleton: true,
		Upsert:    true,
		ID:        func(*cloud.Request) string { return "api-gateway-account" },
		OutputDefaults: cloud.Props{"apiKeyVersion": "4", "cloudwatchRoleArn": "", "features": []any{"UsagePlans"},
			"throttleSettings": []any{map[string]any{"burstLimit": 5000, "rateLimit": 10000}}},
		References:      map[string]string{"cloudwatchRoleArn": roleType},
		ReferenceErrors: map[string]cloud.Refusal{"cloudwatchRoleArn": unusableLogRole},
		Check:           checkGatewayAccount,
		OnDelete: func(r *cloud.Request) {
			if r.Inputs.Bool("resetOnDelete") {
				delete(r.Inputs, "cloudwatchRoleArn")
			}
		},
		Example: cloud.Example{
			Name:   "account",
			Inputs: cloud.Props{"cloudwatchRoleArn": "${gateway role.arn}"},
			After:  []string{"attached policy"},
		},
	}
}

var unusableLogRole = badRequest(
	"The role ARN does not have required permissions configured. Please grant trust permission for API Gateway "+
		"and add the required role policy. (%s)",
	setUpLogging,
)

func checkGatewayAccount(r *cloud.Request) error {
	arn := r.Inputs.String("cloudwatchRoleArn")
	if arn == "" {
		return nil
	}
	role := r.Find(roleType, arn, "")
	if !allows(role.Inputs.String("assumeRolePolicy"), "apigateway.amazonaws.com", "sts:AssumeRole") ||
		!hasPolicies(r, role) {
		return unusableLogRole.With(arn)
	}
	return nil
}
