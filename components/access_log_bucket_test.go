package components

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAccessLogBucketIsUsableOnlyOnceDeliveryMayWrite(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		args := &AccessLogBucketArgs{Environment: environment, RetentionDays: 90}
		bucket, err := NewAccessLogBucket(ctx, "logs", args)
		if err != nil {
			return err
		}
		_, err = ec2.NewVpc(ctx, "user-of-the-name", &ec2.VpcArgs{CidrBlock: bucket.Name}, pulumi.Parent(bucket))
		return err
	})
	assert.Contains(t, stack.Dependencies(t, "user-of-the-name"), "logs-delivery",
		"a load balancer must not be created before")
	assert.Contains(t, stack.Dependencies(t, "logs-delivery"), "logs-private",
		"S3 refuses two such changes at a time")
	assert.Contains(t, stack.Inputs(t, "logs-delivery")["policy"],
		`"Resource":"logs-bucket.arn/AWSLogs/123456789012/*"`)
	assert.Equal(t, map[string]any{
		"bucket": "logs-bucket.id", "blockPublicAcls": true, "blockPublicPolicy": true,
		"ignorePublicAcls": true, "restrictPublicBuckets": true,
	}, stack.Inputs(t, "logs-private"))
	rules := stack.Inputs(t, "logs-lifecycle")["rules"].([]any)
	require.Len(t, rules, 1)
	assert.Equal(t, map[string]any{"days": 90.0}, rules[0].(map[string]any)["expiration"])
}

func TestAccessLogsAreEncryptedWithTheirKeyFromTheFirstOneOn(t *testing.T) {
	stack := deploy(t, func(ctx *pulumi.Context) error {
		args := &AccessLogBucketArgs{Environment: environment, RetentionDays: 90, KmsKeyArn: "arn:key"}
		_, err := NewAccessLogBucket(ctx, "logs", args)
		return err
	})
	assert.Equal(t, []any{map[string]any{
		"applyServerSideEncryptionByDefault": map[string]any{"kmsMasterKeyId": "arn:key", "sseAlgorithm": "aws:kms"},
		"bucketKeyEnabled":                   true,
	}}, stack.Inputs(t, "logs-encryption")["rules"])
	assert.Contains(t, stack.Dependencies(t, "logs-delivery"), "logs-encryption", "nothing is delivered before")
}
