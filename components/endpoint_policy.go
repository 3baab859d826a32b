package components

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// EndpointPolicyArgs describes what clients may call through an execute-api
// endpoint. All fields except ApiIds are required.
type EndpointPolicyArgs struct {
	Environment Environment
	EndpointId  pulumi.StringInput
	// InvokeArns are the ARNs of APIs and private custom domain names of the
	// stack. See the outputs InvokeArn of PrivateRestApi and PrivateDomain.
	InvokeArns []pulumi.StringInput
	ApiIds     []string // The IDs of other APIs of the region, in any account.
}

// EndpointPolicy is the policy of an execute-api endpoint, which leads to some
// APIs and to no others:
//
//	client, Host: one of the APIs ──▶ endpoint ──▶ that API
//	client, Host: any other API ────▶ endpoint ──▶ 403
//
// Without it, whoever reaches the endpoint can call every private API whose
// resource policy admits the endpoint's VPC, in any account. It is separate from
// ExecuteApiEndpoint, because an API names its endpoint.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html
type EndpointPolicy struct {
	pulumi.ResourceState
	childTracker
}

const endpointPolicyType = typePrefix + "EndpointPolicy"

// NewEndpointPolicy registers the policy. An endpoint has one policy, so a stack
// registers at most one for an endpoint.
func NewEndpointPolicy(
	ctx *pulumi.Context, name string, args *EndpointPolicyArgs, opts ...pulumi.ResourceOption,
) (*EndpointPolicy, error) {
	c := &EndpointPolicy{}
	inputs := pulumi.Map{"endpointId": args.EndpointId, "apiIds": pulumi.ToStringArray(args.ApiIds)}
	err := ctx.RegisterComponentResourceV2(endpointPolicyType, name, inputs, c, append(opts, c.track())...)
	if err != nil {
		return nil, err
	}
	policy := &ec2.VpcEndpointPolicyArgs{VpcEndpointId: args.EndpointId, Policy: args.policy()}
	if _, err := ec2.NewVpcEndpointPolicy(ctx, name+"-policy", policy, pulumi.Parent(c)); err != nil {
		return nil, failed("EndpointPolicy", name, "policy", err)
	}
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{})
}

// policy returns the policy, with the ARNs in their order. An ID says nothing
// about its API's account, so the ARN of such an API has any account.
func (args *EndpointPolicyArgs) policy() pulumi.StringOutput {
	arns := pulumi.StringArray{}
	arns = append(arns, args.InvokeArns...)
	for _, id := range args.ApiIds {
		arn := fmt.Sprintf("arn:%s:execute-api:%s:*:%s/*", args.Environment.Partition, args.Environment.Region, id)
		arns = append(arns, pulumi.String(arn))
	}
	return arns.ToStringArrayOutput().ApplyT(func(arns []string) string {
		return policydoc.InvokeThroughEndpoint(arns).JSON()
	}).(pulumi.StringOutput)
}
