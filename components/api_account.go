package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ApiAccountArgs says where the account is.
type ApiAccountArgs struct{ Partition string }

// ApiAccount lets API Gateway write to CloudWatch Logs. There is one such
// setting per account and region, for all APIs in it: the stack that has it
// turns the logs of all of them off when it is destroyed.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
type ApiAccount struct {
	pulumi.ResourceState
	parts
}

var apiAccountType = typeToken("ApiAccount")

// NewApiAccount registers the role and the account's setting.
func NewApiAccount(ctx *pulumi.Context, name string, args *ApiAccountArgs, opts ...pulumi.ResourceOption) (*ApiAccount, error) {
	c := &ApiAccount{}
	if err := ctx.RegisterComponentResourceV2(apiAccountType, name, pulumi.Map{}, c, append(opts, c.collect())...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	role, attached, err := newServiceRole(ctx, name, "apigateway.amazonaws.com", args.Partition, "AmazonAPIGatewayPushToCloudWatchLogs", child)
	if err != nil {
		return nil, failed("ApiAccount", name, "role", err)
	}
	if _, err := apigateway.NewAccount(ctx, name+"-account", &apigateway.AccountArgs{
		CloudwatchRoleArn: role.Arn,
		// Else it would name a role that is gone. The provider's next major
		// version does this by itself.
		ResetOnDelete: pulumi.Bool(true),
	}, child, pulumi.DependsOn([]pulumi.Resource{attached})); err != nil {
		return nil, failed("ApiAccount", name, "account", err)
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}
