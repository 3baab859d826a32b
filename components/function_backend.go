package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

var _ Backend = (*Function)(nil)

func (c *Function) describe() pulumi.StringOutput { return c.InvokeArn }

func (c *Function) integrate(_ string, integration *apigateway.IntegrationArgs) {
	integration.Type = pulumi.String("AWS_PROXY")
	integration.IntegrationHttpMethod = pulumi.String("POST") // Lambda takes no other.
	integration.Uri = c.InvokeArn
}

func (c *Function) open(ctx *pulumi.Context, name string, api *apigateway.RestApi, child pulumi.ResourceOption) ([]pulumi.Resource, error) {
	permission, err := lambda.NewPermission(ctx, name+"-permission", &lambda.PermissionArgs{
		Action:    pulumi.String("lambda:InvokeFunction"),
		Principal: pulumi.String("apigateway.amazonaws.com"),
		Function:  c.Name,
		SourceArn: pulumi.Sprintf("%s/*/*", api.ExecutionArn), // Without it any API of anyone may invoke.
	}, child)
	return []pulumi.Resource{permission}, err
}
