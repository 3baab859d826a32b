package provider

import (
	"fmt"
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"private-api-blueprints/sandbox/cloud"
)

// defaultTags returns the default tags in a provider's configuration.
func defaultTags(config resource.PropertyMap) (map[string]string, error) {
	settings, err := objectAt(config, "defaultTags")
	if err != nil || !settings["tags"].IsObject() {
		return nil, err
	}
	tags := map[string]string{}
	for name, value := range settings["tags"].ObjectValue() {
		if !value.IsString() {
			return nil, fmt.Errorf("defaultTags.tags.%s = %v: want a string", name, value)
		}
		tags[string(name)] = value.StringValue()
	}
	return tags, nil
}

// withDefaultTags returns the inputs of a resource with the default tags under its
// own, as pulumi-aws merges them when it checks inputs.
// https://www.pulumi.com/registry/packages/aws/api-docs/provider/#defaulttags_yaml
func withDefaultTags(kind *cloud.Kind, inputs resource.PropertyMap, tags map[string]string) resource.PropertyMap {
	given := inputs["tags"]
	if len(tags) == 0 || !kind.Accepts("tags") || given.ContainsUnknowns() && !given.IsObject() {
		return inputs
	}
	merged := resource.PropertyMap{}
	for name, value := range tags {
		merged[resource.PropertyKey(name)] = resource.NewProperty(value)
	}
	if given.IsObject() {
		maps.Copy(merged, given.ObjectValue())
	}
	inputs = maps.Clone(inputs)
	inputs["tags"] = resource.NewProperty(merged)
	return inputs
}
