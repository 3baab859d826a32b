package cloud

import (
	"strings"
	"time"
)

const (
	functionType   = "aws:lambda/function:Function"
	permissionType = "aws:lambda/permission:Permission"
)

func lambdaKinds() []*Kind { return []*Kind{functionKind(), permissionKind()} }

func functionKind() *Kind {
	return &Kind{
		Token:    functionType,
		Required: words("role"),
		Optional: words(`architectures code codeSigningConfigArn deadLetterConfig description environment ephemeralStorage
			fileSystemConfig handler imageConfig imageUri kmsKeyArn layers loggingConfig memorySize name packageType
			publish replaceSecurityGroupsOnDestroy replacementSecurityGroupIds reservedConcurrentExecutions runtime
			s3Bucket s3Key s3ObjectVersion skipDestroy snapStart sourceCodeHash tags timeout tracingConfig vpcConfig`),
		Computed: words(`architectures arn codeSha256 ephemeralStorage invokeArn lastModified loggingConfig qualifiedArn
			qualifiedInvokeArn signingJobArn signingProfileVersionArn sourceCodeHash sourceCodeSize tracingConfig version`),
		Replace: words("name packageType"),
		Sets:    words("architectures"),
		Defaults: props{"memorySize": 128.0, "packageType": "Zip", "publish": false, "reservedConcurrentExecutions": -1.0,
			"skipDestroy": false, "timeout": 3.0},
		Autoname:  Autoname{Property: "name", MaxLen: 64},
		id:        ownName,
		duplicate: Refusal{"ResourceConflictException", "Function already exist: %s", lambdaErrors},
		missing:   Refusal{"ResourceNotFoundException", "Function not found: %s", lambdaErrors},
		holds:     map[string]string{"vpcConfig.subnetIds[]": subnetType, "vpcConfig.securityGroupIds[]": securityGroupType},
		refs:      map[string]string{"role": roleType},
		absent: map[string]Refusal{"role": {"InvalidParameterValueException",
			"The role defined for the function cannot be assumed by Lambda: %s",
			lambdaErrors}},
		fills: props{"architectures": []any{"x86_64"}, "ephemeralStorage": map[string]any{"size": 512.0}, "signingJobArn": "",
			"signingProfileVersionArn": "", "tracingConfig": map[string]any{"mode": "PassThrough"}, "version": "$LATEST"},
		check:  functionCheck,
		born:   functionBorn,
		derive: functionDerive,
	}
}

func functionCheck(c *call) error {
	role := c.find(roleType, c.in().str("role"), "")
	if !allows(role.Inputs.str("assumeRolePolicy"), "lambda.amazonaws.com", "sts:AssumeRole") {
		return Refusal{"InvalidParameterValueException",
			"The role defined for the function cannot be assumed by Lambda: %s",
			lambdaErrors}.with(c.in().str("role"))
	}
	for _, limit := range []struct {
		key      string
		min, max int
	}{{"timeout", 1, 900}, {"memorySize", 128, 10240}} {
		if n := c.in().number(limit.key); c.in().has(limit.key) && (n < limit.min || n > limit.max) {
			return Refusal{"ValidationException",
				"1 validation error detected: Value '%d' at '%s' failed to satisfy constraint: Member must be between %d and %d",
				lambdaErrors}.with(n, limit.key, limit.min, limit.max)
		}
	}
	return nil
}

func functionBorn(c *call) error {
	arn := c.arn("lambda", "function:"+c.obj.ID)
	c.set("arn", arn)
	c.set("invokeArn", invokeARN(c.region, arn))
	c.set("qualifiedArn", arn+":$LATEST")
	c.set("qualifiedInvokeArn", invokeARN(c.region, arn+":$LATEST"))
	return nil
}

// invokeARN is the uri of a Lambda integration.
// https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
func invokeARN(region, function string) string {
	return "arn:aws:apigateway:" + region + ":lambda:path/2015-03-31/functions/" + function + "/invocations"
}

func functionDerive(c *call) error {
	c.set("lastModified", time.Now().UTC().Format("2006-01-02T15:04:05.000+0000"))
	c.set("codeSha256", c.in().str("code"))
	c.fill("sourceCodeHash", c.in().str("code"))
	c.set("sourceCodeSize", 0)
	c.fill("loggingConfig", map[string]any{"logFormat": "Text", "logGroup": "/aws/lambda/" + c.obj.ID})
	return nil
}

func permissionKind() *Kind {
	return &Kind{
		Token:    permissionType,
		Required: words("action function principal"),
		Optional: words(`eventSourceToken functionUrlAuthType principalOrgId qualifier sourceAccount sourceArn statementId
			statementIdPrefix`),
		Computed: words("statementId statementIdPrefix"),
		Replace: words(`action eventSourceToken function functionUrlAuthType principal principalOrgId qualifier
			sourceAccount sourceArn statementId statementIdPrefix`),
		Autoname: Autoname{Property: "statementId", MaxLen: 100},
		id:       ownName,
		duplicate: Refusal{"ResourceConflictException",
			"The statement id (%s) provided already exists.",
			"https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html"},
		fills: props{"statementIdPrefix": ""},
		check: permissionCheck,
	}
}

func permissionCheck(c *call) error {
	if ref := c.in().str("function"); c.function(ref) == nil {
		return Refusal{"ResourceNotFoundException",
			"Function not found: %s",
			"https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html"}.with(ref)
	}
	return nil
}

// function finds a function by name or ARN, with or without a qualifier.
func (c *call) function(ref string) *Object {
	if parts := strings.Split(ref, ":"); len(parts) >= 7 {
		ref = parts[6]
	}
	return c.find(functionType, ref, c.region)
}
