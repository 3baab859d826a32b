package policydoc

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// The resource is the API's own ARN, and the condition tests aws:SourceVpc
// against the ID of a VPC.
func TestInvokeFromVpcDeniesEveryOtherVpc(t *testing.T) {
	assert.JSONEq(t, `{
		"Version": "2012-10-17",
		"Statement": [
			{
				"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke",
				"Resource": "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/*",
				"Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-0123456789abcdef0"}}
			},
			{
				"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke",
				"Resource": "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/*"
			}
		]
	}`, InvokeFromVpc(
		"arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5", "vpc-0123456789abcdef0", Grant{Callers: Everyone},
	).JSON())
}

func TestInvokeFromVpcNamesTheCallers(t *testing.T) {
	assert.JSONEq(t, `{
		"Version": "2012-10-17",
		"Statement": [
			{
				"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "arn/*",
				"Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-1"}}
			},
			{
				"Effect": "Allow", "Principal": {"AWS": "arn:aws-cn:iam::123456789012:root"},
				"Action": "execute-api:Invoke", "Resource": "arn/*"
			}
		]
	}`, InvokeFromVpc("arn", "vpc-1", Grant{Callers: Account("aws-cn", "123456789012")}).JSON())
}

func TestInvokeFromEndpointDeniesEveryOtherEndpoint(t *testing.T) {
	assert.JSONEq(t, `{
		"Version": "2012-10-17",
		"Statement": [
			{
				"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke",
				"Resource": "arn:aws:execute-api:us-east-1:123456789012:/domainnames/*",
				"Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-0123456789abcdef0"}}
			},
			{
				"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke",
				"Resource": "arn:aws:execute-api:us-east-1:123456789012:/domainnames/*"
			}
		]
	}`, InvokeFromEndpoint("aws", "us-east-1", "123456789012", "vpce-0123456789abcdef0").JSON())
}

func TestInvokeThroughEndpointAllowsNothingElse(t *testing.T) {
	assert.JSONEq(t, `{
		"Version": "2012-10-17",
		"Statement": [{
			"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke",
			"Resource": ["arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/*", "other"]
		}]
	}`, InvokeThroughEndpoint(
		[]string{"arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5/*", "other"},
	).JSON())
}

func TestTrustHasNoResource(t *testing.T) {
	assert.JSONEq(t, `{
		"Version": "2012-10-17",
		"Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
	}`, Trust("lambda.amazonaws.com").JSON())
}

// Log delivery checks the bucket's ACL before it writes, and writes under the
// account's own prefix with the owner in control.
func TestLoadBalancersMayDeliverLogs(t *testing.T) {
	assert.JSONEq(t, `{
		"Version": "2012-10-17",
		"Statement": [
			{
				"Sid": "AWSLogDeliveryAclCheck", "Effect": "Allow",
				"Principal": {"Service": "delivery.logs.amazonaws.com"},
				"Action": "s3:GetBucketAcl", "Resource": "arn:aws:s3:::logs",
				"Condition": {
					"StringEquals": {"aws:SourceAccount": "123456789012"},
					"ArnLike": {"aws:SourceArn": "arn:aws:logs:us-east-1:123456789012:*"}
				}
			},
			{
				"Sid": "AWSLogDeliveryWrite", "Effect": "Allow",
				"Principal": {"Service": "delivery.logs.amazonaws.com"},
				"Action": "s3:PutObject", "Resource": "arn:aws:s3:::logs/AWSLogs/123456789012/*",
				"Condition": {
					"StringEquals": {"aws:SourceAccount": "123456789012", "s3:x-amz-acl": "bucket-owner-full-control"},
					"ArnLike": {"aws:SourceArn": "arn:aws:logs:us-east-1:123456789012:*"}
				}
			},
			{
				"Sid": "DenyPlainHttp", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
				"Resource": ["arn:aws:s3:::logs", "arn:aws:s3:::logs/*"],
				"Condition": {"Bool": {"aws:SecureTransport": "false"}}
			}
		]
	}`, LoadBalancerLogDelivery("arn:aws:s3:::logs", "aws", "us-east-1", "123456789012").JSON())
}

func TestOnlyNamedCallersInvokeSignedRoutes(t *testing.T) {
	caller := "arn:aws:iam::123456789012:role/orders"
	grants := []Grant{
		{Callers: Everyone, Routes: []string{"GET/health"}}, {Only: []string{caller}, Routes: []string{"*/a"}},
	}
	assert.JSONEq(t, `{"Version": "2012-10-17", "Statement": [
		{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": ["api/*/GET/health"]},
		{"Effect": "Deny", "Principal": "*", "Action": "execute-api:Invoke", "Resource": ["api/*/*/a"],
			"Condition": {"StringNotEquals": {"aws:PrincipalArn": ["arn:aws:iam::123456789012:role/orders"]}}},
		{"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::123456789012:role/orders"]},
			"Action": "execute-api:Invoke", "Resource": ["api/*/*/a"]}
	]}`, Invoke("api", grants...).JSON())
}
