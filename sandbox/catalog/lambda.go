package catalog

import (
	"strings"
	"time"

	"private-api-blueprints/sandbox/cloud"
)

const (
	functionType   = "aws:lambda/function:Function"
	aliasType      = "aws:lambda/alias:Alias"
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
	if err := checkEnvironment(r.Inputs.Object("environment").Object("variables")); err != nil {
		return err
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

// reservedVariables are environment variables that only Lambda sets.
var reservedVariables = words(`_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV
	AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION
	AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY
	AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT
	LAMBDA_RUNTIME_DIR`)

func checkEnvironment(variables cloud.Props) error {
	for _, name := range reservedVariables {
		if variables.Has(name) {
			return invalidParameter("Lambda was unable to configure your environment variables because the "+
				"environment variables you have provided contains reserved keys that are currently not supported for "+
				"modification. Reserved keys used in this request: %s",
				"https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html").With(name)
		}
	}
	return nil
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
	if existed := r.Object.Private.String("lastModified"); existed != "" {
		r.Set("lastModified", existed)
	}
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
	const addPermission = "https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html"
	ref, qualifier := r.Inputs.String("function"), r.Inputs.String("qualifier")
	function := findFunction(r, ref)
	switch {
	case function == nil:
		return noFunction(addPermission, ref)
	case qualifier != "" && !hasQualifier(r, function, qualifier):
		return cloud.NewRefusal("ResourceNotFoundException", "Cannot find alias arn: %s", addPermission).
			With(function.Output("arn") + ":" + qualifier)
	}
	return nil
}

// hasQualifier reports whether a function has a version or an alias.
func hasQualifier(r *cloud.Request, function *cloud.Object, qualifier string) bool {
	return qualifier == function.Output("version") ||
		r.Find(aliasType, function.Output("arn")+":"+qualifier, r.Region) != nil
}

const createAlias = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html"

func aliasKind() *cloud.Kind {
	return &cloud.Kind{
		Token:   aliasType,
		Replace: words("functionName name"),
		ID: func(r *cloud.Request) string {
			return findFunction(r, r.Inputs.String("functionName")).Output("arn") + ":" + r.Inputs.String("name")
		},
		Duplicate: cloud.NewRefusal("ResourceConflictException", "Alias already exists: %s", createAlias),
		NotFound:  cloud.NewRefusal("ResourceNotFoundException", "Cannot find alias arn: %s", createAlias),
		Check: func(r *cloud.Request) error {
			ref, version := r.Inputs.String("functionName"), r.Inputs.String("functionVersion")
			switch function := findFunction(r, ref); {
			case function == nil:
				return noFunction(createAlias, ref)
			case version != "$LATEST" && version != function.Output("version"):
				return noFunction(createAlias, function.Output("arn")+":"+version)
			}
			return nil
		},
		OnCreate: func(r *cloud.Request) error {
			r.Set("arn", r.Object.ID)
			r.Set("invokeArn", invokeARN(r.Region, r.Object.ID))
			return nil
		},
		Example: cloud.Example{
			Name:   "function alias",
			Inputs: cloud.Props{"functionName": "${function.arn}", "functionVersion": "$LATEST", "name": "live"},
		},
	}
}

// getFunction finds a function by its name, with a version or an alias if one is
// given. Settings are lists of one item.
// https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/lambda/function_data_source.go
func getFunction(r *cloud.Request, args cloud.Props) (cloud.Props, error) {
	const source = "https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html"
	ref, qualifier := args.String("functionName"), args.String("qualifier")
	function := findFunction(r, ref)
	if function == nil {
		return nil, noFunction(source, r.ARN("lambda", "function:"+ref))
	}
	if qualifier != "" && !hasQualifier(r, function, qualifier) {
		return nil, noFunction(source, function.Output("arn")+":"+qualifier)
	}
	if qualifier == "" {
		qualifier = function.Output("version")
	}
	out, qualified := function.Outputs(), function.Output("arn")+":"+qualifier
	seen := cloud.Props{
		"id": function.ID, "functionName": function.ID, "qualifiedArn": qualified,
		"qualifiedInvokeArn": invokeARN(r.Region, qualified), "tags": out["tagsAll"],
	}
	for _, key := range words(`architectures arn codeSha256 codeSigningConfigArn description environment handler
		imageUri invokeArn kmsKeyArn lastModified layers memorySize reservedConcurrentExecutions role runtime
		signingJobArn signingProfileVersionArn sourceCodeHash sourceCodeSize timeout tracingConfig version
		deadLetterConfig vpcConfig`) {
		seen[key] = out[key]
	}
	for _, key := range words("ephemeralStorage fileSystemConfig loggingConfig") {
		seen[key+"s"] = []any{}
		if setting := out.Object(key); setting != nil {
			seen[key+"s"] = []any{map[string]any(setting)}
		}
	}
	return seen, nil
}

// noFunction returns what Lambda says about a function that does not exist.
func noFunction(source, name string) error {
	return cloud.NewRefusal("ResourceNotFoundException", "Function not found: %s", source).With(name)
}

// findFunction returns a function by name or ARN, with or without a qualifier,
// or nil.
func findFunction(r *cloud.Request, ref string) *cloud.Object {
	if parts := strings.Split(ref, ":"); len(parts) >= 7 {
		ref = parts[6]
	}
	return r.Find(functionType, ref, r.Region)
}
