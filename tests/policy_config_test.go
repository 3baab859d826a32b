package tests

import (
	"fmt"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/apigateway"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

// TestStacksOfThisRepositoryTellCallersApartByTheirVpc previews a stack that works on AWS, with a policy that names an
// endpoint. By default the pack only advises against it.
func TestStacksOfThisRepositoryTellCallersApartByTheirVpc(t *testing.T) {
	for _, row := range []struct{ why, config, level string }{
		{"the pack's defaults", "", "advisory"},
		{"the configuration of this repository", absolute(t, "policy-config.json"), "mandatory"},
	} {
		t.Run(row.why, func(t *testing.T) {
			s := newStack(t)
			s.options.Program, s.options.PackConfig = apiOfOneEndpoint, row.config
			printed, err := s.run(preview)
			assert.Equal(t, row.level, violations(printed)["resource-policy-source-vpc"], printed)
			assert.Equal(t, row.level == "mandatory", err != nil, "only a mandatory violation fails the preview")
		})
	}
}

// apiOfOneEndpoint is a program that registers a private API whose policy admits one endpoint.
func apiOfOneEndpoint(ctx *pulumi.Context, _ map[string]string) error {
	vpc, err := ec2.NewVpc(ctx, "vpc", &ec2.VpcArgs{CidrBlock: pulumi.String("10.0.0.0/16")})
	if err != nil {
		return err
	}
	endpoint, err := ec2.NewVpcEndpoint(ctx, "endpoint", &ec2.VpcEndpointArgs{
		VpcId:           vpc.ID(),
		ServiceName:     pulumi.String("com.amazonaws.us-east-1.execute-api"),
		VpcEndpointType: pulumi.String("Interface"),
	})
	if err != nil {
		return err
	}
	api, err := apigateway.NewRestApi(ctx, "api", &apigateway.RestApiArgs{
		EndpointConfiguration: &apigateway.RestApiEndpointConfigurationArgs{Types: pulumi.String("PRIVATE")},
	})
	if err != nil {
		return err
	}
	_, err = apigateway.NewRestApiPolicy(ctx, "policy", &apigateway.RestApiPolicyArgs{
		RestApiId: api.ID(),
		Policy: endpoint.ID().ToStringOutput().ApplyT(func(id string) string {
			return fmt.Sprintf(`{"Version": "2012-10-17", "Statement": [
				{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"},
				{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*",
					"Condition": {"StringNotEquals": {"aws:SourceVpce": %q}}}
			]}`, id)
		}).(pulumi.StringOutput),
	})
	return err
}
