package catalog

import (
	"strings"
	"time"

	"private-api-blueprints/sandbox/cloud"
)

const (
	functionType   = "aws:lambda/function:Function"
	permissionType = "aws:lambda/permission:Permission"
)

// lambdaErrors is the page that most refusals of this service come from.
const lambdaErrors = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html"

func invalidParameter(message, source string) cloud.Refusal {
	return cloud.NewRefusal("InvalidParameterValueException", message, source)
}

func functionKind() *cloud.Kind {
	return &cloud.Kind{
		Token:         functionType,
		ComputedLists: words("architectures"),
		Replace:       words("name packageType"),
		Sets:          words("architectures"),
		Constraints: []cloud.Constraint{
			arnAt("role"), cloud.OneOf("packageType", "Zip", "Image"),
			cloud.OneOf("architectures[]", "x86_64", "arm64"),
		},
		ExactlyOne: [][]string{words("code imageUri s3Bucket")},
		Defaults: cloud.Props{
			"memorySize": 128, "packageType": "Zip", "publish": false, "reservedConcurrentExecutions": -1,
			"skipDestroy": false, "timeout": 3,
		},
		Invalidates: map[string][]string{"code": words("codeSha256 lastModified sourceCodeHash sourceCodeSize")},
		Autoname:    cloud.Autoname{Property: "name", MaxLen: 64},
		ID:          (*cloud.Request).Name,
		Duplicate:   cloud.NewRefusal("ResourceConflictException", "Function already exist: %s", lambdaErrors),
		NotFound:    cloud.NewRefusal("ResourceNotFoundException", "Function not found: %s", lambdaErrors),
		BlocksDeletionOf: map[string]string{
			"vpcConfig.subnetIds[]": subnetType, "vpcConfig.securityGroupIds[]": securityGroupType,
		},
		References: map[string]string{"role": roleType},
		ARNPaths:   words("role"),
		ReferenceErrors: map[string]cloud.Refusal{
			"role": invalidParameter("The role defined for the function cannot be assumed by Lambda: %s",
				lambdaErrors),
			"vpcConfig.subnetIds[]": invalidParameter(
				"Error occurred while DescribeSubnets. The subnet ID '%s' does not exist", lambdaErrors),
			"vpcConfig.securityGroupIds[]": invalidParameter(
				"Error occurred while DescribeSecurityGroups. The security group '%s' does not exist", lambdaErrors),
		},
		OutputDefaults: cloud.Props{
			"architectures": []any{"x86_64"}, "ephemeralStorage": map[string]any{"size": 512}, "signingJobArn": "",
			"signingProfileVersionArn": "", "tracingConfig": map[string]any{"mode": "PassThrough"},
			"version": "$LATEST",
		},
		Check:    cloud.InOrder(checkFunction, checkConcurrency, checkFunctionNetwork, checkFunctionFamily),
		OnCreate: functionOnCreate,
		Compute:  functionCompute,
		OnDelete: func(r *cloud.Request) { leaveInterfaces(r, r.Inputs, nil) },
		Example: cloud.Example{
			Name: "function",
			Inputs: cloud.Props{
				"code": "hash", "memorySize": 128, "name": "hello", "role": "${role.arn}", "timeout": 3,
			},
		},
	}
}

func checkFunction(r *cloud.Request) error {
	role := r.Find(roleType, r.Inputs.String("role"), "")
	if !allows(role.Inputs.String("assumeRolePolicy"), "lambda.amazonaws.com", "sts:AssumeRole") {
		return invalidParameter("The role defined for the function cannot be assumed by Lambda: %s",
			lambdaErrors).With(r.Inputs.String("role"))
	}
	if r.Inputs.Object("tracingConfig").String("mode") == "Active" && !roleAllows(r, role, "xray:PutTraceSegments") {
		return invalidParameter(
			"The provided execution role does not have permissions to call PutTraceSegments on XRAY",
			"https://github.com/aws/serverless-application-model/issues/225").With()
	}
	for _, limit := range []struct {
		key      string
		min, max int
	}{{"timeout", 1, 900}, {"memorySize", 128, 10240}} {
		if n := r.Inputs.Int(limit.key); r.Inputs.Has(limit.key) && (n < limit.min || n > limit.max) {
			return cloud.NewRefusal(
				"ValidationException",
				"1 validation error detected: Value '%d' at '%s' failed to satisfy constraint: Member must be "+
					"between %d and %d",
				lambdaErrors,
			).With(n, limit.key, limit.min, limit.max)
		}
	}
	return nil
}

// The concurrency of an account, and the part of it that no function can reserve.
const accountConcurrency, unreservedConcurrency = 1000, 100

// checkConcurrency refuses a reservation that leaves the account's other functions
// too little.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
func checkConcurrency(r *cloud.Request) error {
	own := r.Inputs.Int("reservedConcurrentExecutions")
	reserved := max(0, own)
	for _, other := range r.Others(functionType) {
		reserved += max(0, other.Inputs.Int("reservedConcurrentExecutions"))
	}
	if own <= 0 || accountConcurrency-reserved >= unreservedConcurrency {
		return nil
	}
	return invalidParameter("Specified ReservedConcurrentExecutions for function decreases account's "+
		"UnreservedConcurrentExecution below its minimum value of [%d].",
		"https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html").With(unreservedConcurrency)
}

const functionInVPC = "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html"

func checkFunctionNetwork(r *cloud.Request) error {
	config := r.Inputs.Object("vpcConfig")
	subnets, groups := config.Strings("subnetIds"), config.Strings("securityGroupIds")
	if (len(subnets) == 0) != (len(groups) == 0) {
		return invalidParameter("SubnetIds and SecurityIds must coexist or be both empty list.", functionInVPC).With()
	}
	if len(subnets) == 0 {
		return nil
	}
	vpc := r.Find(subnetType, subnets[0], r.Region).Inputs.String("vpcId")
	for _, id := range subnets {
		if r.Find(subnetType, id, r.Region).Inputs.String("vpcId") != vpc {
			return invalidParameter("Subnets are required to be in the same VPC: %s is not in %s",
				functionInVPC).With(id, vpc)
		}
	}
	for _, id := range groups {
		if r.Lookup(securityGroupType, id).Inputs.String("vpcId") != vpc {
			return invalidParameter("Security Groups are required to be in the same VPC: %s is not in %s",
				functionInVPC).With(id, vpc)
		}
	}
	if !roleAllows(r, r.Find(roleType, r.Inputs.String("role"), ""), "ec2:CreateNetworkInterface") {
		return invalidParameter(
			"The provided execution role does not have permissions to call CreateNetworkInterface on EC2",
			functionInVPC).With()
	}
	return nil
}

// checkFunctionFamily refuses IPv6 unless every subnet has it.
func checkFunctionFamily(r *cloud.Request) error {
	config := r.Inputs.Object("vpcConfig")
	for _, id := range config.Strings("subnetIds") {
		if config.Bool("ipv6AllowedForDualStack") && !r.Find(subnetType, id, r.Region).Inputs.Has("ipv6CidrBlock") {
			return invalidParameter("Ipv6AllowedForDualStack requires dual-stack subnets: %s has no IPv6 CIDR block",
				functionInVPC).With(id)
		}
	}
	return nil
}

func functionOnCreate(r *cloud.Request) error {
	arn := r.ARN("lambda", "function:"+r.Object.ID)
	r.Set("arn", arn)
	r.Set("invokeArn", invokeARN(r.Region, arn))
	r.Set("qualifiedArn", arn+":$LATEST")
	r.Set("qualifiedInvokeArn", invokeARN(r.Region, arn+":$LATEST"))
	return nil
}

// invokeARN returns the URI of a Lambda integration.
// https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
func invokeARN(region, function string) string {
	return "arn:aws:apigateway:" + region + ":lambda:path/2015-03-31/functions/" + function + "/invocations"
}

func functionCompute(r *cloud.Request) error {
	r.Set("lastModified", time.Now().UTC().Format("2006-01-02T15:04:05.000+0000"))
	r.Set("codeSha256", r.Inputs.String("code"))
	r.SetDefault("sourceCodeHash", r.Inputs.String("code"))
	r.Set("sourceCodeSize", 0)
	r.SetDefault("loggingConfig", map[string]any{"logFormat": "Text", "logGroup": "/aws/lambda/" + r.Object.ID})
	leaveInterfaces(r, r.Old, r.Inputs)
	r.Unset("vpcConfig")
	if config := r.Inputs.Object("vpcConfig"); len(config.Strings("subnetIds")) > 0 {
		vpc := r.Find(subnetType, config.Strings("subnetIds")[0], r.Region).Inputs.String("vpcId")
		r.Set("vpcConfig", map[string]any{
			"subnetIds": config["subnetIds"], "securityGroupIds": config["securityGroupIds"],
			"ipv6AllowedForDualStack": config.Bool("ipv6AllowedForDualStack"), "vpcId": vpc,
		})
	}
	return nil
}

func permissionKind() *cloud.Kind {
	return &cloud.Kind{
		Token: permissionType,
		Replace: words(`action eventSourceToken function functionUrlAuthType principal principalOrgId qualifier
			sourceAccount sourceArn statementId statementIdPrefix`),
		Autoname: cloud.Autoname{Property: "statementId", MaxLen: 100},
		// As it is imported. The provider's own ID is that of the statement, which
		// another function's policy may have too.
		ID: func(r *cloud.Request) string { return findFunction(r, r.Inputs.String("function")).ID + "/" + r.Name() },
		Duplicate: cloud.NewRefusal("ResourceConflictException",
			"The statement id (%s) provided already exists.",
			"https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html"),
		OutputDefaults: cloud.Props{"statementIdPrefix": ""},
		Check:          checkPermission,
		Example: cloud.Example{
			Name: "permission",
			Inputs: cloud.Props{
				"action": "lambda:InvokeFunction", "function": "${function.arn}",
				"principal": "apigateway.amazonaws.com", "statementId": "one",
			},
		},
	}
}

func checkPermission(r *cloud.Request) error {
	if ref := r.Inputs.String("function"); findFunction(r, ref) == nil {
		return cloud.NewRefusal("ResourceNotFoundException",
			"Function not found: %s",
			"https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html").With(ref)
	}
	return nil
}

// findFunction returns a function by name or ARN, with or without a qualifier,
// or nil.
func findFunction(r *cloud.Request, ref string) *cloud.Object {
	if parts := strings.Split(ref, ":"); len(parts) >= 7 {
		ref = parts[6]
	}
	return r.Find(functionType, ref, r.Region)
}
