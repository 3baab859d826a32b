package components

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// accessLogFormat is one JSON object in one line, as CloudWatch Logs Insights
// reads it. API Gateway requires the request id in it.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
const accessLogFormat = `{"requestId":"$context.requestId","ip":"$context.identity.sourceIp",` +
	`"caller":"$context.identity.caller","user":"$context.identity.user","requestTime":"$context.requestTime",` +
	`"httpMethod":"$context.httpMethod","resourcePath":"$context.resourcePath","status":"$context.status",` +
	`"protocol":"$context.protocol","responseLength":"$context.responseLength"}`

// ApiStageArgs describes how an API is deployed. All fields but After are
// required.
type ApiStageArgs struct {
	RestApiId        pulumi.StringInput
	StageName        string
	LoggingLevel     string // Of execution logs: OFF, ERROR or INFO.
	LogRetentionDays int    // Of access and execution logs.
	// Contents are what a deployment takes a snapshot of, by name: a change of
	// any value cuts a new deployment. AWS ignores changes until then.
	Contents map[string]pulumi.StringInput
	After    []pulumi.Resource // What must exist before the snapshot, or before the stage can log.
}

// ApiStage is a deployment of a REST API, cut anew whenever its contents
// change, and the stage that serves it, with access logs and metrics.
type ApiStage struct {
	pulumi.ResourceState

	StageName      pulumi.StringOutput
	InvokeUrl      pulumi.StringOutput
	AccessLogGroup pulumi.StringOutput // Name of the log group.
}

var apiStageType = typeToken("ApiStage")

// NewApiStage registers the deployment, the stage and its logs.
func NewApiStage(ctx *pulumi.Context, name string, args *ApiStageArgs, opts ...pulumi.ResourceOption) (*ApiStage, error) {
	c := &ApiStage{}
	if err := ctx.RegisterComponentResourceV2(apiStageType, name, pulumi.Map{"stageName": pulumi.String(args.StageName)}, c, opts...); err != nil {
		return nil, err
	}
	child, after := pulumi.Parent(c), dependsOn(args.After)
	deployment, err := apigateway.NewDeployment(ctx, name+"-deployment", &apigateway.DeploymentArgs{
		RestApi:  args.RestApiId,
		Triggers: args.triggers(),
	}, child, after)
	if err != nil {
		return nil, failed("ApiStage", name, "deployment", err)
	}
	logs, err := cloudwatch.NewLogGroup(ctx, name+"-access", &cloudwatch.LogGroupArgs{RetentionInDays: pulumi.Int(args.LogRetentionDays)}, child)
	if err != nil {
		return nil, failed("ApiStage", name, "access log group", err)
	}
	settingsAfter, err := args.newExecutionLogs(ctx, name, child)
	if err != nil {
		return nil, failed("ApiStage", name, "execution log group", err)
	}
	stage, err := apigateway.NewStage(ctx, name+"-stage", &apigateway.StageArgs{
		RestApi:           args.RestApiId,
		Deployment:        deployment.ID(),
		StageName:         pulumi.String(args.StageName),
		AccessLogSettings: &apigateway.StageAccessLogSettingsArgs{DestinationArn: logs.Arn, Format: pulumi.String(accessLogFormat)},
	}, child, after)
	if err != nil {
		return nil, failed("ApiStage", name, "stage", err)
	}
	if _, err := apigateway.NewMethodSettings(ctx, name+"-settings", &apigateway.MethodSettingsArgs{
		RestApi:    args.RestApiId,
		StageName:  stage.StageName,
		MethodPath: pulumi.String("*/*"),
		Settings:   &apigateway.MethodSettingsSettingsArgs{LoggingLevel: pulumi.String(args.LoggingLevel), MetricsEnabled: pulumi.Bool(true)},
	}, child, pulumi.DependsOn(settingsAfter)); err != nil {
		return nil, failed("ApiStage", name, "method settings", err)
	}
	c.StageName, c.InvokeUrl, c.AccessLogGroup = stage.StageName, stage.InvokeUrl, logs.Name
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"stageName": c.StageName, "invokeUrl": c.InvokeUrl})
}

// newExecutionLogs registers the log group that API Gateway would else create
// itself, without a retention and outside the stack.
// https://github.com/hashicorp/terraform-provider-aws/issues/8413
func (args *ApiStageArgs) newExecutionLogs(ctx *pulumi.Context, name string, child pulumi.ResourceOption) ([]pulumi.Resource, error) {
	if args.LoggingLevel == "OFF" {
		return nil, nil
	}
	logs, err := cloudwatch.NewLogGroup(ctx, name+"-execution", &cloudwatch.LogGroupArgs{
		Name:            pulumi.Sprintf("API-Gateway-Execution-Logs_%s/%s", args.RestApiId, args.StageName),
		RetentionInDays: pulumi.Int(args.LogRetentionDays),
	}, child)
	return []pulumi.Resource{logs}, err
}

// triggers are hashes: a policy has thousands of characters, and a diff should
// name what changed without repeating it.
func (args *ApiStageArgs) triggers() pulumi.StringMap {
	triggers := pulumi.StringMap{}
	for name, content := range args.Contents {
		triggers[name] = content.ToStringOutput().ApplyT(digest).(pulumi.StringOutput)
	}
	return triggers
}

func digest(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}
