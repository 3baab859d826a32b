package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

var _ Backend = (*Function)(nil)

// fingerprint returns the ARN by which API Gateway invokes the function.
func (c *Function) fingerprint() pulumi.StringOutput { return c.InvokeArn }

// integrate makes the integration a Lambda proxy integration.
func (c *Function) integrate(_ string, integration *apigateway.IntegrationArgs) {
	integrateFunction(integration, c.InvokeArn)
}

// integrateFunction makes an integration a Lambda proxy integration with the
// function that API Gateway invokes by an ARN.
func integrateFunction(integration *apigateway.IntegrationArgs, invokeArn pulumi.StringInput) {
	integration.Type = pulumi.String("AWS_PROXY")
	integration.IntegrationHttpMethod = pulumi.String("POST") // Lambda accepts no other.
	integration.Uri = invokeArn.ToStringOutput().ToStringPtrOutput()
}

// sourceOf returns the ARN of everything that an API serves. Without it, every API
// of every account may invoke. The ARNs of authorizers, whose first part is
// authorizers, are among them: an OpenAPI document has those.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions-lambda-authorizer.html
func sourceOf(api *apigateway.RestApi) pulumi.StringOutput {
	return pulumi.Sprintf("%s/*/*", api.ExecutionArn)
}

// invokePermission returns the permission of API Gateway to invoke a function for
// a source.
func invokePermission(function, source pulumi.StringInput) *lambda.PermissionArgs {
	return &lambda.PermissionArgs{
		Action:    pulumi.String("lambda:InvokeFunction"),
		Principal: pulumi.String("apigateway.amazonaws.com"),
		Function:  function,
		SourceArn: source.ToStringOutput().ToStringPtrOutput(),
	}
}

// binaryMediaTypes returns none: with a Lambda proxy integration, a body of such
// a type is Base64 on its way to the function and back.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/lambda-proxy-binary-media.html
func (c *Function) binaryMediaTypes() pulumi.StringArrayInput { return nil }

// prepare registers the permission to invoke the function, and returns it.
func (c *Function) prepare(s scope, api *apigateway.RestApi) ([]pulumi.Resource, error) {
	args := invokePermission(c.Name, sourceOf(api))
	permission, err := lambda.NewPermission(s.ctx, s.name+"-permission", args, s.child)
	return []pulumi.Resource{permission}, err
}
