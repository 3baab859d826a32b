package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ApiKeyArgs describes the stage that a key gives access to. All fields except
// Quota are required.
type ApiKeyArgs struct {
	RestApiId pulumi.StringInput
	StageName pulumi.StringInput
	Quota     *Quota // Nil for none.
}

// Quota limits the requests with an API key.
type Quota struct {
	Requests int
	Period   string // DAY, WEEK or MONTH.
}

// ApiKey is a key for methods that require one, and the usage plan that ties it
// to a stage. Without a plan, API Gateway accepts a key nowhere. It costs
// nothing.
type ApiKey struct {
	pulumi.ResourceState

	Id pulumi.StringOutput // Not the secret value.
}

const apiKeyType = typePrefix + "ApiKey"

// NewApiKey registers the key, the usage plan and their connection.
func NewApiKey(
	ctx *pulumi.Context, name string, args *ApiKeyArgs, opts ...pulumi.ResourceOption,
) (*ApiKey, error) {
	c := &ApiKey{}
	if err := ctx.RegisterComponentResourceV2(apiKeyType, name, pulumi.Map{}, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	key, err := apigateway.NewApiKey(ctx, name+"-key", &apigateway.ApiKeyArgs{}, child)
	if err != nil {
		return nil, failed("ApiKey", name, "key", err)
	}
	stage := &apigateway.UsagePlanApiStageArgs{ApiId: args.RestApiId, Stage: args.StageName}
	plan, err := apigateway.NewUsagePlan(ctx, name+"-plan", &apigateway.UsagePlanArgs{
		ApiStages:     apigateway.UsagePlanApiStageArray{stage},
		QuotaSettings: args.quota(),
	}, child)
	if err != nil {
		return nil, failed("ApiKey", name, "usage plan", err)
	}
	if _, err := apigateway.NewUsagePlanKey(ctx, name+"-plan-key", &apigateway.UsagePlanKeyArgs{
		KeyId:       key.ID(),
		KeyType:     pulumi.String("API_KEY"),
		UsagePlanId: plan.ID(),
	}, child); err != nil {
		return nil, failed("ApiKey", name, "key of the usage plan", err)
	}
	c.Id = key.ID().ToStringOutput()
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"id": c.Id})
}

// quota returns the quota of the usage plan, which is absent if there is none.
func (args *ApiKeyArgs) quota() apigateway.UsagePlanQuotaSettingsPtrInput {
	if args.Quota == nil {
		return nil
	}
	return &apigateway.UsagePlanQuotaSettingsArgs{
		Limit:  pulumi.Int(args.Quota.Requests),
		Period: pulumi.String(args.Quota.Period),
	}
}
