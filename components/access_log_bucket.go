package components

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"private-api-blueprints/internal/policydoc"
)

// AccessLogBucketArgs describes a bucket for a load balancer's access logs.
type AccessLogBucketArgs struct {
	Environment   Environment
	RetentionDays int  // After which logs are deleted.
	ForceDestroy  bool // Whether the bucket is deleted with the logs in it.
}

// AccessLogBucket is a private bucket that Network Load Balancers of this
// account and region can write their access logs to.
type AccessLogBucket struct {
	pulumi.ResourceState

	// Name of the bucket, known only once log delivery may write to it: ELB
	// refuses a bucket that it cannot write to.
	Name pulumi.StringOutput
}

var accessLogBucketType = typeToken("AccessLogBucket")

// NewAccessLogBucket registers the bucket, its policy and its lifecycle. S3
// encrypts with its own keys by default, which log delivery supports.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-access-logs.html
func NewAccessLogBucket(ctx *pulumi.Context, name string, args *AccessLogBucketArgs, opts ...pulumi.ResourceOption) (*AccessLogBucket, error) {
	c := &AccessLogBucket{}
	inputs := pulumi.Map{"retentionDays": pulumi.Int(args.RetentionDays)}
	if err := ctx.RegisterComponentResourceV2(accessLogBucketType, name, inputs, c, opts...); err != nil {
		return nil, err
	}
	child := pulumi.Parent(c)
	bucket, err := s3.NewBucketV2(ctx, name+"-bucket", &s3.BucketV2Args{ForceDestroy: pulumi.Bool(args.ForceDestroy)}, child)
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
	if _, err := s3.NewBucketLifecycleConfigurationV2(ctx, name+"-lifecycle", args.lifecycle(bucket), child); err != nil {
		return nil, failed("AccessLogBucket", name, "lifecycle", err)
	}
	// S3 refuses two of these changes to one bucket at a time.
	policy, err := s3.NewBucketPolicy(ctx, name+"-delivery", &s3.BucketPolicyArgs{
		Bucket: bucket.ID(),
		Policy: bucket.Arn.ApplyT(args.deliveryPolicy).(pulumi.StringOutput),
	}, child, pulumi.DependsOn([]pulumi.Resource{private}))
	if err != nil {
		return nil, failed("AccessLogBucket", name, "bucket policy", err)
	}
	c.Name = policy.Bucket
	return c, ctx.RegisterResourceOutputs(c, pulumi.Map{"name": c.Name})
}

func (args *AccessLogBucketArgs) deliveryPolicy(bucketArn string) string {
	e := args.Environment
	return policydoc.LoadBalancerLogDelivery(bucketArn, e.Partition, e.Region, e.AccountId).JSON()
}

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
