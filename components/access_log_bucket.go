package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// AccessLogBucketArgs describes a bucket for the access logs of load balancers.
// All fields except ForceDestroy and KmsKeyArn are required.
type AccessLogBucketArgs struct {
	Environment   Environment
	RetentionDays int  // Days until logs are deleted.
	ForceDestroy  bool // Whether the bucket is deleted together with the logs in it.
	// KmsKeyArn is a key that encrypts the logs, and that log delivery may use. Empty for
	// the keys of S3.
	KmsKeyArn string
}

// AccessLogBucket is a private bucket that Network Load Balancers of this
// account and region can write their access logs to. It costs the storage of the
// logs.
type AccessLogBucket struct {
	pulumi.ResourceState

	// Name of the bucket. It becomes known only once log delivery may write to the
	// bucket, because ELB refuses a bucket that it cannot write to.
	Name pulumi.StringOutput
}

const accessLogBucketType = typePrefix + "AccessLogBucket"

// NewAccessLogBucket registers the bucket, its policy and its lifecycle. S3
// encrypts with its own keys by default, which log delivery supports.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
func NewAccessLogBucket(
	ctx *pulumi.Context, name string, args *AccessLogBucketArgs, opts ...pulumi.ResourceOption,
) (*AccessLogBucket, error) {
	c := &AccessLogBucket{}
	inputs := pulumi.Map{"retentionDays": pulumi.Int(args.RetentionDays)}
	if err := ctx.RegisterComponentResourceV2(accessLogBucketType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	forceDestroy := &s3.BucketV2Args{ForceDestroy: pulumi.Bool(args.ForceDestroy)}
	bucket, err := s3.NewBucketV2(ctx, name+"-bucket", forceDestroy, child)
	if err != nil {
		return nil, failed("AccessLogBucket", name, "bucket", err)
	}
	private, err := s3.NewBucketPublicAccessBlock(ctx, name+"-private", &s3.BucketPublicAccessBlockArgs{
		Bucket:                bucket.ID(),
		BlockPublicAcls:       pulumi.Bool(true),
		BlockPublicPolicy:     pulumi.Bool(true),
		IgnorePublicAcls:      pulumi.Bool(true),
		RestrictPublicBuckets: pulumi.Bool(true),
	}, child)
	if err != nil {
		return nil, failed("AccessLogBucket", name, "public access block", err)
	}
	_, err = s3.NewBucketLifecycleConfigurationV2(ctx, name+"-lifecycle", args.lifecycle(bucket), child)
	if err != nil {
		return nil, failed("AccessLogBucket", name, "lifecycle", err)
	}
	ready := []pulumi.Resource{private}
	if args.KmsKeyArn != "" {
		encryption, err := args.newEncryption(ctx, name, bucket, child, dependsOn(ready))
		if err != nil {
			return nil, failed("AccessLogBucket", name, "encryption", err)
		}
		ready = append(ready, encryption)
	}
	// Depends on the access block, because S3 refuses two such changes to one
	// bucket at a time. Depends on the encryption, so that it applies to all logs.
	policy, err := s3.NewBucketPolicy(ctx, name+"-delivery", &s3.BucketPolicyArgs{
		Bucket: bucket.ID(),
		Policy: bucket.Arn.ApplyT(args.deliveryPolicy).(pulumi.StringOutput),
	}, child, dependsOn(ready))
	if err != nil {
		return nil, failed("AccessLogBucket", name, "bucket policy", err)
	}
	c.Name = policy.Bucket
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"name": c.Name})
}

// newEncryption registers the key that encrypts what is put into the bucket. With a
// bucket key, S3 asks KMS less often, which costs less.
func (args *AccessLogBucketArgs) newEncryption(
	ctx *pulumi.Context, name string, bucket *s3.BucketV2, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	rule := &s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
		ApplyServerSideEncryptionByDefault: &encryptionByDefault{
			KmsMasterKeyId: pulumi.String(args.KmsKeyArn), SseAlgorithm: pulumi.String("aws:kms"),
		},
		BucketKeyEnabled: pulumi.Bool(true),
	}
	return s3.NewBucketServerSideEncryptionConfigurationV2(ctx, name+"-encryption",
		&s3.BucketServerSideEncryptionConfigurationV2Args{
			Bucket: bucket.ID(), Rules: s3.BucketServerSideEncryptionConfigurationV2RuleArray{rule},
		}, opts...)
}

// encryptionByDefault has a shorter name than the SDK's.
type encryptionByDefault = s3.BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs

// deliveryPolicy returns the policy that lets log delivery write to the bucket.
func (args *AccessLogBucketArgs) deliveryPolicy(bucketArn string) string {
	e := args.Environment
	return policydoc.LoadBalancerLogDelivery(bucketArn, e.Partition, e.Region, e.AccountId).JSON()
}

// lifecycle returns the rule that deletes old logs.
func (args *AccessLogBucketArgs) lifecycle(bucket *s3.BucketV2) *s3.BucketLifecycleConfigurationV2Args {
	return &s3.BucketLifecycleConfigurationV2Args{
		Bucket: bucket.ID(),
		Rules: s3.BucketLifecycleConfigurationV2RuleArray{&s3.BucketLifecycleConfigurationV2RuleArgs{
			Id:         pulumi.String("expire"),
			Status:     pulumi.String("Enabled"),
			Filter:     &s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")},
			Expiration: &s3.BucketLifecycleConfigurationV2RuleExpirationArgs{Days: pulumi.Int(args.RetentionDays)},
		}},
	}
}
