package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

// helloFunction returns the arguments of a function in a network, which may be
// nil.
func helloFunction(network *FunctionNetwork) *FunctionArgs {
	return &FunctionArgs{
		Partition:        "aws",
		Archive:          "hello.zip",
		Runtime:          "provided.al2023",
		Handler:          "bootstrap",
		Architecture:     "arm64",
		MemorySize:       128,
		TimeoutSeconds:   10,
		LogRetentionDays: 30,
		Network:          network,
	}
}

func TestFunctionOfAnArchiveLogsToItsOwnGroup(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		_, err := NewFunction(ctx, "hello", helloFunction(nil))
		return err
	})
	function := stack.Inputs(t, "hello-function")
	assert.Equal(t, []any{"provided.al2023", []any{"arm64"}, "bootstrap"},
		pick(function, "runtime", "architectures", "handler"))
	assert.Equal(t, map[string]any{"logFormat": "JSON", "logGroup": "hello-logs.name"}, function["loggingConfig"])
	assert.Contains(t, stack.Inputs(t, "hello-role")["assumeRolePolicy"], "lambda.amazonaws.com")
	assert.Equal(t, "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
		stack.Inputs(t, "hello-policy")["policyArn"])
	assert.Contains(t, stack.Dependencies(t, "hello-function"), "hello-policy",
		"otherwise the first invocations log nothing")
}

func TestFunctionInAVpcComesAfterResourcesWithFixedAddresses(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		endpoint, err := newEndpoint(ctx)
		if err != nil {
			return err
		}
		role, err := NewVpcFunctionRole(ctx, "hello", "aws")
		if err != nil {
			return err
		}
		_, err = NewFunction(ctx, "hello", helloFunction(&FunctionNetwork{
			Subnets:         subnetsOf("private", privates),
			SecurityGroupId: pulumi.String("sg-1"),
			Role:            role,
			Ipv6:            true,
			DependsOn:       []pulumi.Resource{endpoint},
		}))
		return err
	})
	assert.Subset(t, stack.Dependencies(t, "hello-function"), []string{"endpoint-vpce", "hello-policy"},
		"AWS could otherwise give the function an address of the endpoint")
	assert.Equal(t, map[string]any{
		"subnetIds": []any{"private-a", "private-b"}, "securityGroupIds": []any{"sg-1"},
		"ipv6AllowedForDualStack": true,
	}, stack.Inputs(t, "hello-function")["vpcConfig"])
	assert.Equal(t, "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
		stack.Inputs(t, "hello-policy")["policyArn"], "otherwise Lambda cannot create network interfaces")
}

func TestFunctionOfAnImageHasNoArchive(t *testing.T) {
	const image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/orders:1.4"
	stack := deploy(t, func(ctx *pulumi.Context) error {
		args := helloFunction(nil)
		args.ImageUri, args.Architecture = image, "x86_64"
		_, err := NewFunction(ctx, "orders", args)
		return err
	})
	function := stack.Inputs(t, "orders-function")
	assert.Equal(t, []any{"Image", image, []any{"x86_64"}}, pick(function, "packageType", "imageUri", "architectures"))
	for _, key := range []string{"code", "runtime", "handler"} {
		assert.NotContains(t, function, key)
	}
}
