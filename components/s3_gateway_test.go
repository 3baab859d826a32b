package components

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
)

func TestS3GatewayLeadsThePrivateSubnetsToTheRepositoriesOnly(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		_, err := NewS3Gateway(ctx, "web", &S3GatewayArgs{
			Environment: Environment{Region: "eu-west-1", Partition: "aws", ReverseDnsPrefix: "com.amazonaws"},
			VpcId:       pulumi.String("vpc-1"),
			Subnets:     subnetsOf("private", privates),
		})
		return err
	})
	endpoint := stack.Inputs(t, "web-s3")
	assert.Equal(t, []any{"Gateway", "com.amazonaws.eu-west-1.s3", "vpc-1"},
		pick(endpoint, "vpcEndpointType", "serviceName", "vpcId"))
	assert.Equal(t, []any{"table of private-a", "table of private-b"}, endpoint["routeTableIds"])
	assert.JSONEq(t, `{"Version": "2012-10-17", "Statement": [{
		"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
		"Resource": "arn:aws:s3:::al2023-repos-eu-west-1-de612dc2/*"
	}]}`, endpoint["policy"].(string))
}
