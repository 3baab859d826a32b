package components

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lambda"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ExistingFunction is a Lambda function that the stack does not create, in the
// stack's region. Only its owner's account can let an API invoke it.
type ExistingFunction struct {
	Environment Environment
	Arn         string // With the alias or the version that the API invokes, if any.
}

var _ Backend = (*ExistingFunction)(nil)

// LookupFunction asks AWS whether a function exists, by its ARN with or without
// an alias or a version.
func LookupFunction(ctx *pulumi.Context, arn string, opts ...pulumi.InvokeOption) error {
	name, qualifier := splitFunctionArn(arn)
	args := &lambda.LookupFunctionArgs{FunctionName: name}
	if qualifier != "" {
		args.Qualifier = &qualifier
	}
	_, err := lambda.LookupFunction(ctx, args, opts...)
	return err
}

// splitFunctionArn returns the name of a function, and the alias or the version
// if its ARN has one.
func splitFunctionArn(arn string) (name, qualifier string) {
	_, rest, _ := strings.Cut(arn, ":function:")
	name, qualifier, _ = strings.Cut(rest, ":")
	return name, qualifier
}

// Foreign reports whether the function belongs to another account.
func (f *ExistingFunction) Foreign() bool {
	return strings.Split(f.Arn, ":")[4] != f.Environment.AccountId
}

// AllowInvoke returns the command by which the owner lets an API invoke the
// function. invokeArn is the ARN of everything that the API serves.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-cross-account-lambda-integrations.html
func (f *ExistingFunction) AllowInvoke(apiId, invokeArn pulumi.StringInput) pulumi.StringOutput {
	return pulumi.Sprintf("aws lambda add-permission --region %s --function-name %s --statement-id api-%s "+
		"--action lambda:InvokeFunction --principal apigateway.amazonaws.com --source-arn %q",
		f.Environment.Region, f.Arn, apiId, pulumi.Sprintf("%s/*", invokeArn))
}

// invokeArn returns the ARN by which API Gateway invokes the function.
// https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
func (f *ExistingFunction) invokeArn() string {
	e := f.Environment
	return fmt.Sprintf("arn:%s:apigateway:%s:lambda:path/2015-03-31/functions/%s/invocations",
		e.Partition, e.Region, f.Arn)
}

// fingerprint returns the ARN by which API Gateway invokes the function.
func (f *ExistingFunction) fingerprint() pulumi.StringOutput {
	return pulumi.String(f.invokeArn()).ToStringOutput()
}

// integrate makes the integration a Lambda proxy integration.
func (f *ExistingFunction) integrate(_ string, integration *apigateway.IntegrationArgs) {
	integrateFunction(integration, pulumi.String(f.invokeArn()))
}

// binaryMediaTypes returns none, as for a Function.
func (f *ExistingFunction) binaryMediaTypes() pulumi.StringArrayInput { return nil }

// prepare registers the permission to invoke the function. It registers nothing
// for a function of another account, whose owner gives the permission.
func (f *ExistingFunction) prepare(s scope, api *apigateway.RestApi) ([]pulumi.Resource, error) {
	if f.Foreign() {
		return nil, nil
	}
	permission, err := lambda.NewPermission(s.ctx, s.name+"-permission", f.permission(sourceOf(api)), s.child)
	return []pulumi.Resource{permission}, err
}

// permission returns the permission of API Gateway to invoke the function, or its
// alias or version, for a source.
func (f *ExistingFunction) permission(source pulumi.StringInput) *lambda.PermissionArgs {
	name, qualifier := splitFunctionArn(f.Arn)
	args := invokePermission(pulumi.String(name), source)
	if qualifier != "" {
		args.Qualifier = pulumi.String(qualifier)
	}
	return args
}
