package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

func TestEndpointPolicyAdmitsNoApiThatItDoesNotName(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		domain, err := NewPrivateDomain(ctx, "domain", customDomain(), pulumi.String("vpce-1"))
		if err != nil {
			return err
		}
		_, err = NewEndpointPolicy(ctx, "endpoint", &EndpointPolicyArgs{
			Environment: environment,
			EndpointId:  pulumi.String("vpce-1"),
			InvokeArns:  []pulumi.StringInput{pulumi.String("api.arn/*"), domain.InvokeArn},
			ApiIds:      []string{"a1b2c3d4e5"},
		})
		return err
	})
	policy := stack.Inputs(t, "endpoint-policy")
	assert.Equal(t, "vpce-1", policy["vpcEndpointId"])
	assert.JSONEq(t, `{
		"Version": "2012-10-17",
		"Statement": [{
			"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke",
			"Resource": [
				"api.arn/*",
				"arn:aws:execute-api:us-east-1:123456789012:/domainnames/api.example.com+domain-domain.domainNameId",
				"arn:aws:execute-api:us-east-1:*:a1b2c3d4e5/*"
			]
		}]
	}`, policy["policy"].(string))
}
