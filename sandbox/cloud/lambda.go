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

func invalidParameter(message, source string) Refusal {
	return Refusal{"InvalidParameterValueException", message, source}
}

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
		Unsettles: map[string][]string{"code": words("codeSha256 lastModified sourceCodeHash sourceCodeSize")},
		Autoname:  Autoname{Property: "name", MaxLen: 64},
		id:        ownName,
		duplicate: Refusal{"ResourceConflictException", "Function already exist: %s", lambdaErrors},
		missing:   Refusal{"ResourceNotFoundException", "Function not found: %s", lambdaErrors},
		holds:     map[string]string{"vpcConfig.subnetIds[]": subnetType, "vpcConfig.securityGroupIds[]": securityGroupType},
		refs:      map[string]string{"role": roleType},
		arns:      words("role"),
		absent: map[string]Refusal{
			"role":                         invalidParameter("The role defined for the function cannot be assumed by Lambda: %s", lambdaErrors),
			"vpcConfig.subnetIds[]":        invalidParameter("Error occurred while DescribeSubnets. The subnet ID '%s' does not exist", lambdaErrors),
			"vpcConfig.securityGroupIds[]": invalidParameter("Error occurred while DescribeSecurityGroups. The security group '%s' does not exist", lambdaErrors),
		},
		fills: props{"architectures": []any{"x86_64"}, "ephemeralStorage": map[string]any{"size": 512.0}, "signingJobArn": "",
			"signingProfileVersionArn": "", "tracingConfig": map[string]any{"mode": "PassThrough"}, "version": "$LATEST"},
		check:  inOrder(functionCheck, functionNetworkCheck, functionFamilyCheck),
		born:   functionBorn,
		derive: functionDerive,
	}
}

func functionCheck(c *call) error {
	role := c.find(roleType, c.in().str("role"), "")
	if !allows(role.Inputs.str("assumeRolePolicy"), "lambda.amazonaws.com", "sts:AssumeRole") {
		return invalidParameter("The role defined for the function cannot be assumed by Lambda: %s", lambdaErrors).with(c.in().str("role"))
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

const functionInVPC = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"

func functionNetworkCheck(c *call) error {
	config := c.in().object("vpcConfig")
	subnets, groups := config.strings("subnetIds"), config.strings("securityGroupIds")
	if (len(subnets) == 0) != (len(groups) == 0) {
		return invalidParameter("SubnetIds and SecurityIds must coexist or be both empty list.", functionInVPC).with()
	}
	if len(subnets) == 0 {
		return nil
	}
	vpc := c.find(subnetType, subnets[0], c.region).Inputs.str("vpcId")
	for _, id := range subnets {
		if c.find(subnetType, id, c.region).Inputs.str("vpcId") != vpc {
			return invalidParameter("Subnets are required to be in the same VPC: %s is not in %s", functionInVPC).with(id, vpc)
		}
	}
	for _, id := range groups {
		if c.lookup(securityGroupType, id).Inputs.str("vpcId") != vpc {
			return invalidParameter("Security Groups are required to be in the same VPC: %s is not in %s", functionInVPC).with(id, vpc)
		}
	}
	if !c.permits(c.find(roleType, c.in().str("role"), ""), "ec2:CreateNetworkInterface") {
		return invalidParameter("The provided execution role does not have permissions to call CreateNetworkInterface on EC2", functionInVPC).with()
	}
	return nil
}

// functionFamilyCheck: IPv6 needs it in every subnet.
func functionFamilyCheck(c *call) error {
	config := c.in().object("vpcConfig")
	for _, id := range config.strings("subnetIds") {
		if config.flag("ipv6AllowedForDualStack") && !c.find(subnetType, id, c.region).Inputs.has("ipv6CidrBlock") {
			return invalidParameter("Ipv6AllowedForDualStack requires dual-stack subnets: %s has no IPv6 CIDR block", functionInVPC).with(id)
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
	delete(c.obj.Computed, "vpcConfig")
	if config := c.in().object("vpcConfig"); len(config.strings("subnetIds")) > 0 {
		vpc := c.find(subnetType, config.strings("subnetIds")[0], c.region).Inputs.str("vpcId")
		c.set("vpcConfig", map[string]any{"subnetIds": config["subnetIds"], "securityGroupIds": config["securityGroupIds"],
			"ipv6AllowedForDualStack": config.flag("ipv6AllowedForDualStack"), "vpcId": vpc})
	}
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
		// as it is imported; the provider's own id is that of the statement,
		// which another function's policy may have as well
		id: func(c *call) string { return c.function(c.in().str("function")).ID + "/" + ownName(c) },
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
