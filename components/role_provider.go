package components

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// NewRoleProvider registers a provider for the resources of another account. It
// assumes a role there with the stack's credentials, in one region. It gives
// resources the default tags of the stack's provider.
func NewRoleProvider(
	ctx *pulumi.Context, name, roleArn, region string, opts ...pulumi.ResourceOption,
) (pulumi.ProviderResource, error) {
	args := &aws.ProviderArgs{
		Region:     pulumi.String(region),
		AssumeRole: &aws.ProviderAssumeRoleArgs{RoleArn: pulumi.String(roleArn)},
	}
	if profile, given := ctx.GetConfig("aws:profile"); given {
		args.Profile = pulumi.String(profile)
	}
	tags, err := defaultTags(ctx)
	if err != nil {
		return nil, err
	}
	args.DefaultTags = tags
	return aws.NewProvider(ctx, name, args, opts...)
}

// defaultTags returns the default tags of the stack's own provider, or nil.
func defaultTags(ctx *pulumi.Context) (aws.ProviderDefaultTagsPtrInput, error) {
	text, given := ctx.GetConfig("aws:defaultTags")
	if !given {
		return nil, nil
	}
	var settings aws.ProviderDefaultTags
	if err := json.Unmarshal([]byte(text), &settings); err != nil {
		return nil, fmt.Errorf("aws:defaultTags = %q: want an object with tags: %w", text, err)
	}
	return &aws.ProviderDefaultTagsArgs{Tags: pulumi.ToStringMap(settings.Tags)}, nil
}
