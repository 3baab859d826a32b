package components

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

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

// AwsProvider returns the provider of aws among some providers, or nil.
func AwsProvider(providers []pulumi.ProviderResource) pulumi.ProviderResource {
	for _, provider := range providers {
		if provider, ok := provider.(*aws.Provider); ok {
			return provider
		}
	}
	return nil
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
		S3UsEast1RegionalEndpoint:      c.text("s3UsEast1RegionalEndpoint"),
		S3UsePathStyle:                 c.flag("s3UsePathStyle"),
		SecretKey:                      c.text("secretKey"),
		SharedConfigFiles:              c.texts("sharedConfigFiles"),
		SharedCredentialsFiles:         c.texts("sharedCredentialsFiles"),
		SkipCredentialsValidation:      c.flag("skipCredentialsValidation"),
		SkipMetadataApiCheck:           c.flag("skipMetadataApiCheck"),
		SkipRegionValidation:           c.flag("skipRegionValidation"),
		SkipRequestingAccountId:        c.flag("skipRequestingAccountId"),
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
	if err := json.Unmarshal([]byte(text), into); err != nil {
		c.fail(key, "what the provider takes, as JSON", err)
	}
	return true
}

// fail remembers the first value that cannot be read, and what would be accepted.
func (c *providerConfig) fail(key, want string, err error) {
	text, _ := c.ctx.GetConfig("aws:" + key)
	if c.ctx.IsConfigSecret("aws:" + key) {
		text, err = "[secret]", nil
	}
	if c.err == nil {
		c.err = errors.Join(fmt.Errorf("aws:%s = %q: want %s", key, text, want), err)
	}
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
	var raw json.RawMessage
	if !c.value(key, &raw) {
		return nil
	}
	texts, err := DecodeTexts(string(raw))
	if err != nil {
		c.fail(key, "a list of texts", err)
	}
	return pulumi.ToStringArray(texts)
}

// DecodeTexts decodes a list in JSON. `pulumi config set --path` stores an account ID as a
// number, which counts as its text.
func DecodeTexts(list string) ([]string, error) {
	decoder := json.NewDecoder(strings.NewReader(list))
	decoder.UseNumber()
	var items []any
	if err := decoder.Decode(&items); err != nil {
		return nil, err
	}
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = fmt.Sprint(item)
	}
	return texts, nil
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
		output := c.output("defaultTags", tags).(aws.ProviderDefaultTagsOutput)
		args.DefaultTags = output.ToProviderDefaultTagsPtrOutput()
	}
	var ignored aws.ProviderIgnoreTags
	if c.value("ignoreTags", &ignored) {
		output := c.output("ignoreTags", ignored).(aws.ProviderIgnoreTagsOutput)
		args.IgnoreTags = output.ToProviderIgnoreTagsPtrOutput()
	}
	var endpoints []aws.ProviderEndpoint
	if c.value("endpoints", &endpoints) {
		args.Endpoints = c.output("endpoints", endpoints).(aws.ProviderEndpointArrayOutput)
	}
	var identity aws.ProviderAssumeRoleWithWebIdentity
	if c.value("assumeRoleWithWebIdentity", &identity) {
		output := c.output("assumeRoleWithWebIdentity", identity).(aws.ProviderAssumeRoleWithWebIdentityOutput)
		args.AssumeRoleWithWebIdentity = output.ToProviderAssumeRoleWithWebIdentityPtrOutput()
	}
}

// output returns an output of a value. It is secret if the key is.
func (c *providerConfig) output(key string, value any) pulumi.Output {
	if c.ctx.IsConfigSecret("aws:" + key) {
		return pulumi.ToSecret(value)
	}
	return pulumi.ToOutput(value)
}
