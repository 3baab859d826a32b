package components

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NewRoleProvider registers a provider for the resources of another account. It
// assumes a role there with the stack's credentials, in one region. The provider
// has the settings of the stack's own provider, except `aws:assumeRole`: a
// provider assumes one role.
func NewRoleProvider(
	ctx *pulumi.Context, name, roleArn, region string, opts ...pulumi.ResourceOption,
) (pulumi.ProviderResource, error) {
	args, err := providerArgs(ctx)
	if err != nil {
		return nil, err
	}
	args.Region = pulumi.String(region)
	args.AssumeRole = &aws.ProviderAssumeRoleArgs{RoleArn: pulumi.String(roleArn)}
	return aws.NewProvider(ctx, name, args, opts...)
}

// providerArgs returns the settings of the stack's own provider.
// https://www.pulumi.com/registry/packages/aws/api-docs/provider/
func providerArgs(ctx *pulumi.Context) (*aws.ProviderArgs, error) {
	c := &providerConfig{ctx: ctx}
	args := &aws.ProviderArgs{
		AccessKey:                      c.text("accessKey"),
		AllowedAccountIds:              c.texts("allowedAccountIds"),
		CustomCaBundle:                 c.text("customCaBundle"),
		Ec2MetadataServiceEndpoint:     c.text("ec2MetadataServiceEndpoint"),
		Ec2MetadataServiceEndpointMode: c.text("ec2MetadataServiceEndpointMode"),
		ForbiddenAccountIds:            c.texts("forbiddenAccountIds"),
		HttpProxy:                      c.text("httpProxy"),
		HttpsProxy:                     c.text("httpsProxy"),
		Insecure:                       c.flag("insecure"),
		MaxRetries:                     c.number("maxRetries"),
		NoProxy:                        c.text("noProxy"),
		Profile:                        c.text("profile"),
		RetryMode:                      c.text("retryMode"),
		S3UsePathStyle:                 c.flag("s3UsePathStyle"),
		SecretKey:                      c.text("secretKey"),
		SharedConfigFiles:              c.texts("sharedConfigFiles"),
		SharedCredentialsFiles:         c.texts("sharedCredentialsFiles"),
		SkipCredentialsValidation:      c.flag("skipCredentialsValidation"),
		SkipMetadataApiCheck:           c.flag("skipMetadataApiCheck"),
		SkipRegionValidation:           c.flag("skipRegionValidation"),
		StsRegion:                      c.text("stsRegion"),
		Token:                          c.text("token"),
		TokenBucketRateLimiterCapacity: c.number("tokenBucketRateLimiterCapacity"),
		UseDualstackEndpoint:           c.flag("useDualstackEndpoint"),
		UseFipsEndpoint:                c.flag("useFipsEndpoint"),
	}
	c.addObjects(args)
	return args, c.err
}

// providerConfig reads the stack's configuration of the aws provider. A key that
// is absent gives nil, which leaves the choice to the provider.
type providerConfig struct {
	ctx *pulumi.Context
	err error // The first value that cannot be read.
}

// value decodes the value of a key into a variable. It reports whether there is one.
func (c *providerConfig) value(key string, into any) bool {
	text, given := c.ctx.GetConfig("aws:" + key)
	if !given {
		return false
	}
	if err := json.Unmarshal([]byte(text), into); err != nil && c.err == nil {
		if c.ctx.IsConfigSecret("aws:" + key) {
			text = "[secret]"
		}
		c.err = fmt.Errorf("aws:%s = %q: want JSON for %T: %w", key, text, into, err)
	}
	return true
}

func (c *providerConfig) text(key string) pulumi.StringPtrInput {
	text, given := c.ctx.GetConfig("aws:" + key)
	switch {
	case !given:
		return nil
	case c.ctx.IsConfigSecret("aws:" + key):
		return pulumi.ToSecret(pulumi.StringPtr(text)).(pulumi.StringPtrOutput)
	}
	return pulumi.String(text)
}

func (c *providerConfig) texts(key string) pulumi.StringArrayInput {
	var texts []string
	if !c.value(key, &texts) {
		return nil
	}
	return pulumi.ToStringArray(texts)
}

func (c *providerConfig) flag(key string) pulumi.BoolPtrInput {
	var flag bool
	if !c.value(key, &flag) {
		return nil
	}
	return pulumi.Bool(flag)
}

func (c *providerConfig) number(key string) pulumi.IntPtrInput {
	var number int
	if !c.value(key, &number) {
		return nil
	}
	return pulumi.Int(number)
}

// addObjects adds the settings that are objects. JSON names the fields of the SDK's
// types in another case, which encoding/json accepts.
func (c *providerConfig) addObjects(args *aws.ProviderArgs) {
	var tags aws.ProviderDefaultTags
	if c.value("defaultTags", &tags) {
		args.DefaultTags = pulumi.ToOutput(tags).(aws.ProviderDefaultTagsOutput).ToProviderDefaultTagsPtrOutput()
	}
	var ignored aws.ProviderIgnoreTags
	if c.value("ignoreTags", &ignored) {
		args.IgnoreTags = pulumi.ToOutput(ignored).(aws.ProviderIgnoreTagsOutput).ToProviderIgnoreTagsPtrOutput()
	}
	var endpoints []aws.ProviderEndpoint
	if c.value("endpoints", &endpoints) {
		args.Endpoints = pulumi.ToOutput(endpoints).(aws.ProviderEndpointArrayOutput)
	}
	var identity aws.ProviderAssumeRoleWithWebIdentity
	if c.value("assumeRoleWithWebIdentity", &identity) {
		args.AssumeRoleWithWebIdentity = pulumi.ToOutput(identity).(aws.ProviderAssumeRoleWithWebIdentityOutput).
			ToProviderAssumeRoleWithWebIdentityPtrOutput()
	}
}
