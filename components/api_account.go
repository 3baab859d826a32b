package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ApiAccountArgs describes where the account is. Its field is required.
type ApiAccountArgs struct{ Partition string }

// ApiAccount lets API Gateway write to CloudWatch Logs. An account has one such
// setting per region, for all of its APIs: destroying the stack that owns it
// turns off the logs of every API there.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
type ApiAccount struct {
	pulumi.ResourceState
	childTracker
}

const apiAccountType = typePrefix + "ApiAccount"

// NewApiAccount registers the role and the account's setting.
func NewApiAccount(
	ctx *pulumi.Context, name string, args *ApiAccountArgs, opts ...pulumi.ResourceOption,
) (*ApiAccount, error) {
	c := &ApiAccount{}
	err := ctx.RegisterComponentResourceV2(apiAccountType, name, pulumi.Map{}, c, append(opts, c.track())...)
	if err != nil {
		return nil, err
	}
	s := scopeOf(ctx, name, c)
	const managedPolicy = "AmazonAPIGatewayPushToCloudWatchLogs"
	role, attached, err := newServiceRole(s, "apigateway.amazonaws.com", args.Partition, managedPolicy)
	if err != nil {
		return nil, failed("ApiAccount", name, "role", err)
	}
	if _, err := apigateway.NewAccount(ctx, name+"-account", &apigateway.AccountArgs{
		CloudwatchRoleArn: role.Arn,
		// Otherwise the setting would name a deleted role. The provider's next major
		// version always resets it, which is why the argument is deprecated.
		ResetOnDelete: pulumi.Bool(true), //nolint:staticcheck // Needed until then.
	}, s.child, pulumi.DependsOn([]pulumi.Resource{attached})); err != nil {
		return nil, failed("ApiAccount", name, "account", err)
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}
