package components

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// accessLogFormat is one JSON object on one line, which CloudWatch Logs Insights
// parses. API Gateway requires the request ID in it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
//
// All values are in quotes, because API Gateway writes a bare hyphen for a
// variable without a value. Therefore the message of an error is error.message:
// error.messageString brings its own quotes if there is an error, but without one
// it leaves the hyphen outside of quotes, and the line is no JSON.
//
// API Gateway escapes nothing. Texts that a client can influence come first, so
// that a client can at worst spoil its own line: it cannot replace a later field.
// https://github.com/DataBiosphere/azul/issues/4348
var accessLogFormat = jsonLine([]logField{
	{"userAgent", "identity.userAgent"},
	{"errorMessage", "error.message"},
	{"requestId", "requestId"},
	{"extendedRequestId", "extendedRequestId"},
	{"requestTime", "requestTime"},
	{"apiId", "apiId"},
	{"domainName", "domainName"},
	{"ip", "identity.sourceIp"},
	{"vpcId", "identity.vpcId"},
	{"vpceId", "identity.vpceId"},
	{"caller", "identity.caller"},
	{"user", "identity.user"},
	{"apiKeyId", "identity.apiKeyId"},
	{"httpMethod", "httpMethod"},
	{"resourcePath", "resourcePath"},
	{"protocol", "protocol"},
	{"status", "status"},
	{"errorType", "error.responseType"},
	{"authorizerError", "authorizer.error"},
	{"integrationError", "integrationErrorMessage"},
	{"integrationStatus", "integration.status"},
	{"integrationLatency", "integration.latency"},
	{"responseLatency", "responseLatency"},
	{"responseLength", "responseLength"},
})

// logField is a field of a line of the access log and the variable that it has.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
type logField struct{ name, variable string }

// jsonLine returns the format of a log with these fields, in this order.
func jsonLine(fields []logField) string {
	members := make([]string, len(fields))
	for i, f := range fields {
		members[i] = fmt.Sprintf(`"%s":"$context.%s"`, f.name, f.variable)
	}
	return "{" + strings.Join(members, ",") + "}"
}

// LoggingLevel says what a stage writes to its execution logs.
type LoggingLevel string

// The levels of execution logs.
const (
	LoggingOff   LoggingLevel = "OFF"
	LoggingError LoggingLevel = "ERROR"
	LoggingInfo  LoggingLevel = "INFO"
)

// StageArgs describes the stage of an API. All fields except Tracing,
// WebAclArn, LogKmsKeyArn and DependsOn are required.
type StageArgs struct {
	StageName        string
	LoggingLevel     LoggingLevel
	LogRetentionDays int // How long access and execution logs are kept.
	// RateLimit is how many requests per second each method serves, and BurstLimit
	// is how many more it serves at a peak. Without them, one client may use up the
	// limits of the account, which all of its APIs share.
	// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
	RateLimit, BurstLimit int
	Tracing               bool   // Whether X-Ray traces requests.
	WebAclArn             string // A web ACL of AWS WAF; empty for none.
	LogKmsKeyArn          string // A key that encrypts the logs; empty for those of CloudWatch Logs.

	DependsOn []pulumi.Resource // What must exist before the stage can log, such as an ApiAccount.
}

// apiStageArgs describes a stage and the deployment that it serves.
type apiStageArgs struct {
	StageArgs
	restApiId pulumi.StringInput
	// snapshot is what a deployment contains, by name. A change of any value cuts
	// a new deployment: AWS serves no change of an API until then.
	snapshot map[string]pulumi.StringInput
	after    []pulumi.Resource // What must exist before the snapshot is taken.
}

// apiStage is a deployment of a REST API, which is cut again whenever its
// snapshot changes, and the stage that serves it, with access logs and metrics.
type apiStage struct {
	pulumi.ResourceState

	stageName      pulumi.StringOutput
	invokeUrl      pulumi.StringOutput
	accessLogGroup pulumi.StringOutput // Name of the log group.
}

const apiStageType = typePrefix + "ApiStage"

// newApiStage registers the deployment, the stage, its logs and its settings.
func newApiStage(
	ctx *pulumi.Context, name string, args *apiStageArgs, opts ...pulumi.ResourceOption,
) (*apiStage, error) {
	c := &apiStage{}
	inputs := pulumi.Map{"stageName": pulumi.String(args.StageName)}
	if err := ctx.RegisterComponentResourceV2(apiStageType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	after := dependsOn(slices.Concat(args.StageArgs.DependsOn, args.after))
	deployment, err := apigateway.NewDeployment(ctx, name+"-deployment", &apigateway.DeploymentArgs{
		RestApi:  args.restApiId,
		Triggers: args.triggers(),
	}, s.child, after)
	if err != nil {
		return nil, failed("ApiStage", name, "deployment", err)
	}
	retention := &cloudwatch.LogGroupArgs{
		RetentionInDays: pulumi.Int(args.LogRetentionDays), KmsKeyId: optional(args.LogKmsKeyArn),
	}
	logs, err := cloudwatch.NewLogGroup(ctx, name+"-access", retention, s.child)
	if err != nil {
		return nil, failed("ApiStage", name, "access log group", err)
	}
	stage, err := apigateway.NewStage(ctx, name+"-stage", args.stage(deployment, logs), s.child, after)
	if err != nil {
		return nil, failed("ApiStage", name, "stage", err)
	}
	if err := args.newMethodSettings(s, stage); err != nil {
		return nil, err
	}
	if args.WebAclArn != "" {
		if err := newWebAclAssociation(s, args.WebAclArn, stage.Arn); err != nil {
			return nil, failed("ApiStage", name, "web ACL", err)
		}
	}
	c.stageName, c.invokeUrl, c.accessLogGroup = stage.StageName, stage.InvokeUrl, logs.Name
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"stageName": c.stageName, "invokeUrl": c.invokeUrl})
}

// stage returns a stage that serves a deployment and logs to a log group.
func (args *apiStageArgs) stage(deployment *apigateway.Deployment, logs *cloudwatch.LogGroup) *apigateway.StageArgs {
	return &apigateway.StageArgs{
		RestApi:            args.restApiId,
		Deployment:         deployment.ID(),
		StageName:          pulumi.String(args.StageName),
		XrayTracingEnabled: tracing(args.Tracing),
		AccessLogSettings: &apigateway.StageAccessLogSettingsArgs{
			DestinationArn: logs.Arn,
			Format:         pulumi.String(accessLogFormat),
		},
	}
}

// tracing returns the input for tracing, which is absent unless it is on: stages
// without it stay as they are.
func tracing(on bool) pulumi.BoolPtrInput {
	if !on {
		return nil
	}
	return pulumi.Bool(true)
}

// newMethodSettings registers the log level, the metrics and the throttling of
// all methods.
func (args *apiStageArgs) newMethodSettings(s scope, stage *apigateway.Stage) error {
	logs, err := args.newExecutionLogs(s)
	if err != nil {
		return failed("ApiStage", s.name, "execution log group", err)
	}
	if _, err := apigateway.NewMethodSettings(s.ctx, s.name+"-settings", &apigateway.MethodSettingsArgs{
		RestApi:    args.restApiId,
		StageName:  stage.StageName,
		MethodPath: pulumi.String("*/*"),
		Settings: &apigateway.MethodSettingsSettingsArgs{
			LoggingLevel:         pulumi.String(string(args.LoggingLevel)),
			MetricsEnabled:       pulumi.Bool(true),
			ThrottlingRateLimit:  pulumi.Float64(args.RateLimit),
			ThrottlingBurstLimit: pulumi.Int(args.BurstLimit),
		},
	}, s.child, pulumi.DependsOn(logs)); err != nil {
		return failed("ApiStage", s.name, "method settings", err)
	}
	return nil
}

// newExecutionLogs registers the log group that API Gateway would otherwise
// create itself, without a retention and outside the stack.
// https://github.com/hashicorp/terraform-provider-aws/issues/8413
func (args *apiStageArgs) newExecutionLogs(s scope) ([]pulumi.Resource, error) {
	if args.LoggingLevel == LoggingOff {
		return nil, nil
	}
	logs, err := cloudwatch.NewLogGroup(s.ctx, s.name+"-execution", &cloudwatch.LogGroupArgs{
		Name:            pulumi.Sprintf("API-Gateway-Execution-Logs_%s/%s", args.restApiId, args.StageName),
		RetentionInDays: pulumi.Int(args.LogRetentionDays),
		KmsKeyId:        optional(args.LogKmsKeyArn),
	}, s.child)
	return []pulumi.Resource{logs}, err
}

// triggers returns hashes of the snapshot. A policy has thousands of
// characters, and a diff should name what changed without repeating it.
func (args *apiStageArgs) triggers() pulumi.StringMap {
	triggers := pulumi.StringMap{}
	for name, content := range args.snapshot {
		triggers[name] = content.ToStringOutput().ApplyT(digest).(pulumi.StringOutput)
	}
	return triggers
}

// digest returns the SHA-256 of content in hexadecimal.
func digest(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}
